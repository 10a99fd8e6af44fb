import { expect, it } from 'vitest';
import { createDecoder } from './all-decoders.ts';

/** Each protocol's way of saying who answers. */
const STREAMS = [
  [
    'openai-chat',
    (name: string) => `data: ${JSON.stringify({ id: name, model: name, provider: name, choices: [] })}\n\n`,
  ],
  [
    'openai-responses',
    (name: string) => `data: ${JSON.stringify({ type: 'response.created', response: { id: name, model: name } })}\n\n`,
  ],
  [
    'anthropic-messages',
    (name: string) => `data: ${JSON.stringify({ type: 'message_start', message: { id: name, model: name } })}\n\n`,
  ],
  ['gemini', (name: string) => `data: ${JSON.stringify({ responseId: name, modelVersion: name })}\n\n`],
  ['cohere', (name: string) => `data: ${JSON.stringify({ type: 'message-start', id: name })}\n\n`],
] as const;

it.each(STREAMS)('%s: a name is one line that can be shown and kept', (dialect, stream) => {
  const events = createDecoder(dialect).push(new TextEncoder().encode(stream(`a\u202Eb\n${'c'.repeat(10_000)}`)));
  const [start] = events.filter((event) => event.type === 'response-start');
  expect(start).toBeDefined();
  for (const name of Object.values(start ?? {}).slice(1)) expect(name).toMatch(/^a b c{200,300}$/);
});
