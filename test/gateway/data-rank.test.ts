import { type ChatRequest, providers, resolveProvider } from '@patchbay/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawServer, startRawServer } from '../support/raw-server.ts';
import { PROVIDERS } from './providers.ts';
import { chatUsage, plainUsage } from './spec.ts';
import { createStage, SECRET } from './stage.ts';
import { anthropicWire } from './wires/anthropic.ts';
import { type ChatForm, chatWire } from './wires/openai-chat.ts';
import type { Script, Wire } from './wires/script.ts';

/*
 * Everybody who is not of full rank: what their documentation says of an answer, as the smallest difference to OpenAI's.
 */

const PLAIN: ChatForm = { calls: 'deltas', usage: chatUsage, usageAt: 'apart' };
const thinksAs =
  (field: 'reasoning' | 'reasoning_content'): NonNullable<ChatForm['thought']> =>
  (text) =>
    text === '' ? {} : { [field]: text };
const chat = (form: Partial<ChatForm>): Wire => chatWire({ ...PLAIN, ...form });
const CONTENT = chat({ thought: thinksAs('reasoning_content') });

const FORMS: { readonly [provider: string]: Wire } = {
  together: chat({ thought: thinksAs('reasoning') }), // quirk 195
  fireworks: chat({ tags: true, usageAt: 'finish' }), // quirks 198 and 200
  cerebras: chat({ thought: thinksAs('reasoning'), calls: 'whole', usageAt: 'finish' }),
  perplexity: chat({ tags: true, source: 'citations', usageAt: 'finish' }), // quirks 207 and 208
  moonshotai: chat({ thought: thinksAs('reasoning_content'), usageAt: 'choice' }), // quirk 253
  zai: chat({ thought: thinksAs('reasoning_content'), calls: 'whole', usageAt: 'finish' }),
  qwen: CONTENT,
  minimax: anthropicWire, // quirk 257
  meta: chat({}), // quirk 204
  nvidia: CONTENT,
  huggingface: chat({ tags: true, usage: plainUsage }), // quirk 259
  github: chat({ preamble: { choices: [], id: '', model: '', created: 0, prompt_filter_results: [] } }),
  azure: chat({ preamble: { choices: [], id: '', model: '', created: 0, prompt_filter_results: [] } }), // quirk 232
  aws: chat({ usage: plainUsage }),
  vercel: chat({ thought: thinksAs('reasoning'), usage: (usage) => ({ ...chatUsage(usage), cost: 0.000264 }) }),
  deepinfra: chat({ thought: thinksAs('reasoning_content'), comment: ': ping - 2026-01-01\n', dense: true }), // quirks 1 and 7
  sambanova: chat({ thought: thinksAs('reasoning'), dense: true }),
  novita: chat({ thought: thinksAs('reasoning_content'), usageAt: 'finish' }),
  nebius: CONTENT,
  hyperbolic: chat({ usage: plainUsage }),
  lmstudio: chat({ tags: true, calls: 'whole', usage: plainUsage }),
  llamacpp: chat({ thought: thinksAs('reasoning_content'), usageAt: 'finish', usage: plainUsage }),
  vllm: chat({ thought: thinksAs('reasoning') }), // quirk 226
  openwebui: chat({ tags: true, usage: plainUsage, calls: 'one-index', finish: 'stop' }),
  custom: CONTENT,
};

const USAGE = { input: 100, cached: 40, output: 20, thought: 8 };
const THOUGHT = { text: 'Hm, a place.', signature: 'c2lnbmVk' };

let server: RawServer;
beforeAll(async () => {
  server = await startRawServer();
});
afterAll(() => server.close());

it('is everybody: each provider is of one rank or the other', () => {
  const full = new Set(PROVIDERS.map(({ provider }) => provider));
  const networked = providers.filter(({ dialect }) => dialect !== 'guide' && dialect !== 'prompt-api');
  expect(Object.keys(FORMS).sort()).toEqual(
    networked
      .map(({ id }) => id)
      .filter((id) => !full.has(id))
      .sort(),
  );
});

describe.each(Object.entries(FORMS))('%s', (provider, wire) => {
  const bodies = (script: Script) => [wire.frames(script).join(''), JSON.stringify(wire.whole(script))];
  const ask = async (body: string, request: Partial<ChatRequest> = {}) => {
    server.answers = [{ body }];
    server.requests.length = 0;
    return createStage().ask({ provider, model: 'm', baseUrl: `${server.url}/v1` }, request);
  };
  const tells = JSON.stringify(wire.whole({ thought: THOUGHT, usage: USAGE })).includes(THOUGHT.text);

  it.each([
    ['answers', undefined],
    ['thinks before it answers', THOUGHT],
  ])('%s and is counted, streamed or whole', async (_what, thought) => {
    for (const body of bodies({ ...(thought && { thought }), text: ['Grüße ', '🌊'], usage: USAGE })) {
      const outcome = await ask(body);
      expect(outcome.finish).toMatchObject({ reason: 'stop' });
      expect(outcome.text).toBe('Grüße 🌊');
      expect(outcome.thought.trim()).toBe(thought && tells ? THOUGHT.text : '');
      expect(outcome.usage).toMatchObject({ inputTokens: 100, outputTokens: 20 });
    }
    const { auth, flags } = resolveProvider({ provider, baseUrl: '' });
    const [request] = server.requests;
    expect(auth === 'none' ? SECRET : request?.headers[auth.header]).toContain(SECRET);
    expect(request?.text).toContain(`"${flags.maxTokensField ?? 'max_'}`);
  });

  it('calls tools, streamed or whole, and never half of one', async () => {
    const calls = [
      { id: 'call_aaaaaaaaaaaaaaaaaaaaaaaa', name: 'weather', args: { city: 'Bern' } },
      { id: 'call_bbbbbbbbbbbbbbbbbbbbbbbb', name: 'now', args: {} },
    ];
    const script = { calls, usage: USAGE };
    for (const body of bodies(script)) {
      const outcome = await ask(body, { tools: [{ name: 'weather', parameters: { type: 'object' } }] });
      expect(outcome.finish?.reason).toBe('tool-calls');
      expect(outcome.calls.map(({ name, arguments: args }) => [name, JSON.parse(args)])).toEqual([
        ['weather', { city: 'Bern' }],
        ['now', {}],
      ]);
      expect(outcome.finalCalls).toHaveLength(2);
    }
    const frames = wire.frames(script);
    const half = frames.slice(0, frames.findIndex((frame) => frame.includes('Bern')) + 1).join('');
    const cut = await ask(half);
    expect(cut.finish?.failure?.kind).toBe('truncated');
    expect(cut.finalCalls).toEqual([]);
  });
});
