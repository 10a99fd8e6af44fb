import { expect, it } from 'vitest';
import { isPlainText, plainText } from './plain-text.ts';

it('takes out what would make a text read as another one', () => {
  expect(plainText('gpt-4\u202E5-olleh\u2066 \u0000\n x')).toBe('gpt-4 5-olleh x');
  expect(isPlainText('gpt-4\u202E')).toBe(false);
});

it('leaves names as people write them', () => {
  for (const name of ['GPT-4o (mini)', 'نموذج', '模型 1', '👨‍👩‍👧 family']) {
    expect(plainText(name)).toBe(name);
    expect(isPlainText(name)).toBe(true);
  }
});
