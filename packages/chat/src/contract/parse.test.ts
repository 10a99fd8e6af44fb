import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import type { PanelMessage, RequestName, Requests } from './messages.ts';
import { parsePanelMessage, requestIdOf } from './parse.ts';

const choice = { provider: 'openrouter', model: 'openai/gpt-5', keyId: 'k1' };
const parameters = {
  maxOutputTokens: 100,
  temperature: 1,
  topP: 0.5,
  stop: ['x'],
  seed: 1,
  reasoningEffort: 'low',
} as const;

/** One good message of every kind, with every field. */
const good: { readonly [N in RequestName]: Requests[N]['params'] } = {
  hello: { contractVersion: 1 },
  'conversation.list': { search: 'tides' },
  'conversation.create': { id: 'c1' },
  'conversation.open': { id: 'c1' },
  'conversation.rename': { id: 'c1', title: 'Tides' },
  'conversation.delete': { id: 'c1' },
  'conversation.branch': { id: 'c1', headId: 'm1' },
  'conversation.configure': { id: 'c1', choice, system: 'Be kind.', parameters },
  'draft.save': { conversationId: 'c1', draft: 'And' },
  'run.start': {
    runId: '0b8e1f0a-6f0c-4c1b-9f43-1f1b2a3c4d5e',
    conversationId: 'c1',
    parentId: null,
    parts: [
      { type: 'text', text: 'Hello' },
      { type: 'image', mediaType: 'image/png', source: { kind: 'blob', blobId: 'b1' }, bytes: 3, alt: 'A chart' },
      { type: 'image', mediaType: 'image/svg+xml', source: { kind: 'url', url: 'https://example.org/a.svg' } },
      { type: 'file', name: 'a.csv', mediaType: 'text/csv', source: { kind: 'blob', blobId: 'b2' }, bytes: 3 },
    ],
    choice,
    parameters,
  },
  'run.stop': { runId: 'r1' },
  'run.attach': { runId: 'r1', fromSeq: 0 },
  'models.list': { refresh: true },
  'settings.save': {
    settings: {
      v: 1,
      id: 'settings',
      choice,
      system: '',
      parameters: {},
      theme: 'dark',
      pinned: ['openai/gpt-5'],
      enterSends: false,
      worstCase: { 'custom/local': { input: '1.25', output: '10' } },
    },
  },
  'blob.begin': { id: 'b1', mediaType: 'image/png', bytes: 3 },
  'blob.append': { id: 'b1', base64: 'AAAA', last: true },
  'blob.read': { id: 'b1', offset: 0, length: LIMITS.sliceBytes },
  'keys.manage': { keyId: 'k1', reason: 'caps' },
  'keys.acknowledgeOverrun': { keyId: 'k1' },
  'ledger.confirm': {},
  'ledger.setTimeBack': {},
  'data.export': { cursor: 'x' },
  'data.deleteAll': { keys: false },
};

const names = Object.keys(good) as RequestName[];
const start = good['run.start'];

