import { createDecoder, createFold } from '@patchbay/core';
import type { DialectName } from '../../packages/core/src/providers/provider.ts';
import { readEvents } from '../../packages/core/src/transport/read-events.ts';
import { GROWTH_WIRES, type GrowthWire } from './growth-wire.ts';
import { bodyOf, cpuMicros, inTurns, median, round } from './harness.ts';
import { progress, type Row } from './suite.ts';

const ROUNDS = 7;
const DELTAS = [1_000, 10_000, 100_000] as const;
const KIBIBYTES = [64, 256, 1_024] as const;
/** Bytes of one read of a line that takes many. */
const READ = 1_024;

const encoder = new TextEncoder();

/**
 * A flat column is linear: one tool call of ever more deltas, and one `data` line that grows to a megabyte in small
 * reads, in every dialect.
 */
export async function growthSuite(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [name, wire] of Object.entries(GROWTH_WIRES)) {
    const dialect = name as DialectName;
    progress(`growth: ${dialect}, one tool call`);
    rows.push(...(await measure(dialect, 'deltas of one tool call', DELTAS, (count) => callReads(wire, count))));
    progress(`growth: ${dialect}, one line`);
    rows.push(...(await measure(dialect, 'KiB in one line', KIBIBYTES, (count) => lineReads(wire, count * 1_024))));
  }
  return rows;
}

const callReads = (wire: GrowthWire, deltas: number) =>
  [...wire.toolCall(deltas)].map((event) => encoder.encode(event));

function lineReads(wire: GrowthWire, length: number): Uint8Array[] {
  const all = encoder.encode([...wire.oneLine('x'.repeat(length))].join(''));
  return Array.from({ length: Math.ceil(all.length / READ) }, (_, n) => all.slice(n * READ, (n + 1) * READ));
}

/** All lengths take turns, so that a row says the same on a busy machine. */
async function measure(
  dialect: DialectName,
  what: string,
  lengths: readonly number[],
  readsOf: (length: number) => readonly Uint8Array[],
): Promise<readonly Row[]> {
  const reads = new Map(lengths.map((length) => [String(length), readsOf(length)]));
  const took = await inTurns(
    lengths.map(String),
    (length) => cpuMicros(() => readToEnd(dialect, reads.get(length) ?? [])),
    ROUNDS,
  );
  const each = (length: number) => median(took[String(length)] as readonly number[]) / length;
  return lengths.map((length) => ({
    ...{ peer: 'patchbay', dialect, what, count: length, microsEach: round(each(length), 2) },
    // Short answers pay for their beginning too, so a linear row falls.
    growth: round(each(length) / each(lengths[0] as number), 2),
  }));
}

async function readToEnd(dialect: DialectName, reads: readonly Uint8Array[]): Promise<void> {
  const fold = createFold();
  for await (const batch of readEvents(bodyOf(reads), createDecoder(dialect))) fold.push(batch);
  const { finish, parts } = fold.answer();
  if (!finish || finish.failure || parts.length === 0) {
    throw new Error(`${dialect} did not read its wire: ${JSON.stringify(finish ?? 'no finish').slice(0, 300)}`);
  }
}
