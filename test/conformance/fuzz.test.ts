import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { createDecoder, createFold, type DecoderEvent } from '@patchbay/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DialectName } from '../../packages/core/src/providers/provider.ts';
import { bytesOf } from './mutations.ts';
import { recordedTest, streamsOf } from './recordings.ts';

/** How many random streams each dialect is fed; `npm run test:fuzz` makes them 100,000. */
const STREAMS = Number(process.env.PATCHBAY_FUZZ ?? 300);
/** How many cases of what is nearer to an answer, and dearer to make. */
const CASES = Math.max(300, Math.floor(STREAMS / 10));
/** One case takes about a millisecond. */
const TIMEOUT_MS = 60_000 + 20 * STREAMS;
/** Most that a decoder may say for one byte that it read: an event's own words, and an index that grows a list. */
const WORDS_PER_BYTE = 64;

const DIALECTS_FOLDER = resolve(import.meta.dirname, '../../packages/core/src/dialects');

const dialects = readdirSync(DIALECTS_FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name as DialectName);

/** What any decoder must hold to, whatever it is fed. */
function holds(
  dialect: DialectName,
  reads: readonly Uint8Array[],
  cause?: { kind: 'aborted' } | { kind: 'reset' },
): void {
  const decoder = createDecoder(dialect, { provider: 'Acme', model: 'one', maxLineBytes: 4_096 });
  const events: DecoderEvent[] = [];
  for (const read of reads) events.push(...decoder.push(read));
  events.push(...decoder.end(cause));

  expect(events.filter(({ type }) => type === 'finish')).toHaveLength(1);
  expect(events.at(-1)?.type).toBe('finish');
  expect(decoder.push(bytesOf('data: {}\n\n'))).toEqual([]);
  expect(decoder.end()).toEqual([]);
  for (const event of events) {
    if ('part' in event) expect(Number.isSafeInteger(event.part) && event.part >= 0).toBe(true);
    if (event.type === 'text' || event.type === 'reasoning')
      expect(typeof event.text === 'string' && event.text !== '').toBe(true);
    if (event.type === 'tool-call-end') expect(typeof JSON.parse(event.arguments)).toBe('object');
    if (event.type === 'finish' && event.failure) {
      expect(event.failure.message).toMatch(/\S/);
      // A decoder's own exception, caught at its edge, is a fault all the same.
      expect(event.failure.detail ?? '').not.toMatch(/(?:Type|Range|Reference)Error|Cannot read/);
    }
  }
  const fed = reads.reduce((sum, read) => sum + read.length, 0);
  expect(JSON.stringify(events).length).toBeLessThanOrEqual(4_096 + WORDS_PER_BYTE * fed);
  const fold = createFold();
  fold.push(events);
  expect(() => structuredClone(fold.answer())).not.toThrow();
}

const cuts = fc.array(fc.nat({ max: 2_000 }), { maxLength: 12 });

/** The same bytes in reads that end at these places. */
function readsAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => Math.min(place, bytes.length)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((to, n) => bytes.slice(at[n], to));
}

/** Fragments of everything that means something on some wire. */
const FRAGMENTS = [
  'data: ',
  'data:',
  'event: error',
  'event: ',
  'error: ',
  ': ',
  'id: ',
  '\n',
  '\n\n',
  '\r',
  '\r\n',
  '[DONE]',
  '{',
  '}',
  '[',
  ']',
  ',',
  '"',
  '\\',
  ':',
  '{"choices":[{"delta":{"content":"',
  '"}}]}',
  '"finish_reason":"stop"',
  '{"error":{"message":"x"}}',
  '<think>',
  '</think>',
  'null',
  '0',
  '\ufeff',
  '🧵',
  '\ud83d',
  '{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{',
  '<!doctype html>',
];

/** Names of fields that decoders look at. */
const FIELDS = [
  'choices',
  'delta',
  'message',
  'content',
  'text',
  'thinking',
  'reasoning',
  'reasoning_content',
  'reasoning_details',
  'tool_calls',
  'function',
  'function_call',
  'name',
  'arguments',
  'id',
  'index',
  'type',
  'usage',
  'prompt_tokens',
  'completion_tokens',
  'cost',
  'error',
  'code',
  'metadata',
  'raw',
  'finish_reason',
  'native_finish_reason',
  'refusal',
  'annotations',
  'url_citation',
  'url',
  'images',
  'image_url',
  'citations',
  'search_results',
  'model',
  'provider',
  'x_groq',
  'extra_content',
  'content_block',
  'partial_json',
  'signature',
  'stop_reason',
  'candidates',
  'parts',
  'functionCall',
  'args',
  'usageMetadata',
  'item',
  'output',
  'response',
  'output_index',
  '__proto__',
  'constructor',
  'data',
  'summary',
  'detail',
  'details',
];

