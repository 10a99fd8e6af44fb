import { describe, expect, test, vi } from 'vitest';
import type { DecoderEvent } from '../../chat/event.ts';
import { createFold } from '../../chat/fold.ts';
import type { ChatRequest } from '../../chat/request.ts';
import { browser } from '../../providers/browser.ts';
import { readEvents } from '../../transport/read-events.ts';
import { createPromptApiDecoder } from './decode.ts';
import { createPromptApi } from './dialect.ts';
import { encodePromptApi } from './encode.ts';
import type { LanguageModelPort } from './port.ts';

const request = (rest: Partial<ChatRequest> = {}): ChatRequest => ({
  choice: { provider: 'browser', model: 'built-in' },
  system: 'Be brief.',
  messages: [
    { role: 'user', parts: [{ type: 'text', text: 'One?' }] },
    { role: 'assistant', parts: [{ type: 'text', text: 'Two.' }] },
    { role: 'user', parts: [{ type: 'text', text: 'Three?' }] },
  ],
  ...rest,
});
const encodeWith = (asked: ChatRequest) =>
  encodePromptApi({ request: asked, provider: browser, model: undefined, maxOutputTokens: 100, media: new Map() });

/** A built-in model that says these words. */
function fake(words: readonly string[], broken?: unknown) {
  const destroy = vi.fn();
  const create = vi.fn<LanguageModelPort['create']>(async () => ({
    promptStreaming: (_input, { signal }) => {
      let next = 0;
      return new ReadableStream<string>({
        pull: (sink) => {
          if (signal.aborted) sink.error(signal.reason);
          else if (next < words.length) sink.enqueue(words[next++] ?? '');
          else if (broken) sink.error(broken);
          else sink.close();
        },
      });
    },
    destroy,
  }));
  const port: LanguageModelPort = { availability: async () => 'available', create };
  return { port, create, destroy };
}

async function ask(port: LanguageModelPort | undefined, asked = request(), signal?: AbortSignal) {
  const dialect = createPromptApi(() => port);
  const response = dialect.respond?.(encodeWith(asked));
  const fold = createFold();
  for await (const events of readEvents<DecoderEvent>(
    response?.body ?? null,
    createPromptApiDecoder({ provider: 'This browser', model: 'its model' }),
    { ...(signal && { signal }) },
  )) {
    fold.push(events);
  }
  return fold.answer();
}

test('the conversation goes in as prompts, the last question apart', () => {
  expect(JSON.parse(encodeWith(request()).body)).toEqual({
    initialPrompts: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'One?' },
      { role: 'assistant', content: 'Two.' },
    ],
    prompt: 'Three?',
  });
  expect(encodeWith(request({ temperature: 1, seed: 2 })).notices.map((notice) => notice.field)).toEqual([
    'temperature',
    'seed',
  ]);
});

test('an answer streams, and the session is given back', async () => {
  const { port, create, destroy } = fake(['Fo', 'ur.']);
  expect(await ask(port)).toEqual({ parts: [{ type: 'text', text: 'Four.' }], finish: { reason: 'stop' } });
  expect(create.mock.calls[0]?.[0].initialPrompts).toHaveLength(3);
  expect(destroy).toHaveBeenCalledOnce();
});

describe('where there is none', () => {
  test('in this very process, it says so', async () => {
    const dialect = createPromptApi();
    const response = dialect.respond?.(encodeWith(request()));
    expect(await response?.text()).toContain('This browser has no built-in model.');
    expect((await ask(undefined)).finish).toMatchObject({
      reason: 'error',
      failure: { kind: 'model-gone', fallbackable: true },
    });
  });

  test.each([
    ['unavailable', 'model-gone'],
    ['downloadable', 'unavailable'],
    ['downloading', 'unavailable'],
  ] as const)('%s is %s', async (state, kind) => {
    const { port } = fake([]);
    expect((await ask({ ...port, availability: async () => state })).finish?.failure?.kind).toBe(kind);
  });
});

test.each([
  ['QuotaExceededError', 'context-length'],
  ['NotAllowedError', 'content-policy'],
  ['NotSupportedError', 'parameter'],
  ['UnknownError', 'unavailable'],
])('%s is %s', async (name, kind) => {
  expect((await ask(fake([], new DOMException('It did not work.', name)).port)).finish?.failure?.kind).toBe(kind);
});

test('tools are refused, never left out', async () => {
  const tools = [{ name: 'a', parameters: {} }];
  expect((await ask(fake(['x']).port, request({ tools }))).finish?.failure?.kind).toBe('parameter');
});

test('a Stop reaches the model', async () => {
  const { port } = fake(Array.from({ length: 1_000 }, () => 'word '));
  const stop = new AbortController();
  stop.abort();
  expect((await ask(port, request(), stop.signal)).finish?.failure?.kind).toBe('aborted');
});

test('a stream that ends without its end is truncated', () => {
  const decoder = createPromptApiDecoder();
  decoder.push(new TextEncoder().encode('{"text":"a"}\n'));
  expect(decoder.end()).toMatchObject([{ type: 'finish', reason: 'interrupted', failure: { kind: 'truncated' } }]);
});
