import { expect, it } from 'vitest';
import { endpointUrl, pageUrl } from './endpoint-url.ts';

it.each([
  ['https://api.openai.com/v1', 'https://api.openai.com/v1/chat/completions'],
  ['https://api.openai.com/v1/', 'https://api.openai.com/v1/chat/completions'],
  [' http://127.0.0.1:8080/v1// ', 'http://127.0.0.1:8080/v1/chat/completions'],
  ['http://127.0.0.1:8080/v1/chat/completions', 'http://127.0.0.1:8080/v1/chat/completions'],
  ['http://127.0.0.1:8080/v1/chat/completions/', 'http://127.0.0.1:8080/v1/chat/completions'],
])('quirk 34: %s', (base, url) => {
  expect(endpointUrl(base, '/chat/completions')).toBe(url);
});

it.each([
  ['https://api.example/v2', '/models', 'https://api.example/v2/models'],
  ['https://api.example/v2', '../v1/models?endpoint=chat', 'https://api.example/v1/models?endpoint=chat'],
  ['https://proxy.example/to/v2/', '../v1/models', 'https://proxy.example/to/v1/models'],
  ['https://api.example/v2', 'https://api.example/catalog', 'https://api.example/catalog'],
  ['https://api.example/v2', 'https://other.example/catalog', undefined],
  ['https://api.example/v2', 'http://api.example/catalog', undefined],
  ['https://api.example/v2', 'data:,x', undefined],
  ['https://api.example/v2', 'https://', undefined],
])('a page of %s called %s stands at its origin or nowhere', (base, path, url) => {
  expect(pageUrl(base, path)).toBe(url);
});
