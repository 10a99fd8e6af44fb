import { createDecoder } from '@patchbay/core';
import type { DialectName } from '../../packages/core/src/providers/provider.ts';
import { readEvents } from '../../packages/core/src/transport/read-events.ts';
import { bodyOf, geometricMean, paired, round } from './harness.ts';
import { progress, type Row } from './suite.ts';
import {
  anthropicWire,
  CHUNKINGS,
  chunksOf,
  cohereWire,
  geminiWire,
  openAiWire,
  openRouterWire,
  responsesWire,
  type WireSample,
} from './wire.ts';

const DELTAS = 10_000;
const ROUNDS = 31;

type Body = ReadableStream<Uint8Array>;

type OnText = (text: string) => void;

/** Where the text of one event is on each wire, on a good day. */
const TEXTS: Readonly<Record<string, (json: string, onText: OnText) => void>> = {
  'openai-chat': (json, onText) => {
    const content = JSON.parse(json).choices[0]?.delta?.content;
    if (content) onText(content);
  },
  'anthropic-messages': (json, onText) => {
    const event = JSON.parse(json);
    if (event.type === 'content_block_delta') onText(event.delta.text);
  },
  'openai-responses': (json, onText) => {
    const event = JSON.parse(json);
    if (event.type === 'response.output_text.delta') onText(event.delta);
  },
  gemini: (json, onText) => {
    const text = JSON.parse(json).candidates[0]?.content?.parts?.[0]?.text;
    if (text) onText(text);
  },
  cohere: (json, onText) => {
    const event = JSON.parse(json);
    if (event.type === 'content-delta') onText(event.delta.message.content.text);
  },
};

/**
 * The bare bound: a reader, one streaming `TextDecoder`, a split by `indexOf`, `JSON.parse`, and one callback. It reads
 * what this wire looks like on a good day and knows of nothing that can go wrong.
 */
async function hand(body: Body, onText: OnText, onJson: (json: string, onText: OnText) => void): Promise<void> {
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
        onJson(carry.slice(from + 6, to), onText);
      }
      from = to + 1;
    }
    if (from > 0) carry = carry.slice(from);
  }
}

/** The product's own path: batches of events, one a read. */
export async function patchbay(body: Body, onText: OnText, dialect: DialectName = 'openai-chat'): Promise<void> {
  for await (const batch of readEvents(body, createDecoder(dialect))) {
    for (const event of batch) if (event.type === 'text') onText(event.text);
  }
}

/** CPU time of decoding a text stream, beside the bare bound, for each wire and chunking. */
export async function decoderSuite(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const wires: readonly (readonly [string, DialectName, WireSample])[] = [
    ['openai', 'openai-chat', openAiWire(DELTAS)],
    ['openrouter', 'openai-chat', openRouterWire(DELTAS)],
    ['responses', 'openai-responses', responsesWire(DELTAS)],
    ['anthropic', 'anthropic-messages', anthropicWire(DELTAS)],
    ['gemini', 'gemini', geminiWire(DELTAS)],
    ['cohere', 'cohere', cohereWire(DELTAS)],
  ];
  for (const [wire, dialect, sample] of wires) {
    for (const chunking of CHUNKINGS) {
      progress(`decoder: ${wire}, ${chunking}`);
      const chunks = chunksOf(sample.events, chunking);
      const onJson = TEXTS[dialect];
      if (!onJson) throw new Error(`There is no bare bound for ${dialect}.`);
      const run = (peer: (body: Body, onText: OnText) => Promise<void>) => async () => {
        let characters = 0;
        await peer(bodyOf(chunks), (text) => {
          characters += text.length;
        });
        if (characters !== sample.characters) throw new Error(`Text of the ${wire} wire was lost.`);
      };
      const { ratio, subject, bare } = await paired(
        run((body, onText) => hand(body, onText, onJson)),
        run((body, onText) => patchbay(body, onText, dialect)),
        ROUNDS,
      );
      rows.push({
        peer: 'patchbay',
        dialect,
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