const { value: jsonOfTheirs } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      1.5,
      1e300,
      '',
      'x',
      'error',
      'stop',
      'tool_calls',
      'text',
      '{"a":1}',
      '{"a',
      'reasoning.text',
      'data:image/png;base64,AA',
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

/** Where each dialect's recordings are; what speaks to nobody outside reads the crowd's. */
const FOLDERS: Partial<Record<DialectName, string>> = {
  'anthropic-messages': 'anthropic-messages',
  cohere: 'cohere-v2',
  gemini: 'gemini',
  'openai-responses': 'openai-responses',
};

/** A payload in its frame, under its name where its wire names it. */
function framed(payload: string): string {
  const type = /^\{"type":"([\w.-]+)"/.exec(payload)?.[1];
  return `${type === undefined ? '' : `event: ${type}\n`}data: ${payload}\n\n`;
}

/** `stream` without `cut` bytes from `at` on, and with `put` in their place. */
function spliced(stream: Uint8Array, at: number, cut: number, put: Uint8Array): Uint8Array {
  const rest = stream.subarray(at + cut);
  const out = new Uint8Array(at + put.length + rest.length);
  out.set(stream.subarray(0, at));
  out.set(put, at);
  out.set(rest, at + put.length);
  return out;
}

describe.each(dialects)('%s takes whatever comes', { timeout: TIMEOUT_MS }, (dialect) => {
  it('random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), cuts, (bytes, places) => holds(dialect, readsAt(bytes, places))),
      { numRuns: STREAMS },
    );
  });

  it('fragments of every wire in any order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 60 }),
        cuts,
        fc.constantFrom(undefined, { kind: 'aborted' } as const, { kind: 'reset' } as const),
        (pieces, places, cause) => holds(dialect, readsAt(bytesOf(pieces.join('')), places), cause),
      ),
      { numRuns: CASES },
    );
  });

  it('JSON of the right names and the wrong types', () => {
    const shell = fc.tuple(
      jsonOfTheirs,
      fc.constantFrom('choices', 'delta', 'whole', 'type', 'none'),
      fc.constantFrom('', 'error', 'message_start', 'x'),
    );
    const kinds = [
      'content_block_start',
      'content_block_delta',
      'message_delta',
      'response.output_item.added',
      'response.completed',
      'tool-call-start',
      'message-end',
    ];
    fc.assert(
      fc.property(fc.array(shell, { maxLength: 8 }), fc.boolean(), (values, done) => {
        const frames = values.map(([value, form, event], n) => {
          const wrapped =
            form === 'choices'
              ? { choices: [value] }
              : form === 'delta'
                ? { choices: [{ delta: value, finish_reason: n % 3 === 0 ? 'stop' : null }] }
                : form === 'whole'
                  ? { choices: [{ message: value }] }
                  : form === 'type'
                    ? { type: kinds[n % kinds.length], index: 0, ...(typeof value === 'object' ? value : { value }) }
                    : value;
          return `${event ? `event: ${event}\n` : ''}data: ${JSON.stringify(wrapped)}\n\n`;
        });
        holds(dialect, [bytesOf(frames.join('') + (done ? 'data: [DONE]\n\n' : ''))]);
      }),
      { numRuns: CASES },
    );
  });

  recordedTest('recorded streams with bytes changed, lost, doubled and swapped', () => {
    const streams = streamsOf(`vercel-ai/${FOLDERS[dialect] ?? 'openai-chat'}`)
      .map(({ payloads }) => bytesOf(payloads.slice(0, 30).map(framed).join('')))
      .filter((bytes) => bytes.length < 20_000);
    expect(streams.length).toBeGreaterThan(0);
    const change = fc.tuple(
      fc.constantFrom('set', 'drop', 'double', 'insert'),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.nat({ max: 255 }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...streams),
        fc.array(change, { minLength: 1, maxLength: 12 }),
        cuts,
        (stream, changes, places) => {
          let bytes = stream;
          for (const [how, where, byte] of changes) {
            const at = Math.floor(where * bytes.length);
            if (how === 'set') bytes = spliced(bytes, at, 1, Uint8Array.of(byte));
            else if (how === 'insert') bytes = spliced(bytes, at, 0, Uint8Array.of(byte));
            else if (how === 'drop') bytes = spliced(bytes, at, byte, new Uint8Array());
            else bytes = spliced(bytes, at, 0, bytes.subarray(at, at + byte));
          }
          holds(dialect, readsAt(bytes, places));
        },
      ),
      { numRuns: CASES },
    );
  });
});
