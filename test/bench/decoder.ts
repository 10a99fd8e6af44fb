import { createDecoder } from '@patchbay/core';
import { readEvents } from '../../packages/core/src/transport/read-events.ts';
import { bodyOf, geometricMean, paired, round } from './harness.ts';
import { progress, type Row } from './suite.ts';
import { CHUNKINGS, chunksOf, openAiWire, openRouterWire } from './wire.ts';

const DELTAS = 10_000;
const ROUNDS = 31;

type Body = ReadableStream<Uint8Array>;

/**
 * The bare bound: a reader, one streaming `TextDecoder`, a split by `indexOf`, `JSON.parse`, and one callback. It reads
 * what this wire looks like on a good day and knows of nothing that can go wrong.
 */
async function hand(body: Body, onText: (text: string) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let carry = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    carry += decoder.decode(value, { stream: true });
    let from = 0;
    for (let to = carry.indexOf('\n'); to !== -1; to = carry.indexOf('\n', from)) {
      if (carry.startsWith('data: {', from)) {
        const content = JSON.parse(carry.slice(from + 6, to)).choices[0]?.delta?.content;
        if (content) onText(content);
      }
      from = to + 1;
    }
    if (from > 0) carry = carry.slice(from);
  }
}

/** The product's own path: batches of events, one a read. */
export async function patchbay(body: Body, onText: (text: string) => void): Promise<void> {
  for await (const batch of readEvents(body, createDecoder('openai-chat'))) {
    for (const event of batch) if (event.type === 'text') onText(event.text);
  }
}

/** CPU time of decoding a text stream, beside the bare bound, for each wire and chunking. */
export async function decoderSuite(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [wire, sample] of [
    ['openai', openAiWire(DELTAS)],
    ['openrouter', openRouterWire(DELTAS)],
  ] as const) {
    for (const chunking of CHUNKINGS) {
      progress(`decoder: ${wire}, ${chunking}`);
      const chunks = chunksOf(sample.events, chunking);
      const run = (peer: typeof hand) => async () => {
        let characters = 0;
        await peer(bodyOf(chunks), (text) => {
          characters += text.length;
        });
        if (characters !== sample.characters) throw new Error(`${peer.name} lost text of the ${wire} wire.`);
      };
      const { ratio, subject, bare } = await paired(run(hand), run(patchbay), ROUNDS);
      rows.push({
        peer: 'patchbay',
        dialect: 'openai-chat',
        wire,
        chunking,
        ratioToBare: round(ratio, 3),
        microsPerDelta: round(subject / DELTAS, 2),
        bareMicrosPerDelta: round(bare / DELTAS, 2),
      });
    }
  }
  progress(
    `decoder: geometric mean ${geometricMean(rows.map((row) => Number(row.ratioToBare))).toFixed(3)} × the bare bound`,
  );
  return rows;
}
