import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/project.ts';

const SOURCES = join(ROOT, 'extensions/vscode/src');
const BUNDLE = join(ROOT, 'extensions/vscode/l10n/bundle.l10n.json');

/** Every text that the extension's code hands to `l10n.t`, as the bundle that a translation starts from. */
export function l10nBundle(): string {
  const texts = new Set<string>();
  for (const file of readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file) || /\.test\./.test(file)) continue;
    const source = readFileSync(join(SOURCES, file), 'utf8');
    for (const [, quoted = ''] of source.matchAll(/l10n\.t\(\s*'((?:[^'\\]|\\.)*)'/g)) {
      texts.add(quoted.replace(/\\(.)/g, '$1'));
    }
  }
  return `${JSON.stringify(Object.fromEntries([...texts].sort().map((text) => [text, text])), null, 2)}\n`;
}

if (import.meta.main) writeFileSync(BUNDLE, l10nBundle());
