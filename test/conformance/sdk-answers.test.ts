import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterEach, expect, test, vi } from 'vitest';
import { decode, type Fields, onRecordings, type Recording, streamsOf } from './recordings.ts';

/** What an SDK makes of an answer, in words that all of them share. */
interface View {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
  readonly finish: string | undefined;
  /** Output tokens as the SDK gives them. */
  readonly output: number | undefined;
}

const stub = (body: string) => async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } });
const named = ({ payloads }: Recording) =>
  payloads.map((payload) => `event: ${(JSON.parse(payload) as Fields).type}\ndata: ${payload}\n\n`).join('');

function ours(dialect: Parameters<typeof decode>[0], body: string): View {
  const { answer } = decode(dialect, body);
  return {
    text: answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    calls: answer.parts.flatMap((part) =>
      part.type === 'tool-call' ? [{ name: part.name, input: JSON.parse(part.arguments) as unknown }] : [],
    ),
    finish: answer.finish?.nativeReason,
    output: answer.usage?.outputTokens,
  };
}

async function anthropicView(body: string): Promise<View> {
  const client = new Anthropic({ apiKey: 'x', fetch: stub(body), maxRetries: 0 });
  const message = await client.messages
    .stream({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'x' }] })
    .finalMessage();
  return {
    text: message.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    calls: message.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ name: block.name, input: block.input }] : [],
    ),
    finish: message.stop_reason ?? undefined,
    output: message.usage.output_tokens,
  };
}

async function responsesView(body: string): Promise<View> {
  const client = new OpenAI({ apiKey: 'x', fetch: stub(body), maxRetries: 0 });
  let text = '';
  const calls: { name: string; input: unknown }[] = [];
  let finish: string | undefined;
  let output: number | undefined;
  for await (const event of await client.responses.create({ model: 'm', input: 'x', stream: true })) {
    if (event.type === 'response.output_text.delta') text += event.delta;
    else if (event.type === 'response.output_item.done' && event.item.type === 'function_call') {
      calls.push({ name: event.item.name, input: JSON.parse(event.item.arguments || '{}') });
    } else if (event.type === 'response.completed' || event.type === 'response.incomplete') {
      finish = event.response.incomplete_details?.reason ?? event.response.status;
      output = event.response.usage?.output_tokens;
    }
  }
  return { text, calls, finish, output };
}

/** The SDK hands the deltas out; they are put together as its documentation does it, by index. */
async function chatView(body: string): Promise<View> {
  const client = new OpenAI({ apiKey: 'x', fetch: stub(body), maxRetries: 0 });
  let text = '';
  const calls: { name: string; json: string }[] = [];
  let finish: string | undefined;
  let output: number | undefined;
  for await (const chunk of await client.chat.completions.create({ model: 'm', messages: [], stream: true })) {
    const choice = chunk.choices?.[0];
    if (typeof choice?.delta?.content === 'string') text += choice.delta.content;
    for (const call of choice?.delta?.tool_calls ?? []) {
      const known = calls[call.index];
      if (known) known.json += call.function?.arguments ?? '';
      else calls[call.index] = { name: call.function?.name ?? '', json: call.function?.arguments ?? '' };
    }
    finish = choice?.finish_reason ?? finish;
    output = chunk.usage?.completion_tokens ?? output;
  }
  return {
    text,
    calls: calls.map(({ name, json }) => ({ name, input: JSON.parse(json || '{}') as unknown })),
    finish,
    output,
  };
}

async function geminiView(body: string): Promise<View> {
  vi.stubGlobal('fetch', stub(body));
  const client = new GoogleGenAI({ apiKey: 'x' });
  let text = '';
  const calls: { name: string; input: unknown }[] = [];
  let finish: string | undefined;
  let output: number | undefined;
  for await (const chunk of await client.models.generateContentStream({ model: 'm', contents: 'x' })) {
    for (const part of chunk.candidates?.[0]?.content?.parts ?? []) {
      if (part.text !== undefined && !part.thought) text += part.text;
      if (part.functionCall?.name) calls.push({ name: part.functionCall.name, input: part.functionCall.args ?? {} });
    }
    finish = chunk.candidates?.[0]?.finishReason ?? finish;
    const usage = chunk.usageMetadata;
    if (usage?.candidatesTokenCount !== undefined)
      output = usage.candidatesTokenCount + (usage.thoughtsTokenCount ?? 0);
  }
  return { text, calls, finish, output };
}

