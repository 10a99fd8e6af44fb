import { expect, it } from 'vitest';
import { redact } from './redact.ts';

it.each([
  'sk-or-v1-0123456789abcdef0123456789abcdef0123456789abcdef',
  'sk-proj-abc_DEF-123T3BlbkFJxyz',
  'sk-abcd****wxyz',
  'sk-ant-api03-xyz',
  'gsk_abcdefgh12345678',
  'AIzaSyA-1234567890abcdefghijklmnopqrstuv',
  'hf_abcdefghijklm',
  'user_2abcDEF345',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.abc-DEF_1',
  'Bearer anything.goes:here',
  '0123456789abcdef0123456789abcdef',
  'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF-_',
])('hides %s', (secret) => {
  const shown = redact(`Incorrect API key provided: ${secret}, see https://openrouter.ai/settings/keys`);
  expect(shown).toBe('Incorrect API key provided: [hidden], see https://openrouter.ai/settings/keys');
});

it('hides the secret that was sent, whatever it looks like', () => {
  expect(redact('no such key: hunter2', 'hunter2')).toBe('no such key: [hidden]');
  expect(redact('no such key: a', '')).toBe('no such key: a');
});

it.each([
  ['cut off', 'corp.Example-Token.7', '[hidden]'],
  ['cut at its beginning', 'mple-Token.7731', '[hidden]'],
  ['over two lines', 'corp.Example\n-Token.7731', '[hidden]\n[hidden]'],
  ['starred in its middle', 'corp.Exa********ken.7731', '[hidden]********[hidden]'],
  ['twice in a row', 'corp.Example-Token.7731corp.Example-Token.7731', '[hidden][hidden]'],
  ['in a URL', 'https://h/?key=corp.Example-Token.7731&x=1', 'https://h/?key=[hidden]&x=1'],
])('hides the secret that was sent, %s', (_, echoed, shown) => {
  expect(redact(`no such key: ${echoed}!`, 'corp.Example-Token.7731')).toBe(`no such key: ${shown}!`);
});

it.each([
  'anthropic/claude-3-7-sonnet-20250219-thinking-variant is risk-free',
  'insufficient_quota, context_length_exceeded, openrouter_workspace_budget_exhausted',
  'https://openrouter.ai/docs/api-reference/streaming#stream-cancellation',
])('leaves words alone: %s', (text) => {
  expect(redact(text)).toBe(text);
});
