import { createFold, type DecoderEvent, type Part } from '@patchbay/core';
import { describe, expect, test } from 'vitest';
import { createDecoder } from '../../packages/core/src/dialects/all-decoders.ts';
import type { DecoderOptions, EndCause } from '../../packages/core/src/dialects/dialect.ts';
import type { DialectName } from '../../packages/core/src/providers/provider.ts';

/** Values as frames without a name. */
export function frames(...values: readonly unknown[]): string {
  return values.map((value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`).join('');
}

/** A frame that is named by its type. */
export function named(type: string, rest: object = {}): string {
  return `event: ${type}\n${frames({ type, ...rest })}`;
}

export const DONE = frames('[DONE]');

/**
 * What an answer came to, on one line: texts, `~thinking~`, calls as `name(arguments)#id` (with `?` where nobody may act
 * on it), images, sources and tools of the provider's; how it ended; and `in>out` tokens with what is known of them.
 */
export function summaryOf(events: readonly DecoderEvent[]): string {
  const fold = createFold();
  fold.push(events);
  const { parts, finish, usage } = fold.answer();
  const ended = new Set(events.flatMap((event) => (event.type === 'tool-call-end' ? [event.part] : [])));
  const started = new Map(events.flatMap((event) => (event.type === 'tool-call-start' ? [[event.callId, event]] : [])));
  const calls = (part: Part & { type: 'tool-call' }) =>
    `${part.name}(${part.arguments})#${part.callId}${ended.has(started.get(part.callId)?.part ?? -1) ? '' : '?'}`;
  const told = parts.map((part) => {
    switch (part.type) {
      case 'text':
        return `"${part.text}"`;
      case 'reasoning':
        return `~${part.text}~`;
      case 'tool-call':
        return calls(part);
      case 'image':
        return `image:${part.source.kind === 'url' ? part.source.url : part.mediaType}`;
      case 'citation':
        return `source:${part.url}`;
      default:
        return part.type === 'server-tool' ? `ran:${part.name}` : part.type;
    }
  });
  const counts = usage && {
    cached: usage.cacheReadTokens,
    written: usage.cacheWriteTokens,
    hour: usage.cacheWrite1hTokens,
    thought: usage.reasoningTokens,
    usd: usage.costUsd,
  };
  const extras = Object.entries(counts ?? {}).flatMap(([name, count]) =>
    count === undefined ? [] : [`${name} ${count}`],
  );
  return [
    told.join(' '),
    finish?.failure ? `${finish.reason}: ${finish.failure.kind}` : finish?.reason,
    usage && [`${usage.inputTokens ?? '?'}>${usage.outputTokens ?? '?'}`, ...extras].join(', '),
  ]
    .filter(Boolean)
    .join(' | ');
}

export interface Hostile {
  readonly body: string;
  readonly is: string;
  readonly options?: DecoderOptions;
  readonly cause?: EndCause;
}

function run(dialect: DialectName, { options, cause }: Hostile, reads: readonly Uint8Array[]): DecoderEvent[] {
  const decoder = createDecoder(dialect, { provider: 'Acme', model: 'one', ...options });
  return [...reads.flatMap((read) => decoder.push(read)), ...decoder.end(cause)];
}

/**
 * Streams as no documentation has them, each by what it has to come to: the same in one read, byte by byte, and with
 * every kind of line end; with one finish, which is the last that is said.
 */
export function hostile(
  dialect: DialectName,
  cases: Readonly<Record<string, Hostile | readonly [string, string]>>,
): void {
  describe(`${dialect}: streams as no documentation has them`, () => {
    test.each(Object.entries(cases))('%s', (_name, given) => {
      const one: Hostile = 'body' in given ? given : { body: given[0], is: given[1] };
      const bytes = new TextEncoder().encode(one.body);
      const events = run(dialect, one, [bytes]);
      expect(summaryOf(events)).toBe(one.is);
      expect(events.filter(({ type }) => type === 'finish')).toEqual(events.slice(-1));
      const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
      expect(summaryOf(run(dialect, one, single))).toBe(one.is);
      const crlf = new TextEncoder().encode(one.body.replaceAll(/\r?\n/g, '\r\n'));
      expect(summaryOf(run(dialect, one, [crlf]))).toBe(one.is);
    });
  });
}
