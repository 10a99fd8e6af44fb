import { LLMock } from '@copilotkit/aimock';
import type { Message } from '@patchbay/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROVIDERS } from './providers.ts';
import type { Spec } from './spec.ts';
import { type Asked, createStage, LIMIT, type Stage, say, user } from './stage.ts';

/** A server that nobody here wrote: it speaks five protocols in its own way. */
let mock: LLMock;
let stage: Stage;

beforeAll(async () => {
  mock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent' });
  await mock.start();
});
afterAll(() => mock.stop());
beforeEach(() => {
  stage = createStage();
});
afterEach(() => mock.clearFixtures());

/** Seven in and five out, by everybody's name for them. */
const usage = {
  prompt_tokens: 7,
  completion_tokens: 5,
  input_tokens: 7,
  output_tokens: 5,
  promptTokenCount: 7,
  candidatesTokenCount: 5,
};

/** It knows Groq's protocol, though not its address. */
const whom = (spec: Spec): Asked => ({
  ...spec,
  baseUrl: mock.url + (spec.provider === 'groq' ? '/v1' : spec.base),
});

describe.each(PROVIDERS.map((spec) => [spec.name, spec] as const))('%s, as aimock plays it', (_name, spec) => {
  const free = spec.cost?.source === 'free';

  it('answers, and is billed to the token', async () => {
    mock.on({}, { content: 'It works, in many small pieces.', usage }, { chunkSize: 4 });
    const { text, finish, cost, left } = await stage.ask(whom(spec));
    expect(text).toBe('It works, in many small pieces.');
    expect(finish?.reason).toBe('stop');
    expect(cost).toMatchObject(free ? { usd: '0' } : { usd: '0.000057', source: 'price-table' });
    expect(left).toBe(free ? LIMIT : LIMIT - 57_000n);
  });

  it('thinks before it answers', async (context) => {
    if (spec.provider === 'cohere') context.skip('aimock writes Cohere’s thinking into its text');
    mock.on({}, { content: 'It works.', reasoning: 'Let me see.', usage }, { chunkSize: 4 });
    const { text, thought } = await stage.ask(whom(spec));
    expect([thought, text]).toEqual(['Let me see.', 'It works.']);
  });

  it('carries a tool turn there and back', async () => {
    mock.on(
      { hasToolResult: false },
      {
        toolCalls: [
          { name: 'weather', arguments: '{"city":"Bern"}' },
          { name: 'now', arguments: '{}' },
        ],
        usage,
      },
    );
    mock.on({}, { content: 'Sunny.', usage });
    const tools = ['weather', 'now'].map((name) => ({ name, parameters: { type: 'object' } }));
    const first = await stage.ask(whom(spec), { tools });
    expect(first.finish?.reason).toBe('tool-calls');
    expect(first.calls.map(({ name, arguments: args }) => [name, JSON.parse(args)])).toEqual([
      ['weather', { city: 'Bern' }],
      ['now', {}],
    ]);
    const results: Message = {
      role: 'tool',
      parts: first.calls.map(({ callId, name }) => ({
        type: 'tool-result',
        callId,
        name,
        content: [{ type: 'text', text: 'sun' }],
      })),
    };
    const history = [user(say('Hello')), { role: 'assistant' as const, parts: first.parts }, results];
    expect((await stage.ask(whom(spec), { tools, messages: history })).text).toBe('Sunny.');
  });

  it('is too busy', async () => {
    mock.on({}, { error: { message: 'Overloaded', type: 'overloaded_error' }, status: 529 });
    const { finish, left } = await stage.ask(whom(spec));
    expect(finish?.failure).toMatchObject({ kind: 'overloaded', fallbackable: true });
    expect(left).toBe(LIMIT);
  });

  it('stops in the middle of a stream', async () => {
    mock.on(
      {},
      { content: 'It works, in many small pieces.', usage },
      { chunkSize: 4, latency: 5, truncateAfterChunks: 5 },
    );
    const { text, finish } = await stage.ask(whom(spec));
    expect('It works, in many small pieces.'.startsWith(text)).toBe(true);
    expect(finish?.failure?.kind).toBe('truncated');
  });
});