afterEach(() => vi.unstubAllGlobals());

/**
 * Where an SDK sees something else, and why ours is right. Fields named here are left out of the comparison; every one
 * of them must really differ.
 */
type Differences = Readonly<Record<string, readonly [fields: readonly (keyof View)[], why: string]>>;

function compare(
  recordings: readonly Recording[],
  frame: (recording: Recording) => string,
  dialect: Parameters<typeof decode>[0],
  view: (body: string) => Promise<View>,
  differences: Differences,
): void {
  test.each(recordings.map((one) => [one.name, one] as const))('%s', async (name, recording) => {
    const body = frame(recording);
    const theirs = await view(body);
    const own = ours(dialect, body);
    const [fields = []] = differences[name] ?? [];
    for (const field of ['text', 'calls', 'finish', 'output'] as const) {
      if (fields.includes(field)) expect(own[field], field).not.toEqual(theirs[field]);
      else expect(own[field], field).toEqual(theirs[field]);
    }
  });
}

onRecordings('@anthropic-ai/sdk sees the same', () => {
  compare(
    streamsOf(
      'vercel-ai/anthropic-messages',
      (payload, name) => payload.type === 'message_start' && !/^(duplicate|spliced)-/.test(name),
    ).filter(
      // An error for both of us: the SDK throws.
      ({ name }) => !/^(duplicate|spliced)-/.test(name),
    ),
    named,
    'anthropic-messages',
    anthropicView,
    {
      'anthropic-advisor-20250301.1': [['output'], 'quirk 84: what the advisor wrote is billed as well'],
      'anthropic-compaction.1': [['output'], 'quirk 84: what the compaction wrote is billed as well'],
    },
  );
});

onRecordings('openai sees the same', () => {
  compare(
    streamsOf('vercel-ai/openai-responses', (payload) => payload.type === 'response.created').filter(
      ({ name }) => !['azure-deepseek-reasoning.1', 'parallel-tool-call-wrapper.1', 'openai-error.1'].includes(name),
    ),
    named,
    'openai-responses',
    responsesView,
    {
      'openai-phase.1': [['text'], 'quirk 66: the deltas are not all of it, and the end tells the rest'],
    },
  );
});

onRecordings('openai sees the same of Chat Completions', () => {
  compare(
    streamsOf('vercel-ai/openai-chat'),
    ({ payloads }) => `${payloads.map((payload) => `data: ${payload}\n\n`).join('')}data: [DONE]\n\n`,
    'openai-chat',
    chatView,
    {
      'mistral-reasoning': [['text'], 'quirk 168: content may be a list'],
      'mistral-tool-call': [['calls'], 'quirk 130: a call may come without an index'],
      'xai-text': [['output'], 'quirk 142: reasoning is counted beside the completion, and billed'],
      'xai-tool-call': [['output'], 'quirk 142'],
    },
  );
});

onRecordings('@google/genai sees the same', () => {
  compare(
    streamsOf('vercel-ai/gemini'),
    ({ payloads }) => payloads.map((payload) => `data: ${payload}\r\n\r\n`).join(''),
    'gemini',
    geminiView,
    {
      'google-stream-no-args-tool-call': [['calls'], 'quirk 107'],
      'google-stream-tool-call-arguments': [['calls'], 'quirk 107: arguments that come by path are put together'],
      'google-stream-tool-call-array-arguments-missing-terminal-function-call': [['calls'], 'quirk 107'],
      'google-vertex-stream-tool-call-arguments-nested.1': [['calls'], 'quirk 107'],
    },
  );
});
