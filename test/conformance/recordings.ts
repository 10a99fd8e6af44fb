import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createFold, type DecoderEvent, type FoldedAnswer, type Part } from '@patchbay/core';
import { describe, expect, test } from 'vitest';
import { createDecoder } from '../../packages/core/src/dialects/all-decoders.ts';
import type { EndCause } from '../../packages/core/src/dialects/dialect.ts';
import type { DialectName } from '../../packages/core/src/providers/provider.ts';
import { randomOf } from '../bench/harness.ts';
import { bytesOf, HARMLESS, inReads } from './mutations.ts';

/** Where recorded traffic lies, undefined on a machine that has none. */
export const RECORDINGS = [process.env.PATCHBAY_RECORDINGS, '../shared/fixtures/recorded'].find(
  (path): path is string => path !== undefined && existsSync(join(path, 'index.json')),
);

export type Fields = { [key: string]: unknown };

/** One response: its payloads as they came, without framing. */
export interface Recording {
  readonly name: string;
  readonly payloads: readonly string[];
}

export function textFile(path: string): string {
  return readFileSync(join(RECORDINGS ?? '', path), 'utf8');
}

/** Files below a folder of the recordings whose names end so. */
export function filesIn(folder: string, ending: string): string[] {
  if (!RECORDINGS) return [];
  return readdirSync(join(RECORDINGS, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}

/** Every stream of a dialect; a file that holds the responses of several requests is cut where `begins` says. */
export function streamsOf(folder: string, begins?: (payload: Fields, name: string) => boolean): Recording[] {
  return filesIn(folder, '.chunks.txt').flatMap((file) => {
    const name = basename(file, '.chunks.txt');
    const lines = textFile(file)
      .split('\n')
      .filter((line) => line.trim() !== '');
    const responses: string[][] = [];
    for (const line of lines) {
      if (responses.length === 0 || begins?.(parsed(line), name)) responses.push([]);
      responses.at(-1)?.push(line);
    }
    return responses.map((payloads, index) => ({
      name: responses.length > 1 ? `${name} (${index + 1})` : name,
      payloads,
    }));
  });
}

/** Some recordings were shortened by hand and hold lines that are no JSON. */
function parsed(line: string): Fields {
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return {};
  }
}

export interface Decoded {
  readonly events: readonly DecoderEvent[];
  readonly answer: FoldedAnswer;
}

/** @param body text, or the reads that it comes in */
export function decode(dialect: DialectName, body: string | readonly Uint8Array[], cause?: EndCause): Decoded {
  const decoder = createDecoder(dialect, { provider: 'The provider', model: 'the model' });
  const events: DecoderEvent[] = [];
  for (const chunk of typeof body === 'string' ? [bytesOf(body)] : body) events.push(...decoder.push(chunk));
  events.push(...decoder.end(cause));
  const fold = createFold();
  fold.push(events);
  return { events, answer: fold.answer() };
}

/** What has to be the same however an answer came; arguments count by what they say. */
export function meaningOf({ answer }: Decoded): unknown {
  const { parts, usage, finish, responseId, model } = answer;
  return { parts: parts.map(plain), usage, finish, responseId, model };
}

function plain(part: Part): unknown {
  if (part.type !== 'tool-call') return part;
  const { repaired: _repaired, ...rest } = part;
  try {
    return { ...rest, arguments: JSON.parse(part.arguments) as unknown };
  } catch {
    return rest;
  }
}

export interface Wire {
  readonly dialect: DialectName;
  readonly recordings: readonly Recording[];
  /** The payload in its frame, lines ended by LF. */
  readonly frame: (payload: string) => string;
  /** Behind the last frame. */
  readonly tail?: string;
  /** From this payload on the finish stands. */
  readonly marksFinish: (payload: Fields) => boolean;
  /** Names of recordings that end in a failure, and its kind. */
  readonly failing?: Readonly<Record<string, string>>;
  /** An in-band error, as a frame; the failure it is. */
  readonly error: { readonly frame: string; readonly kind: string };
  readonly pings: readonly string[];
  /** The same answer as it would come in one piece, where that can be told from the stream. */
  readonly whole?: (payloads: readonly Fields[]) => Fields | undefined;
  /** Names of recordings in which no usage came. */
  readonly uncounted?: readonly string[];
}

/** At most so many positions of a long stream are cut. */
const MOST_CUTS = 48;

const ABSENT = 'there is no recorded traffic here: set PATCHBAY_RECORDINGS to the folder that holds it';

/** Tests over recorded traffic; where there is none, one test says why they are missing. */
export function onRecordings(name: string, tests: () => void): void {
  describe(name, () => {
    if (RECORDINGS) tests();
    else test('recorded traffic', (context) => context.skip(ABSENT));
  });
}

/** One such test. */
export function recordedTest(name: string, run: () => void | Promise<void>): void {
  test(name, (context) => (RECORDINGS ? run() : context.skip(ABSENT)));
}

/** Runs every recording of a dialect through the mutations that must not matter and those that must be told. */
export function conformance(wire: Wire): void {
  onRecordings('each recording', () => over(wire));
}

function over(wire: Wire): void {
  describe.each(wire.recordings.map((one) => [one.name, one] as const))('%s', (name, recording) => {
    const { dialect } = wire;
    const frames = recording.payloads.map(wire.frame);
    const body = frames.join('') + (wire.tail ?? '');
    const straight = meaningOf(decode(dialect, body));
    const payloads = recording.payloads.map((payload) => JSON.parse(payload) as Fields);
    const marker = payloads.findIndex(wire.marksFinish);
    const failing = wire.failing?.[name];

    test('is understood', () => {
      const { events, answer } = decode(dialect, body);
      expect(events.filter((event) => event.type === 'finish')).toHaveLength(1);
      expect(answer.finish?.failure?.kind).toBe(failing);
      if (failing === undefined) {
        expect(answer.parts.length).toBeGreaterThan(0);
        if (wire.uncounted?.includes(name)) expect(answer.usage?.outputTokens).toBeUndefined();
        else expect(answer.usage?.outputTokens).toBeGreaterThanOrEqual(0);
      }
    });

    test('is the same however the network cuts it', () => {
      const random = randomOf(7);
      const bytes = bytesOf(body);
      for (const size of [1, () => 1 + Math.floor(random() * 64)])
        expect(meaningOf(decode(dialect, inReads(bytes, size)))).toEqual(straight);
    });

    test.each(Object.entries(HARMLESS))('is the same with %s', (_name, mutate) => {
      const bytes = bytesOf(mutate([...frames, ...(wire.tail ? [wire.tail] : [])]));
      expect(meaningOf(decode(dialect, [bytes]))).toEqual(straight);
      expect(meaningOf(decode(dialect, inReads(bytes, 64)))).toEqual(straight);
    });

    test('is the same with pings of its own in it, and without its end marker', () => {
      const noisy = frames.map((frame, n) => (wire.pings[n % wire.pings.length] ?? '') + frame).join('');
      expect(meaningOf(decode(dialect, noisy + (wire.tail ?? '')))).toEqual(straight);
      expect(meaningOf(decode(dialect, frames.join('')))).toEqual(straight);
    });

    const step = Math.max(1, Math.ceil(frames.length / MOST_CUTS));
    const cuts = frames.map((_, n) => n).filter((n) => n % step === 0);

    if (failing === undefined) {
      test('is truncated wherever it is cut before its finish, and stands behind it', () => {
        expect(marker).toBeGreaterThanOrEqual(0);
        for (const at of cuts) {
          const cut = decode(dialect, frames.slice(0, at).join(''));
          if (at <= marker) expect(cut.answer.finish?.failure?.kind, `behind frame ${at}`).toBe('truncated');
          else expect(cut.answer.finish?.failure, `behind frame ${at}`).toBeUndefined();
          expect(cut.events.filter((event) => event.type === 'finish')).toHaveLength(1);
        }
        for (const at of cuts.filter((n) => n <= marker)) {
          const half = frames.slice(0, at).join('') + (frames[at] ?? '').slice(0, (frames[at] ?? '').length >> 1);
          const cut = decode(dialect, half, { kind: 'reset', message: 'connection reset' });
          expect(cut.answer.finish?.failure?.kind, `inside frame ${at}`).toBe('truncated');
        }
      });

      test('lets no call be acted on before the answer is done', () => {
        for (const at of cuts.filter((n) => n <= marker)) {
          const { events } = decode(dialect, frames.slice(0, at).join(''));
          expect(events.some((event) => event.type === 'tool-call-end')).toBe(false); // quirk 43
        }
      });

      test('tells of an error wherever it comes', () => {
        for (const at of cuts.filter((n) => n <= marker)) {
          const told = decode(dialect, [...frames.slice(0, at), wire.error.frame, ...frames.slice(at)].join(''));
          expect(told.answer.finish?.failure?.kind, `behind frame ${at}`).toBe(wire.error.kind);
        }
      });
    }

    const whole = wire.whole?.(payloads);
    if (whole) {
      test('says the same in one piece', () => {
        expect(meaningOf(decode(dialect, JSON.stringify(whole)))).toEqual(straight);
        expect(meaningOf(decode(dialect, inReads(bytesOf(JSON.stringify(whole, null, 2)), 3)))).toEqual(straight);
      });
    }
  });
}