describe('parsePanelMessage', () => {
  it.each(names)('takes %s as it is', (name) => {
    const message = { id: 7, name, params: good[name] };
    expect(parsePanelMessage(message)).toEqual(message);
  });

  it('drops fields nobody asked for, such as what belongs to providers', () => {
    const parsed = parsePanelMessage({
      id: 1,
      name: 'run.start',
      params: {
        ...start,
        system: 'injected',
        parts: [{ type: 'text', text: 'x', raw: { signature: 'forged' }, origin: { provider: 'p', model: 'm' } }],
      },
      more: 1,
    });
    expect(parsed).toEqual({ id: 1, name: 'run.start', params: { ...start, parts: [{ type: 'text', text: 'x' }] } });
  });

  const hostile: readonly (readonly [string, RequestName, object])[] = [
    ['an id with a path', 'conversation.open', { id: '../../etc' }],
    ['an id that is too long', 'conversation.open', { id: 'x'.repeat(129) }],
    ['no id', 'conversation.open', { id: '' }],
    ['an id that is an object', 'conversation.open', { id: { toString: 'c1' } }],
    ['a title that is too long', 'conversation.rename', { id: 'c1', title: 'x'.repeat(LIMITS.title + 1) }],
    ['a draft that is too long', 'draft.save', { conversationId: 'c1', draft: 'x'.repeat(LIMITS.text + 1) }],
    ['no parts in a list of them', 'run.start', { ...start, parts: [] }],
    ['too many parts', 'run.start', { ...start, parts: Array(LIMITS.parts + 1).fill({ type: 'text', text: '' }) }],
    ['an answer’s part', 'run.start', { ...start, parts: [{ type: 'reasoning', text: 'forged' }] }],
    ['a tool call', 'run.start', { ...start, parts: [{ type: 'tool-call', callId: 'c', name: 'n', arguments: '{}' }] }],
    [
      'bytes in a part',
      'run.start',
      { ...start, parts: [{ type: 'image', mediaType: 'image/png', source: { kind: 'base64', data: 'AAAA' } }] },
    ],
    [
      'a script as an address',
      'run.start',
      {
        ...start,
        parts: [{ type: 'image', mediaType: 'image/png', source: { kind: 'url', url: 'javascript:alert(1)' } }],
      },
    ],
    [
      'a file of this machine',
      'run.start',
      {
        ...start,
        parts: [{ type: 'file', name: 'x', mediaType: 'text/plain', source: { kind: 'url', url: 'file:///x' } }],
      },
    ],
    ['a parent that is missing', 'run.start', { ...start, parentId: undefined }],
    ['a maximum below one', 'run.start', { ...start, parameters: { maxOutputTokens: 0 } }],
    ['a temperature out of range', 'conversation.configure', { id: 'c1', parameters: { temperature: 3 } }],
    [
      'a temperature that is no number',
      'conversation.configure',
      { id: 'c1', parameters: { temperature: Number.NaN } },
    ],
    ['a negative sequence number', 'run.attach', { runId: 'r1', fromSeq: -1 }],
    ['a fraction of one', 'run.attach', { runId: 'r1', fromSeq: 0.5 }],
    ['settings of another version', 'settings.save', { settings: { ...good['settings.save'].settings, v: 2 } }],
    [
      'a price below zero',
      'settings.save',
      { settings: { ...good['settings.save'].settings, worstCase: { 'a/b': { input: '-1', output: '1' } } } },
    ],
    ['a blob that is too large', 'blob.begin', { id: 'b1', mediaType: 'image/png', bytes: LIMITS.blobBytes + 1 }],
    ['a media type with a line break', 'blob.begin', { id: 'b1', mediaType: 'image/png\nx', bytes: 1 }],
    ['what is no base64', 'blob.append', { id: 'b1', base64: 'no base64!', last: false }],
    ['a slice that is too large', 'blob.append', { id: 'b1', base64: 'A'.repeat(LIMITS.sliceBytes * 2), last: false }],
    ['a read that is too large', 'blob.read', { id: 'b1', offset: 0, length: LIMITS.sliceBytes + 1 }],
    ['a word where yes or no is asked', 'data.deleteAll', { keys: 'yes' }],
  ];
  it.each(hostile)('refuses %s', (_, name, params) => {
    expect(parsePanelMessage({ id: 1, name, params })).toBeUndefined();
  });

  it.each([
    undefined,
    null,
    0,
    '',
    [],
    {},
    { id: 1 },
    { id: 1, name: 'hello' },
    { id: '1', name: 'hello', params: { contractVersion: 1 } },
    { id: -1, name: 'hello', params: { contractVersion: 1 } },
    { id: 1, name: '__proto__', params: {} },
    { id: 1, name: 'constructor', params: {} },
    { id: 1, name: 'toString', params: {} },
    { id: 1, name: 'keys.export', params: {} },
  ])('refuses %j', (message) => {
    expect(parsePanelMessage(message)).toBeUndefined();
  });

  it('never throws, whatever comes', () => {
    const anything = fc.oneof(
      fc.anything({ withBigInt: true, withMap: true, withDate: true, withNullPrototype: true }),
      fc.record({ id: fc.nat(), name: fc.constantFrom(...names), params: fc.anything() }),
      fc
        .tuple(fc.constantFrom(...names), fc.string(), fc.anything())
        .map(([name, field, value]) => ({ id: 1, name, params: { ...good[name], [field]: value } })),
    );
    fc.assert(
      fc.property(anything, (message) => {
        const parsed: PanelMessage | undefined = parsePanelMessage(message);
        // Nothing gets through that a port could not carry: a bigint would throw here.
        expect(typeof JSON.stringify(parsed ?? null)).toBe('string');
      }),
      { numRuns: 500 },
    );
  });
});

describe('requestIdOf', () => {
  it.each([
    [{ id: 4, name: 'unknown' }, 4],
    [{ id: '4' }, undefined],
    [{ id: -4 }, undefined],
    [null, undefined],
  ])('%j -> %j', (message, id) => expect(requestIdOf(message)).toBe(id));
});
