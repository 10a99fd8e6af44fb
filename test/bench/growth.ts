import { patchbay } from './decoder.ts';
import { bodyOf, paired, round } from './harness.ts';
import { progress, type Row } from './suite.ts';
import { chunksOf, toolCallWire } from './wire.ts';

/** A flat row is linear: one tool call of ever more deltas, and one ever longer `data` line in small reads. */
export async function growthSuite(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const deltas of [1_000, 10_000, 100_000]) {
    progress(`growth: one tool call in ${deltas} deltas`);
    const chunks = chunksOf(toolCallWire(deltas).events, 'one event a read');
    const micros = await cost(chunks);
    rows.push({
      peer: 'patchbay',
      dialect: 'openai-chat',
      what: `one tool call, ${deltas} deltas`,
      microsPerDelta: round(micros / deltas, 2),
    });
  }
  for (const kib of [256, 1_024, 4_096]) {
    progress(`growth: one line of ${kib} KiB`);
    const line = `data: {"choices":[{"index":0,"delta":{"content":"${'x'.repeat(kib * 1_024)}"},"finish_reason":"stop"}]}\n\n`;
    const all = new TextEncoder().encode(line);
    const chunks = Array.from({ length: Math.ceil(all.length / 1_024) }, (_, n) =>
      all.slice(n * 1_024, (n + 1) * 1_024),
    );
    const micros = await cost(chunks);
    rows.push({
      peer: 'patchbay',
      dialect: 'openai-chat',
      what: `one line, ${kib} KiB in reads of 1 KiB`,
      microsPerKiB: round(micros / kib, 2),
    });
  }
  return rows;
}

async function cost(chunks: readonly Uint8Array[]): Promise<number> {
  const run = () => patchbay(bodyOf(chunks), () => {});
  const { subject } = await paired(run, run, 5);
  return subject;
}
