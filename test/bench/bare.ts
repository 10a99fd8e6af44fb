import type { DialectName } from '../../packages/core/src/providers/provider.ts';

/** The body of one response. */
export type Body = ReadableStream<Uint8Array>;

/** Gets every piece of the answer's text, once and in order. */
export type OnText = (text: string) => void;

/** Where the text of one event is on each wire, on a good day. */
const TEXTS: Readonly<Partial<Record<DialectName, (json: string, onText: OnText) => void>>> = {
  'openai-chat': (json, onText) => {
    const content = JSON.parse(json).choices[0]?.delta?.content;
    if (content) onText(content);
  },
  'anthropic-messages': (json, onText) => {
    const event = JSON.parse(json);
    if (event.type === 'content_block_delta') onText(event.delta.text);
  },
  'openai-responses': (json, onText) => {
    const event = JSON.parse(json);
    if (event.type === 'response.output_text.delta') onText(event.delta);
  },
  gemini: (json, onText) => {
    const text = JSON.parse(json).candidates[0]?.content?.parts?.[0]?.text;
    if (text) onText(text);
  },
  cohere: (json, onText) => {
    const event = JSON.parse(json);
    if (event.type === 'content-delta') onText(event.delta.message.content.text);
  },
};

/**
 * The bare bound: a reader, one streaming `TextDecoder`, a split by `indexOf`, `JSON.parse`, and one callback. It reads
 * what this wire looks like on a good day and knows of nothing that can go wrong.
 */
export async function bare(body: Body, onText: OnText, dialect: DialectName): Promise<void> {
  const onJson = TEXTS[dialect];
  if (!onJson) throw new Error(`There is no bare bound for ${dialect}.`);
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let carry = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    carry += decoder.decode(value, { stream: true });
    let from = 0;
    for (let to = carry.indexOf('\n'); to !== -1; to = carry.indexOf('\n', from)) {
      if (carry.startsWith('data: {', from)) {
        onJson(carry.slice(from + 6, to), onText);
      }
      from = to + 1;
    }
    if (from > 0) carry = carry.slice(from);
  }
}
