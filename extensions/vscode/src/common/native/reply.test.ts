import type { ModelView } from '@patchbay/chat/contract';
import type { ChatEvent, Failure, ModelChoice } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { createReply } from './reply.ts';

const choice = (provider: string, model: string): ModelChoice => ({ provider, model, keyId: `key-${provider}` });
const view = (one: ModelChoice, name: string, providerName: string): ModelView => ({
  choice: one,
  name,
  providerName,
  keyLabel: providerName,
});
const GPT = choice('openai', 'gpt-4.1');
const CLAUDE = choice('anthropic', 'claude-haiku-4-5');
const ROUTED = choice('openrouter', 'openai/gpt-4.1');
const MODELS = [
  view(GPT, 'gpt-4.1', 'OpenAI'),
  view(CLAUDE, 'Claude [Haiku](command:x) *4.5*', 'Anthropic'),
  view(ROUTED, 'OpenAI: GPT-4.1', 'OpenRouter'),
];
const HAIKU = '**Claude \\[Haiku\\](command:x) \\*4.5\\***';

const failure = (kind: Failure['kind'], message = 'It failed.'): Failure => ({
  kind,
  message,
  retryable: true,
  fallbackable: true,
  userAction: 'wait',
});
const start = (number: number, one: ModelChoice): ChatEvent => ({
  type: 'attempt-start',
  attempt: { number, ...one },
  maxOutputTokens: 100,
});
const failed = (number: number, one: ModelChoice, kind: Failure['kind'], message?: string): ChatEvent => ({
  type: 'attempt-failed',
  attempt: { number, ...one },
  failure: failure(kind, message),
});
const text = (words: string): ChatEvent => ({ type: 'text', part: 0, text: words });
const cost = (usd: string): ChatEvent => ({ type: 'cost', usd, source: 'bound' });
const shrunk: ChatEvent = { type: 'notice', code: 'max-tokens-shrunk', message: 'Shrunk to 100 tokens.' };
const end: ChatEvent = { type: 'finish', reason: 'stop' };

/** Each batch's own, and how often the models were asked for. */
async function shown(batches: readonly (readonly ChatEvent[])[], models: readonly ModelView[] = MODELS) {
  let reads = 0;
  const reply = createReply(GPT, async () => {
    reads += 1;
    return models;
  });
  const all = [];
  for (const batch of batches) all.push(await reply(batch));
  return { all, reads, lines: all.flatMap(({ lines }) => lines), text: all.map((one) => one.text).join('') };
}

describe('an answer of @patchbay', () => {
  it('is the model’s words alone where the one that was asked answers', async () => {
    const {
      lines,
      text: words,
      reads,
    } = await shown([
      [start(1, GPT), { type: 'response-start', model: 'gpt-4.1-2025-04-14' }],
      [text('Hel')],
      [text('lo'), text('!')],
      [cost('0.01'), end],
    ]);
    expect(lines).toEqual([]);
    expect(words).toBe('Hello!');
    // The first word waits for no list.
    expect(reads).toBe(0);
  });

  it('says above its first word who failed, what that cost and who answers, in Markdown that does nothing', async () => {
    const { all, text: words } = await shown([
      [failed(1, GPT, 'overloaded', '[Pay](https://evil.example)\n# now')],
      [start(2, CLAUDE), shrunk],
      [cost('0.0123'), failed(2, CLAUDE, 'truncated')],
      [start(3, ROUTED), shrunk, { type: 'reasoning', part: 0, text: 'hm' }],
      [text('Hi'), text('.')],
      [cost('0.02'), end],
    ]);
    expect(all.map(({ lines }) => lines)).toEqual([
      [],
      [],
      [],
      [],
      [
        `**gpt-4.1 at OpenAI** overloaded → ${HAIKU} broke off, $0.0123 → answered by **GPT-4.1 at OpenRouter**`,
        // Of the attempt that answers; what was said of the others is gone with them.
        'Shrunk to 100 tokens.',
      ],
      [],
    ]);
    expect(all[0]?.progress).toEqual(['\\[Pay\\](https://evil.example) # now']);
    expect(words).toBe('Hi.');
  });

  it('says so where nobody answered', async () => {
    const { lines, text: words } = await shown([
      [failed(1, GPT, 'overloaded')],
      [start(2, CLAUDE)],
      [{ type: 'finish', reason: 'error', failure: failure('unavailable') }],
    ]);
    expect(lines).toEqual(['**gpt-4.1** overloaded → nobody answered']);
    expect(words).toBe('');
  });

  it('names another model that a router answered with', async () => {
    const { lines } = await shown([
      [start(1, GPT), { type: 'response-start', model: 'claude-haiku-4-5', provider: 'anthropic' }, text('Hi')],
      [end],
    ]);
    expect(lines).toEqual([`**gpt-4.1** was asked → answered by ${HAIKU}`]);
  });

  it('calls models by their ids where there is no list', async () => {
    const { lines } = await shown([[failed(1, GPT, 'rate-limit')], [start(2, CLAUDE), text('Hi'), end]], []);
    expect(lines).toEqual(['**gpt-4.1** takes no more requests at the moment → answered by **claude-haiku-4-5**']);
  });
});
