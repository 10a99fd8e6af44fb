import { describe, expect, test } from 'vitest';
import type { DialectName } from '../providers/provider.ts';
import { readEvents } from '../transport/read-events.ts';
import { createDecoder } from './all-decoders.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const frame = (value: object) => `data: ${JSON.stringify(value)}\n\n`;

/** One call whose arguments come in so many deltas, on each wire that streams them. */
const CALLS: Readonly<Record<string, (count: number) => string[]>> = {
  'anthropic-messages': (count) => [
    frame({ type: 'message_start', message: { id: 'm', content: [] } }),
    frame({
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'tool_use', id: 't', name: 'write', input: {} },
    }),
    frame({ type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"text":"' } }),
    ...Array.from({ length: count }, () =>
      frame({ type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: 'words, ' } }),
    ),
    frame({ type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '"}' } }),
    frame({ type: 'content_block_stop', index: 0 }),
    frame({ type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 1 } }),
    frame({ type: 'message_stop' }),
  ],
  'openai-responses': (count) => [
    frame({
      type: 'response.output_item.added',
      output_index: 0,
      item: { type: 'function_call', call_id: 'call_0123456789abcdef', name: 'write', arguments: '' },
    }),
    frame({ type: 'response.function_call_arguments.delta', output_index: 0, delta: '{"text":"' }),
    ...Array.from({ length: count }, () =>
      frame({ type: 'response.function_call_arguments.delta', output_index: 0, delta: 'words, ' }),
    ),
    frame({ type: 'response.function_call_arguments.delta', output_index: 0, delta: '"}' }),
    frame({ type: 'response.completed', response: { status: 'completed' } }),
  ],
  cohere: (count) => [
    frame({ type: 'message-start', id: 'm' }),
    frame({
      type: 'tool-call-start',
      index: 0,
      delta: { message: { tool_calls: { id: 't', function: { name: 'write', arguments: '{"text":"' } } } },
    }),
    ...Array.from({ length: count }, () =>
      frame({
        type: 'tool-call-delta',
        index: 0,
        delta: { message: { tool_calls: { function: { arguments: 'words, ' } } } },
      }),
    ),
    frame({ type: 'tool-call-delta', index: 0, delta: { message: { tool_calls: { function: { arguments: '"}' } } } } }),
    frame({ type: 'message-end', delta: { finish_reason: 'TOOL_CALL' } }),
  ],
};

describe('a call with a hundred thousand deltas', () => {
  test.each(Object.entries(CALLS))('%s: each of them is looked at once', (dialect, wire) => {
    const decoder = createDecoder(dialect as DialectName);
    let parses = 0;
    const parse = JSON.parse;
    JSON.parse = (text: string) => {
      parses++;
      return parse(text) as unknown;
    };
    try {
      const count = 100_000;
      const events = [...decoder.push(bytes(wire(count).join(''))), ...decoder.end()];
      expect(events.filter((event) => event.type === 'tool-call-arguments')).toHaveLength(count + 2);
      expect(events.find((event) => event.type === 'tool-call-end')).toMatchObject({ name: 'write' });
      // One for each event, and one at the end for the arguments.
      expect(parses).toBeLessThan(count + 12);
    } finally {
      JSON.parse = parse;
    }
  });
});

/** What a text delta looks like on each wire, and what stands in front of it. */
const DELTAS: Readonly<Record<string, { readonly before?: object; readonly delta: object }>> = {
  'openai-chat': { delta: { choices: [{ delta: { content: 'a' } }] } },
  'openai-responses': { delta: { type: 'response.output_text.delta', output_index: 0, delta: 'a' } },
  'anthropic-messages': { delta: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } } },
  gemini: { delta: { candidates: [{ content: { parts: [{ text: 'a' }] } }] } },
  cohere: { delta: { type: 'content-delta', index: 0, delta: { message: { content: { text: 'a' } } } } },
};

describe('reading', () => {
  test.each(Object.entries(DELTAS))(
    '%s: a read is one batch, however many deltas are in it',
    async (dialect, { delta }) => {
      for (const each of [1, 16]) {
        const reads = 50;
        let next = 0;
        const body = new ReadableStream<Uint8Array>({
          pull: (sink) => (next++ < reads ? sink.enqueue(bytes(frame(delta).repeat(each))) : sink.close()),
        });
        const iterator = readEvents(body, createDecoder(dialect as DialectName));
        let batches = 0;
        let texts = 0;
        for (let batch = await iterator.next(); !batch.done; batch = await iterator.next()) {
          batches++;
          texts += batch.value.filter((event) => event.type === 'text').length;
        }
        expect(texts).toBe(reads * each);
        // The last batch holds the finish.
        expect(batches).toBe(reads + 1);
      }
    },
  );

  test.each(Object.entries(DELTAS))('%s: one event of a megabyte is read once', (dialect, { delta }) => {
    const long = JSON.stringify(delta).replace('"a"', JSON.stringify('a'.repeat(1_000_000)));
    const line = bytes(`data: ${long}\n\n`);
    const decoder = createDecoder(dialect as DialectName);
    const events = [];
    for (let at = 0; at < line.length; at += 1_000) events.push(...decoder.push(line.slice(at, at + 1_000)));
    expect(events.find((event) => event.type === 'text')).toMatchObject({ text: 'a'.repeat(1_000_000) });
  });
});
