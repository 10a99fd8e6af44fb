import { expect, it } from 'vitest';
import { endpointUrl } from './endpoint-url.ts';

it.each([
  ['https://api.openai.com/v1', 'https://api.openai.com/v1/chat/completions'],
  ['https://api.openai.com/v1/', 'https://api.openai.com/v1/chat/completions'],
  [' http://127.0.0.1:8080/v1// ', 'http://127.0.0.1:8080/v1/chat/completions'],
  ['http://127.0.0.1:8080/v1/chat/completions', 'http://127.0.0.1:8080/v1/chat/completions'],
  ['http://127.0.0.1:8080/v1/chat/completions/', 'http://127.0.0.1:8080/v1/chat/completions'],
])('quirk 34: %s', (base, url) => {
  expect(endpointUrl(base, '/chat/completions')).toBe(url);
});
