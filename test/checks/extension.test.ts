import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildExtension, type Target } from '../../scripts/lib/build-extension.ts';
import { ROOT } from '../../scripts/lib/project.ts';

const TARGETS: readonly Target[] = ['chrome', 'firefox'];

interface Manifest {
  readonly manifest_version: number;
  readonly permissions: readonly string[];
  readonly host_permissions?: readonly string[];
  readonly optional_host_permissions: readonly string[];
  readonly content_scripts?: unknown;
  readonly web_accessible_resources?: unknown;
  readonly externally_connectable?: unknown;
  readonly content_security_policy?: unknown;
  readonly icons: Readonly<Record<string, string>>;
  readonly side_panel?: { readonly default_path: string };
  readonly sidebar_action?: { readonly default_panel: string; readonly open_at_install: boolean };
  readonly browser_specific_settings?: {
    readonly gecko: {
      readonly id: string;
      readonly strict_min_version: string;
      readonly data_collection_permissions: { readonly required: readonly string[] };
    };
  };
}

const folders = {} as Record<Target, string>;
const manifests = {} as Record<Target, Manifest>;
beforeAll(async () => {
  for (const target of TARGETS) {
    folders[target] = await buildExtension(target);
    manifests[target] = JSON.parse(readFileSync(join(folders[target], 'manifest.json'), 'utf8')) as Manifest;
  }
});

/** Files that a page loads before it can do anything: its scripts and everything they import statically. */
function startOf(target: Target, page: string): readonly string[] {
  const folder = folders[target];
  const html = readFileSync(join(folder, page), 'utf8');
  const waiting = [...html.matchAll(/<(?:script|link)[^>]+(?:src|href)="\/?([^"]+\.js)"/g)].map(
    (match) => match[1] as string,
  );
  const seen = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const code = readFileSync(join(folder, file), 'utf8');
    for (const match of code.matchAll(/(?:\bfrom|\bimport)\s*["'](\.[^"']+\.js)["']/g)) {
      waiting.push(posix.join(dirname(file), match[1] as string));
    }
  }
  return [...seen];
}

const kilobytes = (target: Target, files: readonly string[]) =>
  files.reduce((sum, file) => sum + statSync(join(folders[target], file)).size, 0) / 1000;

describe('what the extension may do', () => {
  it.each([
    ['chrome', ['sidePanel', 'storage', 'unlimitedStorage']],
    ['firefox', ['storage', 'unlimitedStorage']],
  ] as const)('asks %s for nothing but storage and its own panel', (target, permissions) => {
    const manifest = manifests[target];
    expect(manifest.manifest_version).toBe(3);
    expect([...manifest.permissions].sort()).toEqual(permissions);
    expect(manifest.host_permissions ?? []).toEqual([]);
    expect(manifest.optional_host_permissions).toEqual(['https://*/*', 'http://*/*']);
    expect(manifest.content_scripts).toBeUndefined();
    expect(manifest.web_accessible_resources).toBeUndefined();
    expect(manifest.externally_connectable).toBeUndefined();
    // The browser's default for extension pages (own scripts alone) is left as it is.
    expect(manifest.content_security_policy).toBeUndefined();
  });

  it('has a side panel in Chromium and a sidebar in Firefox that does not open by itself', () => {
    expect(manifests.chrome.side_panel?.default_path).toBe('sidepanel.html');
    expect(manifests.firefox.sidebar_action).toMatchObject({ default_panel: 'sidepanel.html', open_at_install: false });
    expect(manifests.firefox.browser_specific_settings?.gecko).toMatchObject({
      id: expect.stringContaining('@'),
      strict_min_version: '142.0',
      data_collection_permissions: { required: expect.arrayContaining(['personalCommunications']) },
    });
  });

  it.each(TARGETS)('carries every icon it names (%s)', (target) => {
    for (const icon of Object.values(manifests[target].icons))
      expect(existsSync(join(folders[target], icon))).toBe(true);
  });
});

describe('what the extension weighs', () => {
  it.each(TARGETS)('starts its panel with at most 350 kB of script (%s)', (target) => {
    const files = startOf(target, 'sidepanel.html');
    expect(files.length).toBeGreaterThan(0);
    expect(kilobytes(target, files)).toBeLessThanOrEqual(350);
  });

  it.each(TARGETS)('loads no script into a page from elsewhere, and none inline (%s)', (target) => {
    for (const page of readdirSync(folders[target]).filter((file) => file.endsWith('.html'))) {
      const html = readFileSync(join(folders[target], page), 'utf8');
      for (const [tag, attributes = ''] of html.matchAll(/<script\b([^>]*)>/g)) {
        expect(attributes, tag).toMatch(/\bsrc="\/[^/]/);
      }
      expect(html).not.toMatch(/\son[a-z]+="/);
    }
  });
});

describe('how the extension starts', () => {
  it('paints its panel from static markup, before any script', () => {
    const html = readFileSync(join(folders.chrome, 'sidepanel.html'), 'utf8');
    const shell = /<div id="root"[^>]*>([\s\S]*?)<\/body>/.exec(html)?.[1] ?? '';
    // The bar and the field to write in, which takes what is typed before the script is there.
    expect(shell).toContain('Patchbay');
    expect(shell).toMatch(/<textarea data-composer/);
    expect(html.indexOf('rel="stylesheet"')).toBeGreaterThan(0);
    // Modules run after the document is parsed; a classic script would hold the painting up.
    for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag).toContain('type="module"');
  });

  it('keeps its entry points thin', () => {
    const folder = join(ROOT, 'extensions/browser/src/entrypoints');
    const lines = readFileSync(join(folder, 'background.ts'), 'utf8').split('\n').length;
    expect(lines).toBeLessThan(40);
  });
});
