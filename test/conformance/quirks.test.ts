import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { QUIRKS, UNCOVERED } from './quirks.ts';

const ROOT = resolve(import.meta.dirname, '../..');

const TEXTS = new Map(
  QUIRKS.flatMap(({ quirks }) => Object.entries(quirks).map(([number, text]) => [Number(number), text])),
);

function files(...patterns: string[]): string[] {
  return execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...patterns], { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && !file.startsWith('test/conformance/quirks'))
    .sort();
}

/** Numbers after the word: `quirk 42`, `quirks 36, 37`, `quirks 1–57 and 130`; a range of more than eight is no citation. */
function cited(text: string): number[] {
  return [...text.matchAll(/quirks? (\d+(?:(?:[–-]|, (?:quirk )?| and )\d+)*)/g)].flatMap(([, list = '']) =>
    list.split(/, (?:quirk )?| and /).flatMap((one) => {
      const [from = 0, to = from] = one.split(/[–-]/).map(Number);
      return to - from > 8 ? [] : Array.from({ length: to - from + 1 }, (_, n) => from + n);
    }),
  );
}

/** Names of tests, and of cases in tables of them (`*.testing.ts`), that cite quirks: by number, as `file: name`. */
function coverage(): ReadonlyMap<number, readonly string[]> {
  const covered = new Map<number, string[]>();
  const patterns = ['packages/*.test.ts', 'packages/*.test.tsx', 'packages/*.testing.ts', 'test/*.test.ts'];
  for (const file of files(...patterns, 'extensions/*.test.ts')) {
    const source = readFileSync(resolve(ROOT, file), 'utf8').replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');
    for (const [, , name = ''] of source.matchAll(
      /(['"`])((?:(?!\1)[^\\\n]|\\.)*?quirks? \d(?:(?!\1)[^\\\n]|\\.)*)\1/g,
    )) {
      for (const number of cited(name)) {
        const tests = covered.get(number) ?? [];
        tests.push(`${file}: ${name.replace(/\\(.)/g, '$1')}`);
        covered.set(number, tests);
      }
    }
  }
  return covered;
}

/** The files that these tests are in, each by its name and its folder's. */
function shown(tests: readonly string[]): string {
  const named = new Set(tests.map((test) => test.slice(0, test.indexOf(': ')).replace(/^.*\/(?=[^/]+\/[^/]+$)/, '')));
  return [...named].join(', ');
}

/** A Markdown table as the formatter would write it: columns of one width. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`;
  const [head = [], ...rest] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

function table(): string {
  const covered = coverage();
  const sections = QUIRKS.map(({ title, dialect, quirks }) => {
    const rows = Object.entries(quirks).map(([number, text]) => [
      number,
      text,
      dialect,
      shown(covered.get(Number(number)) ?? []) || `none: ${UNCOVERED[Number(number)] ?? 'no reason told'}`,
    ]);
    return `## ${title}\n\n${aligned([['quirk', 'what happens', 'dialect', 'tests that name it'], ...rows])}`;
  });
  return `${[
    '# Quirks of providers’ wire formats',
    'A number such as `quirk 42` in a comment or in a test’s name means the line with that number here. The texts stand in\n`quirks.ts`; the last column is read from the names of the tests. Every run of the tests brings this file up to date; with\n`CI` set it fails instead.',
    ...sections,
  ].join('\n\n')}\n`;
}

describe('quirks', () => {
  it('are all numbered, without gaps', () => {
    expect([...TEXTS.keys()]).toEqual(Array.from({ length: 259 }, (_, n) => n + 1));
  });

  it('cited anywhere are known here', () => {
    const unknown = files('packages/*.ts', 'packages/*.tsx', 'extensions/*.ts', 'test/*.ts').flatMap((file) =>
      cited(readFileSync(resolve(ROOT, file), 'utf8'))
        .filter((number) => !TEXTS.has(number))
        .map((number) => `${file}: ${number}`),
    );
    expect(unknown).toEqual([]);
  });

  it('of the transport and of OpenAI’s chat each have a test that names them', () => {
    const covered = coverage();
    const needed = Array.from({ length: 57 }, (_, n) => n + 1);
    expect(needed.filter((number) => !covered.has(number))).toEqual([]);
  });

  it('are covered but for a few, each of which has its reason', () => {
    const covered = coverage();
    const uncovered = [...TEXTS.keys()].filter((number) => !covered.has(number));
    expect(TEXTS.size - uncovered.length).toBeGreaterThanOrEqual(220);
    expect(uncovered.filter((number) => UNCOVERED[number] === undefined)).toEqual([]);
    expect(Object.keys(UNCOVERED).filter((number) => covered.has(Number(number)))).toEqual([]);
  });

  it('are listed in the README as they are tested now', () => {
    const path = resolve(import.meta.dirname, 'README.md');
    const now = table();
    const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
    if (before === now) return;
    if (process.env.CI) expect.fail('test/conformance/README.md is out of date: run the tests and commit it.');
    writeFileSync(path, now);
    console.warn('test/conformance/README.md was brought up to date: commit it.');
  });
});
