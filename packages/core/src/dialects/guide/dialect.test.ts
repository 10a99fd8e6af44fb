import { describe, expect, it } from 'vitest';
import { createFold } from '../../chat/fold.ts';
import type { Message } from '../../chat/message.ts';
import { guide as provider } from '../../providers/guide.ts';
import { readEvents } from '../../transport/read-events.ts';
import type { EncodeInput } from '../dialect.ts';
import { createOpenAiChatDecoder } from '../openai-chat/decode.ts';
import { guide } from './dialect.ts';

const asked = (...messages: readonly Message[]): EncodeInput => ({
  request: { choice: { provider: 'guide', model: 'guide' }, messages },
  provider,
  model: undefined,
  maxOutputTokens: 100,
  media: new Map(),
});
const user = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] });

describe('the guide as a dialect', () => {
  it('sends nothing but the last questions', () => {
    const { body } = guide.encode({
      ...asked(user('a'), { role: 'assistant', parts: [{ type: 'text', text: 'secret' }] }, user('b'), user('c')),
    });
    expect(JSON.parse(body)).toEqual({ model: 'guide', questions: ['b', 'c'] });
  });

  it('answers in a stream that is decoded like any other, complete and at no cost', async () => {
    const response = guide.respond?.(guide.encode(asked(user('How do caps hold?'))));
    expect(response?.headers.get('content-type')).toBe('text/event-stream');
    const fold = createFold();
    let batches = 0;
    for await (const batch of readEvents(response?.body ?? null, createOpenAiChatDecoder())) {
      fold.push(batch);
      batches++;
    }
    const { parts, finish, usage, model } = fold.answer();
    expect(batches).toBeGreaterThan(20);
    expect(model).toBe('guide');
    expect(parts).toMatchObject([{ type: 'text', text: expect.stringContaining('**How caps hold**') }]);
    expect(finish).toEqual({ reason: 'stop', nativeReason: 'stop' });
    expect(usage).toEqual({ inputTokens: 0, outputTokens: 0, costUsd: '0' });
  });

  it('keeps every character, line ends included', async () => {
    const response = guide.respond?.(guide.encode(asked(user('keyboard'))));
    const fold = createFold();
    for await (const batch of readEvents(response?.body ?? null, createOpenAiChatDecoder())) fold.push(batch);
    const [part] = fold.answer().parts;
    expect(part?.type === 'text' && part.text).toMatch(/^\*\*Keyboard\*\*\n\n- \*\*Enter\*\* sends.*\n- /s);
  });
});
