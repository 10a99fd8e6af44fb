import { expect } from 'vitest';
import type { DialectName } from '../../packages/core/src/providers/provider.ts';
import { randomOf } from '../bench/harness.ts';
import { decode, onRecordings, recordedTest, streamsOf } from './recordings.ts';

const FOLDERS: readonly (readonly [DialectName, string])[] = [
  ['openai-chat', 'vercel-ai/openai-chat'],
  ['openai-responses', 'vercel-ai/openai-responses'],
  ['anthropic-messages', 'vercel-ai/anthropic-messages'],
  ['gemini', 'vercel-ai/gemini'],
  ['cohere', 'vercel-ai/cohere-v2'],
];
const MUTANTS = 3;

/** A string with its quotes, a number or a word, as JSON writes them. */
const SCALAR = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/g;
const OTHERS = [
  '"x"',
  '""',
  '"\\n \\"so\\" \\u00fc"',
  '"a text of more than thirteen characters"',
  '7',
  '-1.5',
  'null',
  '{}',
];

/** Some frames said three times, and some with another scalar in them. */
function mutated(payloads: readonly string[], seed: number): string[] {
  const random = randomOf(seed);
  const below = (count: number) => Math.floor(random() * count);
  return payloads.flatMap((payload) => {
    const kind = random();
    if (kind < 0.7) return [payload];
    if (kind < 0.8) return [payload, payload, payload];
    const at = below(payload.match(SCALAR)?.length ?? 0);
    let n = 0;
    const other = payload.replace(SCALAR, (scalar) => (n++ === at ? (OTHERS[below(OTHERS.length)] as string) : scalar));
    // Where it was a key, that may be no JSON.
    return [isJson(other) ? other : payload];
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** One space is the field's own; behind a second one a value is always parsed whole. */
const eventsOf = (dialect: DialectName, payloads: readonly string[], space = ' ') =>
  decode(dialect, payloads.map((payload) => `data:${space}${payload}\n\n`).join('')).events;

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

onRecordings('frames that differ in little from the last one', () => {
  for (const [dialect, folder] of FOLDERS) {
    recordedTest(`${dialect}: say what they say where each is parsed whole`, () => {
      for (const [n, { name, payloads }] of streamsOf(folder).entries()) {
        for (let seed = 0; seed < MUTANTS; seed++) {
          const frames = seed === 0 ? payloads : mutated(payloads, n * MUTANTS + seed);
          expect(eventsOf(dialect, frames), `${name}, ${seed}`).toEqual(eventsOf(dialect, frames, '  '));
        }
      }
    });

    recordedTest(`${dialect}: are changed by nobody, since they share what does not vary`, () => {
      const parse = JSON.parse;
      for (const { name, payloads } of streamsOf(folder)) {
        const events = eventsOf(dialect, payloads);
        JSON.parse = (text: string) => frozen(parse(text) as unknown);
        try {
          expect(eventsOf(dialect, payloads), name).toEqual(events);
        } finally {
          JSON.parse = parse;
        }
      }
    });
  }
});
