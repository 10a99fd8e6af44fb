import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createDecoder, createFold, type DecoderEvent } from '@patchbay/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DialectName } from '../../packages/core/src/providers/provider.ts';
import { bytesOf } from './mutations.ts';
import { RECORDINGS, streamsOf } from './recordings.ts';

/** How many cases each property tries; `PATCHBAY_FUZZ=20000` for a long run. */
const RUNS = Number(process.env.PATCHBAY_FUZZ ?? 300);

const DIALECTS_FOLDER = resolve(import.meta.dirname, '../../packages/core/src/dialects');

const dialects = readdirSync(DIALECTS_FOLDER).filter((name) =>
  existsSync(join(DIALECTS_FOLDER, name, 'dialect.ts')),
) as DialectName[];

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

describe.each(dialects)('%s takes whatever comes', (dialect) => {
  it('random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), cuts, (bytes, places) => holds(dialect, readsAt(bytes, places))),
      { numRuns: RUNS },
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
      { numRuns: RUNS },
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
      { numRuns: RUNS },
    );
  });

  it.skipIf(!RECORDINGS)('recorded streams with bytes changed, lost, doubled and swapped', () => {
    const streams = streamsOf(
      `vercel-ai/${existsSync(join(RECORDINGS ?? '', 'vercel-ai', dialect)) ? dialect : 'openai-chat'}`,
    )
      .map(({ payloads }) =>
        bytesOf(
          payloads
            .slice(0, 30)
            .map((payload) => `data: ${payload}\n\n`)
            .join(''),
        ),
      )
      .filter((bytes) => bytes.length < 20_000);
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
          let bytes = [...stream];
          for (const [how, where, byte] of changes) {
            const at = Math.floor(where * bytes.length);
            if (how === 'set') bytes[at] = byte;
            else if (how === 'insert') bytes.splice(at, 0, byte);
            else if (how === 'drop') bytes.splice(at, byte);
            else bytes = [...bytes.slice(0, at + byte), ...bytes.slice(at)];
          }
          holds(dialect, readsAt(Uint8Array.from(bytes), places));
        },
      ),
      { numRuns: RUNS },
    );
  });
});
