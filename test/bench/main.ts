import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Row, Suite } from './suite.ts';

/** Every suite by name: the file that holds it, and what it is called there. */
const SUITES: Readonly<Record<string, { readonly file: string; readonly export: string }>> = {
  decoder: { file: './decoder.ts', export: 'decoderSuite' },
  growth: { file: './growth.ts', export: 'growthSuite' },
  memory: { file: './memory.ts', export: 'memorySuite' },
  ledger: { file: './ledger.ts', export: 'ledgerSuite' },
  panel: { file: './panel.ts', export: 'panelSuite' },
  markdown: { file: './markdown.ts', export: 'markdownSuite' },
  vscode: { file: './vscode.ts', export: 'vscodeSuite' },
};

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const json = process.argv.includes('--json');

const unknown = asked.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  fail(`There is no suite called ${unknown.join(', ')}. There are: ${Object.keys(SUITES).join(', ')}.`);
  process.exit();
}

const results: Record<string, readonly Row[]> = {};
for (const name of asked.length > 0 ? asked : Object.keys(SUITES)) {
  try {
    results[name] = await (await load(name))();
    if (!json) process.stdout.write(`\n${name}\n${table(results[name])}\n`);
  } catch (error) {
    fail(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
if (json) process.stdout.write(`${JSON.stringify(results)}\n`);

async function load(name: string): Promise<Suite> {
  const { file, export: called } = SUITES[name] as (typeof SUITES)[string];
  const url = new URL(file, import.meta.url);
  if (!existsSync(fileURLToPath(url)))
    throw new Error(`the suite is not there: test/bench/${file.slice(2)} is missing.`);
  const suite = ((await import(url.href)) as Record<string, unknown>)[called];
  if (typeof suite !== 'function') throw new Error(`test/bench/${file.slice(2)} exports no ${called}().`);
  return suite as Suite;
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

/** Columns in the order in which rows first name them; numbers to the right. */
function table(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => (line[index] as string).length)));
  const numeric = columns.map((column) => rows.every((row) => typeof (row[column] ?? 0) === 'number'));
  return cells
    .map((line) =>
      line
        .map((cell, index) =>
          numeric[index] ? cell.padStart(widths[index] as number) : cell.padEnd(widths[index] as number),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
