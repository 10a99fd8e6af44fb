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
  return ended(events, deltas, head);
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
  return ended(events, deltas, head);
}

function ended(events: string[], deltas: readonly string[], head: string): WireSample {
  events.push(
    `data: {${head},"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}\n\n`,
    `data: {${head},"choices":[],"usage":{"prompt_tokens":16,"completion_tokens":${deltas.length},"total_tokens":${16 + deltas.length}}}\n\n`,
    'data: [DONE]\n\n',
  );
  return { events, characters: deltas.reduce((sum, text) => sum + text.length, 0) };
}

/** One tool call whose arguments come in so many deltas. */
export function toolCallWire(count: number): WireSample {
  const head = '"id":"chatcmpl-1","object":"chat.completion.chunk","created":1770933883,"model":"gpt-4.1-nano"';
  const call = (fields: string) =>
    `data: {${head},"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,${fields}}]},"finish_reason":null}]}\n\n`;
  const events = [call('"id":"call_1","type":"function","function":{"name":"write","arguments":"{\\"text\\":\\""}')];
  for (let n = 0; n < count; n++) events.push(call('"function":{"arguments":"words, "}'));
  events.push(
    call('"function":{"arguments":"\\"}"}'),
    `data: {${head},"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}\n\n`,
    'data: [DONE]\n\n',
  );
  return { events, characters: count * 7 };
}

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
