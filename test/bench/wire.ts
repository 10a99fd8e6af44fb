import type { DialectName } from '../../packages/core/src/providers/provider.ts';
import { randomOf } from './harness.ts';

/** What the answer in a wire is made of. */
export interface WireSample {
  readonly events: readonly string[];
  /** Characters of text in it, for checking that nobody loses any. */
  readonly characters: number;
}

const WORDS = [
  'the',
  ' of',
  ' and',
  ' model',
  ' to',
  ' in',
  ' is',
  ' that',
  ' answer',
  'ing',
  's',
  ',',
  '.',
  ' it',
  ' a',
  ' for',
];
const FOREIGN = [' für', 'é', ' 漢字', ' naïve', '—', ' “so”', '🧵', ' Straße'];
const ESCAPED = ['\n', '\n\n', '\t', '"', '\\n', ' "x"', '\n- '];

/** About four characters a delta; 14 % beyond ASCII, 11 % that JSON has to escape. */
function deltasOf(count: number, seed: number): string[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, () => {
    const kind = random();
    const from = kind < 0.14 ? FOREIGN : kind < 0.25 ? ESCAPED : WORDS;
    return from[Math.floor(random() * from.length)] as string;
  });
}

const PADDING = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** What OpenAI itself sends: 327 bytes a delta, with its padding against traffic analysis. */
export function openAiWire(count: number): WireSample {
  const deltas = deltasOf(count, 1);
  const random = randomOf(2);
  const head =
    '"id":"chatcmpl-D8Z5f52zQqikDBEKQMQoYcWMcWPeU","object":"chat.completion.chunk","created":1770933883,"model":"gpt-4.1-nano-2025-04-14","service_tier":"default","system_fingerprint":"fp_4c2851f862"';
  const events = deltas.map((text) => {
    const padding = Array.from({ length: 6 + Math.floor(random() * 10) }, () => PADDING[Math.floor(random() * 62)]);
    return `data: {${head},"choices":[{"index":0,"delta":{"content":${JSON.stringify(text)}},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"${padding.join('')}"}\n\n`;
  });
  return ended(events, deltas, head, ',"usage":null');
}

/** What OpenRouter sends: 328 bytes a delta, with a comment now and then. */
export function openRouterWire(count: number): WireSample {
  const deltas = deltasOf(count, 3);
  const random = randomOf(4);
  const head =
    '"id":"gen-1780944361-X5HAtL0Z2NQp8nHAiT6F","object":"chat.completion.chunk","created":1780944361,"model":"anthropic/claude-4.5-haiku-20251001","provider":"Amazon Bedrock"';
  const events = deltas.map(
    (text) =>
      `${random() < 0.01 ? ': OPENROUTER PROCESSING\n\n' : ''}data: {${head},"choices":[{"index":0,"delta":{"content":${JSON.stringify(text)},"role":"assistant"},"finish_reason":null,"native_finish_reason":null,"logprobs":null}]}\n\n`,
  );
  return ended(events, deltas, head, '');
}

/** OpenAI says that there is no usage yet; OpenRouter says nothing, and its own SDK gives up where it is told. */
function ended(events: string[], deltas: readonly string[], head: string, noUsage: '' | ',"usage":null'): WireSample {
  events.push(
    `data: {${head},"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]${noUsage}}\n\n`,
    `data: {${head},"choices":[],"usage":{"prompt_tokens":16,"completion_tokens":${deltas.length},"total_tokens":${16 + deltas.length}}}\n\n`,
    'data: [DONE]\n\n',
  );
  return { events, characters: charactersOf(deltas) };
}

/** What Anthropic sends: 124 bytes a delta, with a ping now and then. */
export function anthropicWire(count: number): WireSample {
  const deltas = deltasOf(count, 6);
  const random = randomOf(7);
  const frame = (type: string, rest: string) => `event: ${type}\ndata: {"type":"${type}"${rest}}\n\n`;
  const usage = `"usage":{"input_tokens":16,"output_tokens":${count}}`;
  const events = [
    frame(
      'message_start',
      ',"message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[],"stop_reason":null,"usage":{"input_tokens":16,"output_tokens":1}}',
    ),
    frame('content_block_start', ',"index":0,"content_block":{"type":"text","text":""}'),
    ...deltas.map(
      (text) =>
        `${random() < 0.01 ? 'event: ping\ndata: {"type": "ping"}\n\n' : ''}${frame('content_block_delta', `,"index":0,"delta":{"type":"text_delta","text":${JSON.stringify(text)}}`)}`,
    ),
    frame('content_block_stop', ',"index":0'),
    frame('message_delta', `,"delta":{"stop_reason":"end_turn","stop_sequence":null},${usage}`),
    frame('message_stop', ''),
  ];
  return { events, characters: charactersOf(deltas) };
}

