import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packExtension } from '../../scripts/lib/pack-extension.ts';
import { ROOT } from '../../scripts/lib/project.ts';
import { l10nBundle } from '../../scripts/vscode-l10n.ts';
import { hostScripts } from '../support/vscode/host-scripts.ts';

const EXTENSION = join(ROOT, 'extensions/vscode');
const manifest = JSON.parse(readFileSync(join(EXTENSION, 'package.json'), 'utf8'));

/** kB, minified. */
const kilobytes = (files: readonly string[]) => files.reduce((sum, file) => sum + statSync(file).size, 0) / 1000;

describe('the package of the VS Code extension', () => {
  it('holds what its manifest allows, in 500 kB', async () => {
    const vsix = await packExtension();
    expect(statSync(vsix).size).toBeLessThanOrEqual(500_000);
    // The panel decides itself into which parts it falls.
    const isPart = (name: string) => /^extension\/dist\/(?:webview\/[\w-]+\.js|host\/[\w-]+\.cjs)$/.test(name);
    const names = namesIn(readFileSync(vsix)).sort();
    expect(names.filter(isPart)).toContain('extension/dist/webview/panel.js');
    expect(names.filter((name) => !isPart(name))).toEqual([
      '[Content_Types].xml',
      'extension.vsixmanifest',
      'extension/LICENSE.txt',
      'extension/changelog.md',
      'extension/dist/extension.cjs',
      'extension/dist/extension.web.cjs',
      'extension/dist/prices.json',
      'extension/dist/services.cjs',
      'extension/dist/webview/panel.css',
      'extension/l10n/bundle.l10n.json',
      'extension/media/icon.png',
      'extension/media/patchbay.svg',
      'extension/package.json',
      'extension/package.nls.json',
      'extension/readme.md',
    ]);
    // What the page loads before it shows anything: its script, and what that imports.
    const panel = join(EXTENSION, 'dist/webview/panel.js');
    const imported = [...readFileSync(panel, 'utf8').matchAll(/\bfrom\s*["'`]\.\/([\w-]+\.js)["'`]/g)];
    expect(imported.map(([, name]) => name)).toContain('react.js');
    const page = [panel, ...imported.map(([, name]) => join(EXTENSION, 'dist/webview', name as string))];
    expect(kilobytes(page)).toBeLessThanOrEqual(350);
    // The worker host has no Node: nothing of it may be asked for.
    const worker = readFileSync(join(EXTENSION, 'dist/extension.web.cjs'), 'utf8');
    expect([...worker.matchAll(/require\(["'`]([^"'`]+)/g)].map((match) => match[1])).toEqual(['vscode']);
  });

  it('has the Node host read 200 kB at most when it is activated, and the rest when it is needed', async () => {
    await packExtension();
    const activation = hostScripts('extension.cjs');
    expect(activation.length).toBeGreaterThan(1);
    expect(kilobytes(activation)).toBeLessThanOrEqual(200);
    // What it promises to be without before somebody uses it.
    const code = activation.map((file) => readFileSync(file, 'utf8')).join('');
    expect(code).not.toContain('node:sqlite');
    expect(code).not.toContain('chat.completion');
    // A ceiling for what the first use reads, before the first message brings the dialects.
    expect(kilobytes(hostScripts('services.cjs', 'extension.cjs'))).toBeLessThanOrEqual(240);
  });

  it('has the worker host, which can load one script only, read all at once', async () => {
    await packExtension();
    // There is nothing to put off: this is a ceiling for what has to come over the network, not a budget that was met.
    expect(kilobytes([join(EXTENSION, 'dist/extension.web.cjs')])).toBeLessThanOrEqual(440);
  });
});

describe('its manifest', () => {
  const nls = JSON.parse(readFileSync(join(EXTENSION, 'package.nls.json'), 'utf8'));
  const text = JSON.stringify(manifest);
  const commands: readonly string[] = manifest.contributes.commands.map(({ command }: { command: string }) => command);

  it('has words for every key, and no key without words', () => {
    const used = [...text.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(nls).sort());
  });

  it('has every text of the code in its bundle for translators', () => {
    expect(readFileSync(join(EXTENSION, 'l10n/bundle.l10n.json'), 'utf8')).toBe(l10nBundle());
  });

  it('names only commands that it contributes, in menus and keys', () => {
    const { menus, keybindings } = manifest.contributes;
    const named = [...Object.values(menus).flat(), ...keybindings] as readonly { command?: string }[];
    const unknown = named.flatMap(({ command }) =>
      command === undefined || commands.includes(command) ? [] : [command],
    );
    expect(unknown).toEqual([]);
  });

  it('keeps its promises to the platform', () => {
    expect(manifest.engines.vscode).toBe('^1.106.0');
    expect(manifest.devDependencies['@types/vscode']).toBe('1.106.0');
    expect(manifest.activationEvents).toEqual(['onUri']);
    expect(manifest.extensionKind).toEqual(['ui', 'workspace']);
    expect(manifest.capabilities).toMatchObject({
      virtualWorkspaces: true,
      untrustedWorkspaces: { supported: 'limited' },
    });
    expect(manifest.enabledApiProposals).toBeUndefined();
    expect(manifest.dependencies).toBeUndefined();
  });

  it('has entries of under 60 lines', () => {
    for (const entry of ['extension.ts', 'extension.web.ts']) {
      expect(readFileSync(join(EXTENSION, 'src', entry), 'utf8').split('\n').length).toBeLessThan(60);
    }
  });
});

/** Names in a zip's central directory, which stands at its end. */
function namesIn(zip: Buffer): string[] {
  let end = zip.length - 22;
  while (zip.readUInt32LE(end) !== 0x06054b50) end -= 1;
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    const [name, extra, comment] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    const text = zip.toString('utf8', at + 46, at + 46 + name);
    at += 46 + name + extra + comment;
    return text;
  });
}
