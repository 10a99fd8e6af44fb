import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterEach, expect, test, vi } from 'vitest';
import { decode, type Fields, filesIn, onRecordings, type Recording, streamsOf, textFile } from './recordings.ts';

/** What an SDK makes of an answer, in words that all of them share. */
interface View {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
  readonly finish: string | undefined;
  /** All input tokens, what a cache served or stored included. */
  readonly input: number | undefined;
  /** Output tokens as the SDK gives them. */
  readonly output: number | undefined;
}

const stub = (body: string) => async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } });
const named = ({ payloads }: Recording) =>
  payloads.map((payload) => `event: ${(JSON.parse(payload) as Fields).type}\ndata: ${payload}\n\n`).join('');

function ours(dialect: Parameters<typeof decode>[0], body: string): View {
  const { answer, events } = decode(dialect, body);
  return {
    text: answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    // Only these may be acted on.
    calls: events.flatMap((event) =>
      event.type === 'tool-call-end' ? [{ name: event.name, input: JSON.parse(event.arguments) as unknown }] : [],
    ),
    finish: answer.finish?.nativeReason,
    input: answer.usage?.inputTokens,
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
    input:
      message.usage.input_tokens +
      (message.usage.cache_read_input_tokens ?? 0) +
      (message.usage.cache_creation_input_tokens ?? 0),
    output: message.usage.output_tokens,
  };
}

async function responsesView(body: string): Promise<View> {
  const client = new OpenAI({ apiKey: 'x', fetch: stub(body), maxRetries: 0 });
  let text = '';
  const calls: { name: string; input: unknown }[] = [];
  let finish: string | undefined;
  let input: number | undefined;
  let output: number | undefined;
  for await (const event of await client.responses.create({ model: 'm', input: 'x', stream: true })) {
    if (event.type === 'response.output_text.delta') text += event.delta;
    else if (event.type === 'response.output_item.done' && event.item.type === 'function_call') {
      calls.push({ name: event.item.name, input: JSON.parse(event.item.arguments || '{}') });
    } else if (event.type === 'response.completed' || event.type === 'response.incomplete') {
      finish = event.response.incomplete_details?.reason ?? event.response.status;
      input = event.response.usage?.input_tokens;
      output = event.response.usage?.output_tokens;
    }
  }
  return { text, calls, finish, input, output };
}

/** The SDK hands the deltas out; they are put together as its documentation does it, by index. */
async function chatView(body: string): Promise<View> {
  const client = new OpenAI({ apiKey: 'x', fetch: stub(body), maxRetries: 0 });
  let text = '';
  const calls: { name: string; json: string }[] = [];
  let finish: string | undefined;
  let input: number | undefined;
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
    input = chunk.usage?.prompt_tokens ?? input;
    output = chunk.usage?.completion_tokens ?? output;
  }
  return {
    text,
    calls: calls.map(({ name, json }) => ({ name, input: JSON.parse(json || '{}') as unknown })),
    finish,
    input,
    output,
  };
}

async function geminiView(body: string): Promise<View> {
  vi.stubGlobal('fetch', stub(body));
  const client = new GoogleGenAI({ apiKey: 'x' });
  let text = '';
  const calls: { name: string; input: unknown }[] = [];
  let finish: string | undefined;
  let input: number | undefined;
  let output: number | undefined;
  for await (const chunk of await client.models.generateContentStream({ model: 'm', contents: 'x' })) {
    for (const part of chunk.candidates?.[0]?.content?.parts ?? []) {
      if (part.text !== undefined && !part.thought) text += part.text;
      if (part.functionCall?.name) calls.push({ name: part.functionCall.name, input: part.functionCall.args ?? {} });
    }
    finish = chunk.candidates?.[0]?.finishReason ?? finish;
    const usage = chunk.usageMetadata;
    if (usage?.promptTokenCount !== undefined) input = usage.promptTokenCount + (usage.toolUsePromptTokenCount ?? 0);
    if (usage?.candidatesTokenCount !== undefined)
      output = usage.candidatesTokenCount + (usage.thoughtsTokenCount ?? 0);
  }
  return { text, calls, finish, input, output };
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
    for (const field of ['text', 'calls', 'finish', 'input', 'output'] as const) {
      if (fields.includes(field)) expect(own[field], field).not.toEqual(theirs[field]);
      else expect(own[field], field).toEqual(theirs[field]);
    }
  });
}

