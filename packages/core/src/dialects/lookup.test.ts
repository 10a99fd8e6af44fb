import { expect, it } from 'vitest';
import { dialectOf } from './lookup.ts';

it.each(['openai-chat', 'guide'] as const)('%s is spoken', (name) => {
  const dialect = dialectOf(name);
  expect(dialect.name).toBe(name);
  const decoder = dialect.createDecoder({ provider: 'Acme', model: 'one' });
  decoder.push(new TextEncoder().encode('data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}\n\n'));
  expect(decoder.end().at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
});
