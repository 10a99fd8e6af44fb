import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOutside, parseFromPage } from './webview-protocol.ts';

describe('parseFromPage', () => {
  it.each([
    { type: 'connect', connection: 'a-1' },
    { type: 'message', connection: 'a-1', message: { anything: true } },
    { type: 'shown', conversationId: 'c-1' },
    { type: 'open', url: 'https://example.org/' },
    { type: 'save', name: 'patchbay export.json', text: '{}' },
    { type: 'save', name: 'audio.wav', base64: 'UklGRg==' },
    { type: 'code', action: 'apply', code: 'x', language: 'ts' },
  ])('takes $type', (message) => {
    expect(parseFromPage({ ...message, extra: 1 })).toEqual(message);
  });

  it.each([
    undefined,
    null,
    'connect',
    [],
    { type: 'connect', connection: '../x' },
    { type: 'connect', connection: 'x'.repeat(65) },
    { type: 'shown', conversationId: { id: 1 } },
    { type: 'message', message: {} },
    { type: 'open', url: 'command:workbench.action.quit' },
    { type: 'open', url: 'file:///etc/passwd' },
    { type: 'open', url: 'vscode://x/y' },
    { type: 'open', url: 'java\nscript:alert(1)' },
    { type: 'save', name: '../../x', text: '' },
    { type: 'save', name: 'a/b', text: '' },
    { type: 'save', name: 'a/b', base64: '' },
    { type: 'save', name: 'a', base64: 'no base64' },
    { type: 'save', name: 'a' },
    { type: 'code', action: 'run', code: 'rm', language: '' },
    { type: 'code', action: 'apply', code: 1, language: '' },
    { type: 'eval', code: 'x' },
    { type: '__proto__' },
  ])('does nothing with %j', (message) => {
    expect(parseFromPage(message)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (message) => {
        const parsed = parseFromPage(message);
        expect(parsed === undefined || typeof parsed.type === 'string').toBe(true);
      }),
    );
  });
});

describe('isOutside', () => {
  it('knows the web and mail, and nothing else', () => {
    expect(isOutside('mailto:a@example.org')).toBe(true);
    expect(isOutside('HTTP://example.org')).toBe(true);
    expect(isOutside('//example.org')).toBe(false);
    expect(isOutside('data:text/html,x')).toBe(false);
  });
});
