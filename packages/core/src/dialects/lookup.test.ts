import { expect, it } from 'vitest';
import { createDecoder, dialectOf } from './lookup.ts';

it.each(['openai-chat', 'guide'] as const)('%s is spoken', (name) => {
  expect(dialectOf(name).name).toBe(name);
  const decoder = createDecoder(name, { provider: 'Acme', model: 'one' });
  decoder.push(new TextEncoder().encode('data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}\n\n'));
  expect(decoder.end().at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
});