/** Recordings that an SDK throws at, or cannot be asked about, with what ours makes of them and why that is right. */
function apart(
  recordings: readonly Recording[],
  frame: (recording: Recording) => string,
  dialect: Parameters<typeof decode>[0],
  view: (body: string) => Promise<View>,
  cases: Readonly<Record<string, readonly [kind: string | undefined, why: string, theirs?: 'silent']>>,
): void {
  test.each(Object.entries(cases))('%s is another matter', async (name, [kind, , theirs]) => {
    const recording = recordings.find((one) => one.name === name);
    const body = frame(recording as Recording);
    if (theirs === 'silent') expect((await view(body)).finish).toBeUndefined();
    else await expect(view(body)).rejects.toThrow();
    expect(decode(dialect, body).answer.finish?.failure?.kind).toBe(kind);
  });
}

onRecordings('@anthropic-ai/sdk sees the same', () => {
  const odd = /^(duplicate|spliced)-/;
  const streams = streamsOf(
    'vercel-ai/anthropic-messages',
    (payload, name) => payload.type === 'message_start' && !odd.test(name),
  );
  compare(
    streams.filter(({ name }) => !odd.test(name)),
    named,
    'anthropic-messages',
    anthropicView,
    {
      'anthropic-advisor-20250301.1': [
        ['input', 'output'],
        'quirk 84: what the advisor read and wrote is billed as well',
      ],
      'anthropic-compaction.1': [['input', 'output'], 'quirk 84: what the compaction read and wrote is billed as well'],
      'anthropic-fallback': [['input'], 'quirk 84: the model that was asked first has read the question too'],
    },
  );
  apart(streams, named, 'anthropic-messages', anthropicView, {
    'duplicate-message-start': [undefined, 'quirk 90: the same message, said twice, is the same message'],
    'spliced-message-start': ['malformed-output', 'quirk 90: two messages in one are an error for both of us'],
  });
  // Its own fixtures, as they lie in its own repository.
  compare(
    [...filesIn('anthropic-sdk', '.sse'), ...filesIn('anthropic-sdk', '.txt')].map((name) => ({
      name,
      payloads: [textFile(name)],
    })),
    ({ payloads }) => payloads.join(''),
    'anthropic-messages',
    anthropicView,
    {
      'anthropic-sdk/incomplete_partial_json_response.txt': [['calls'], 'quirk 43: a call that was cut off is no call'],
      'anthropic-sdk/stream-a-toolrefusal.sse': [['input'], 'quirk 81: the larger of two counts holds'],
    },
  );
});

onRecordings('openai sees the same', () => {
  const streams = streamsOf('vercel-ai/openai-responses', (payload) => payload.type === 'response.created');
  const odd = ['azure-deepseek-reasoning.1', 'parallel-tool-call-wrapper.1', 'openai-error.1'];
  apart(
    streams,
    // One of them was shortened by hand, and holds lines that are no JSON.
    ({ payloads }) => payloads.map((payload) => `data: ${payload}\n\n`).join(''),
    'openai-responses',
    responsesView,
    {
      'azure-deepseek-reasoning.1': [
        'malformed-output',
        'quirk 72: the SDK says nothing of another protocol',
        'silent',
      ],
      'parallel-tool-call-wrapper.1': ['truncated', 'a line that is no JSON is an error for both of us'],
      'openai-error.1': ['credit', 'quirk 59: an error in the stream is an error for both of us'],
    },
  );
  compare(
    streams.filter(({ name }) => !odd.includes(name)),
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
