import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brokenArrow, type Import } from '../../scripts/arrows.ts';

const root = join(import.meta.dirname, '../..');

function sources(): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'packages', 'extensions'], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter(
      (file) => /\/src\/.*\.tsx?$/.test(file) && !/\.(test|testing)\.tsx?$/.test(file) && !/\/testing\//.test(file),
    );
}

const STATEMENT =
  /(?:^|\n)\s*(import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

function importsOf(file: string): Import[] {
  const named = (path: string) => path.replace(/^(?:packages|extensions)\/([a-z]+)\/src\//, '$1/');
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(STATEMENT)].map((match) => {
    const target = (match[3] ?? match[4]) as string;
    return {
      from: named(file),
      to: target.startsWith('.') ? named(posix.normalize(posix.join(dirname(file), target))) : target,
      typeOnly: match[2] !== undefined,
    };
  });
}

describe('arrows', () => {
  it('point one way only', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(20);
    const broken = files.flatMap((file) =>
      importsOf(file).flatMap((one) => {
        const why = brokenArrow(one);
        return why ? [`${one.from} -> ${one.to}: ${why}`] : [];
      }),
    );
    expect(broken).toEqual([]);
  });

  it.each([
    ['core/chat/event.ts', 'core/spending/money.ts', false],
    ['core/dialects/openai-chat/encode.ts', 'core/catalog/parse.ts', true],
    ['core/transport/sse.ts', 'core/providers/openai.ts', false],
    ['core/gateway.ts', 'core/endpoint/openai.ts', false],
    ['core/catalog/parse.ts', 'node:fs', false],
    ['core/catalog/parse.ts', 'zod', false],
    ['chat/ui/panel.tsx', '@patchbay/core', true],
    ['chat/ui/panel.tsx', 'chat/host/host.ts', true],
    ['chat/contract/messages.ts', 'chat/host/host.ts', true],
    ['stores/indexeddb/ledger.ts', '@patchbay/chat', true],
    ['browser/platform/a.ts', 'vscode/common/b.ts', false],
  ])('refuses %s -> %s', (from, to, typeOnly) => {
    expect(brokenArrow({ from, to, typeOnly })).toBeTypeOf('string');
  });

  it.each([
    ['core/gateway.ts', 'core/spending/money.ts', false],
    ['core/dialects/openai-chat/encode.ts', 'core/catalog/model.ts', true],
    ['core/dialects/openai-chat/decode.ts', 'core/chat/event.ts', true],
    ['chat/ui/panel.tsx', 'chat/contract/index.ts', true],
    ['chat/host/host.ts', '@patchbay/core', false],
    ['browser/platform/a.ts', '@patchbay/stores/indexeddb', false],
  ])('allows %s -> %s', (from, to, typeOnly) => {
    expect(brokenArrow({ from, to, typeOnly })).toBeUndefined();
  });
});
