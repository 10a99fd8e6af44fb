import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { OpenRouterCore } from '@openrouter/sdk/core.js';
import { chatSend } from '@openrouter/sdk/funcs/chatSend.js';
import { HTTPClient } from '@openrouter/sdk/lib/http.js';
import { createDecoder } from '@patchbay/core';
import { streamText } from 'ai';
import OpenAI from 'openai';
import type { DialectName } from '../../packages/core/src/providers/provider.ts';
import { readEvents } from '../../packages/core/src/transport/read-events.ts';
import type { Body, OnText } from './bare.ts';
import type { WireName } from './wire.ts';

/** Reads one response's body to its end. Every peer is given the same bytes and says the same text. */
export type Reading = (body: Body, onText: OnText) => Promise<void>;

/** A library that reads some of the wires, in the versions that `package.json` pins. */
export interface Peer {
  readonly name: string;
  readonly wires: readonly WireName[];
  readonly read: Reading;
}

/** The product's own path: batches of events, one a read. */
export async function patchbay(body: Body, onText: OnText, dialect: DialectName): Promise<void> {
  for await (const batch of readEvents(body, createDecoder(dialect))) {
    for (const event of batch) if (event.type === 'text') onText(event.text);
  }
}

/** The body that the next request of any client gets: clients are made once, as an application does. */
let next: Body | undefined;
const answer = async (): Promise<Response> =>
  new Response(next ?? null, { headers: { 'content-type': 'text/event-stream' } });

/** `@google/genai` takes no `fetch` of ours. */
async function withGlobalFetch(work: () => Promise<void>): Promise<void> {
  const own = globalThis.fetch;
  globalThis.fetch = answer;
  try {
    await work();
  } finally {
    globalThis.fetch = own;
  }
}

const settings = { apiKey: 'x', fetch: answer };
const openAi = new OpenAI({ ...settings, maxRetries: 0, dangerouslyAllowBrowser: true });
const anthropic = new Anthropic({ ...settings, maxRetries: 0, dangerouslyAllowBrowser: true });
const google = new GoogleGenAI({ apiKey: 'x' });
const openRouter = new OpenRouterCore({ apiKey: 'x', httpClient: new HTTPClient({ fetcher: answer }) });
const compatible = createOpenAICompatible({ ...settings, name: 'x', baseURL: 'https://api.example/v1' });

const chatWires = ['openai', 'openrouter'] as const;

/** What stands behind the AI SDK's two ways to read: a provider's own stream, and `streamText` above it. */
const models = [
  ['@ai-sdk/openai-compatible', chatWires, compatible('m')],
  ['@ai-sdk/openai', ['openai'], createOpenAI(settings).chat('m')],
  ['@ai-sdk/openai responses', ['responses'], createOpenAI(settings).responses('m')],
  ['@ai-sdk/anthropic', ['anthropic'], createAnthropic(settings)('m')],
  ['@ai-sdk/google', ['gemini'], createGoogle(settings)('m')],
] as const;

/** What an unnamed model may answer; left out, a warning is printed for every request. */
const maxOutputTokens = 4_096;

const read: readonly Peer[] = [
  {
    name: 'openai',
    wires: chatWires,
    read: async (_, onText) => {
      for await (const chunk of await openAi.chat.completions.create({ model: 'm', messages: [], stream: true })) {
        const text = chunk.choices[0]?.delta.content;
        if (text) onText(text);
      }
    },
  },
  {
    name: 'openai',
    wires: ['responses'],
    read: async (_, onText) => {
      for await (const event of await openAi.responses.create({ model: 'm', input: 'x', stream: true })) {
        if (event.type === 'response.output_text.delta') onText(event.delta);
      }
    },
  },
  {
    name: '@anthropic-ai/sdk',
    wires: ['anthropic'],
    read: async (_, onText) => {
      const stream = await anthropic.messages.create({ model: 'm', max_tokens: 1, messages: [], stream: true });
      for await (const event of stream) {
        if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') onText(event.delta.text);
      }
    },
  },
  {
    name: '@google/genai',
    wires: ['gemini'],
    read: (_, onText) =>
      withGlobalFetch(async () => {
        for await (const chunk of await google.models.generateContentStream({ model: 'm', contents: 'x' })) {
          const text = chunk.candidates?.[0]?.content?.parts?.[0]?.text;
          if (text) onText(text);
        }
      }),
  },
  {
    name: '@openrouter/sdk',
    wires: ['openrouter'],
    read: async (_, onText) => {
      const sent = await chatSend(openRouter, {
        chatRequest: { model: 'm', messages: [{ role: 'user', content: 'x' }], stream: true },
      });
      if (!sent.ok) throw sent.error;
      if (!(Symbol.asyncIterator in sent.value)) throw new Error('the answer was not streamed');
      for await (const chunk of sent.value) {
        const text = chunk.choices[0]?.delta.content;
        if (text) onText(text);
      }
    },
  },
  ...models.flatMap(([name, wires, model]): readonly Peer[] => [
    {
      name: `${name} doStream`,
      wires,
      read: async (_, onText) => {
        const { stream } = await model.doStream({
          maxOutputTokens,
          prompt: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
        });
        for await (const part of stream) if (part.type === 'text-delta') onText(part.delta);
      },
    },
    {
      name: `ai streamText, ${name}`,
      wires,
      read: async (_, onText) => {
        for await (const text of streamText({ model, prompt: 'x', maxOutputTokens, maxRetries: 0 }).textStream)
          onText(text);
      },
    },
  ]),
];

/** Everybody we are measured beside. */
export const PEERS: readonly Peer[] = read.map((peer) => ({
  ...peer,
  read: (body, onText) => {
    next = body;
    return peer.read(body, onText);
  },
}));