/** What OpenAI's Responses sends: 240 bytes a delta. */
export function responsesWire(count: number): WireSample {
  const deltas = deltasOf(count, 8);
  const random = randomOf(9);
  const frame = (type: string, rest: string) => `event: ${type}\ndata: {"type":"${type}"${rest}}\n\n`;
  const item = '"id":"msg_0a63f40a2632b74300699f8819a5e08196ac270722d369af5a","type":"message","role":"assistant"';
  const response =
    '"id":"resp_0a63f40a2632b74300699f8818e5648196a8fa657ae8091421","object":"response","created_at":1772062745,"model":"gpt-5.4-2026-03-05"';
  const events = [
    frame('response.created', `,"sequence_number":0,"response":{${response},"status":"in_progress","output":[]}`),
    frame(
      'response.output_item.added',
      `,"sequence_number":1,"output_index":0,"item":{${item},"status":"in_progress","content":[]}`,
    ),
    ...deltas.map((text, n) => {
      const padding = Array.from({ length: 6 + Math.floor(random() * 10) }, () => PADDING[Math.floor(random() * 62)]);
      return frame(
        'response.output_text.delta',
        `,"sequence_number":${n + 2},"item_id":"msg_0a63f40a2632b74300699f8819a5e08196ac270722d369af5a","output_index":0,"content_index":0,"delta":${JSON.stringify(text)},"logprobs":[],"obfuscation":"${padding.join('')}"`,
      );
    }),
    frame(
      'response.completed',
      `,"sequence_number":${count + 2},"response":{${response},"status":"completed","output":[],"usage":{"input_tokens":16,"input_tokens_details":{"cached_tokens":0},"output_tokens":${count},"output_tokens_details":{"reasoning_tokens":0},"total_tokens":${16 + count}}}`,
    ),
  ];
  return { events, characters: charactersOf(deltas) };
}

/** What Google sends: 331 bytes a delta, ended by CRLF, with usage on every one. */
export function geminiWire(count: number): WireSample {
  const deltas = deltasOf(count, 10);
  const chunk = (candidate: string, n: number) =>
    `data: {"candidates":[{"content":{"parts":[{"text":${candidate},"index":0}],"usageMetadata":{"promptTokenCount":16,"candidatesTokenCount":${n},"totalTokenCount":${16 + n},"promptTokensDetails":[{"modality":"TEXT","tokenCount":16}]},"modelVersion":"gemini-2.5-flash","responseId":"bH6LaZW8Fp_3nsEPqtaSwQ4"}\r\n\r\n`;
  const events = [
    ...deltas.map((text, n) => chunk(`${JSON.stringify(text)}}],"role":"model"}`, n)),
    chunk('""}],"role":"model"},"finishReason":"STOP"', count),
  ];
  return { events, characters: charactersOf(deltas) };
}

/** What Cohere sends: one small event a delta. */
export function cohereWire(count: number): WireSample {
  const deltas = deltasOf(count, 11);
  const frame = (type: string, rest: string) => `event: ${type}\ndata: {"type":"${type}"${rest}}\n\n`;
  const events = [
    frame(
      'message-start',
      ',"id":"321d178c-2c12-44d3-ae42-2f5510f6b1cc","delta":{"message":{"role":"assistant","content":[]}}',
    ),
    frame('content-start', ',"index":0,"delta":{"message":{"content":{"type":"text","text":""}}}'),
    ...deltas.map((text) =>
      frame('content-delta', `,"index":0,"delta":{"message":{"content":{"text":${JSON.stringify(text)}}}}`),
    ),
    frame('content-end', ',"index":0'),
    frame(
      'message-end',
      `,"delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":16,"output_tokens":${count}}}}`,
    ),
  ];
  return { events, characters: charactersOf(deltas) };
}

function charactersOf(deltas: readonly string[]): number {
  return deltas.reduce((sum, text) => sum + text.length, 0);
}

/** Every wire: the dialect that reads it, and what an answer of so many deltas looks like on it. */
export const WIRES = {
  openai: { dialect: 'openai-chat', sample: openAiWire },
  openrouter: { dialect: 'openai-chat', sample: openRouterWire },
  responses: { dialect: 'openai-responses', sample: responsesWire },
  anthropic: { dialect: 'anthropic-messages', sample: anthropicWire },
  gemini: { dialect: 'gemini', sample: geminiWire },
  cohere: { dialect: 'cohere', sample: cohereWire },
} as const satisfies Readonly<
  Record<string, { readonly dialect: DialectName; readonly sample: (count: number) => WireSample }>
>;

export type WireName = keyof typeof WIRES;

export const WIRE_NAMES = Object.keys(WIRES) as readonly WireName[];

export type Chunking = 'one event a read' | '16 events a read' | 'random 1-64 bytes';

export const CHUNKINGS: readonly Chunking[] = ['one event a read', '16 events a read', 'random 1-64 bytes'];

/** The reads that a network makes of these events. */
export function chunksOf(events: readonly string[], chunking: Chunking): Uint8Array[] {
  const encoder = new TextEncoder();
  if (chunking !== 'random 1-64 bytes') {
    const each = chunking === 'one event a read' ? 1 : 16;
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < events.length; at += each) chunks.push(encoder.encode(events.slice(at, at + each).join('')));
    return chunks;
  }
  const random = randomOf(5);
  const all = encoder.encode(events.join(''));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < all.length; ) {
    const to = at + 1 + Math.floor(random() * 64);
    chunks.push(all.slice(at, to));
    at = to;
  }
  return chunks;
}
