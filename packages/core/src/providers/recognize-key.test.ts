import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recognizeKey } from './recognize-key.ts';

const OPENROUTER = `sk-or-v1-${'0123456789abcdef'.repeat(4)}`;
const OPENAI = 'sk-proj-abcDEF123_-ghiJKL456';

describe('recognizeKey', () => {
  test('knows OpenRouter’s and OpenAI’s keys by their shape', () => {
    expect(recognizeKey(OPENROUTER)).toEqual({ kind: 'recognized', provider: 'openrouter', secret: OPENROUTER });
    expect(recognizeKey(OPENAI)).toEqual({ kind: 'recognized', provider: 'openai', secret: OPENAI });
    expect(recognizeKey('sk-svcacct-abcDEF123')).toMatchObject({ kind: 'recognized', provider: 'openai' });
    const legacy = `sk-${'a'.repeat(20)}T3BlbkFJ${'b'.repeat(20)}`;
    expect(recognizeKey(legacy)).toMatchObject({ kind: 'recognized', provider: 'openai' });
    expect(recognizeKey('sk-ant-api03-abcdefghijkl')).toMatchObject({ kind: 'recognized', provider: 'anthropic' });
    expect(recognizeKey(`AIza${'x'.repeat(35)}`)).toMatchObject({ kind: 'recognized', provider: 'google' });
  });

  test.each([
    ['gsk_abcdefghijkl', 'groq'],
    ['xai-abcdefghijkl', 'x-ai'],
    ['pplx-abcdefghijkl', 'perplexity'],
    ['csk-abcdefghijkl', 'cerebras'],
    ['fw_abcdefghijkl', 'fireworks'],
    ['tgp_v1_abcdefghijkl', 'together'],
    ['hf_abcdefghijkl', 'huggingface'],
    ['nvapi-abcdefghijkl', 'nvidia'],
    ['github_pat_abcdefghijkl', 'github'],
    ['ghp_abcdefghijkl', 'github'],
    ['ABSKabcdefghijkl', 'aws'],
    ['vck_abcdefghijkl', 'vercel'],
    ['sk_abcdefghijkl', 'novita'],
    ['LLM|123456789|abcdef', 'meta'],
    ['0123456789abcdef0123456789abcdef.abcDEF0123456789', 'zai'],
    ['sk-api-abcdefghijkl', 'minimax'],
    ['AQ.abcdefghijkl', 'google'],
  ])('knows whose %s is', (secret, provider) => {
    expect(recognizeKey(secret)).toMatchObject({ kind: 'recognized', provider, secret });
  });

  test.each([
    `  ${OPENROUTER}\n`,
    `"${OPENROUTER}"`,
    `'${OPENROUTER}',`,
    `“${OPENROUTER}”`,
    `Bearer ${OPENROUTER}`,
    `bearer   ${OPENROUTER}`,
    `Authorization: Bearer ${OPENROUTER}`,
    `-H "Authorization: Bearer ${OPENROUTER}"`,
    `OPENROUTER_API_KEY=${OPENROUTER}`,
    `export OPENROUTER_API_KEY="${OPENROUTER}"`,
  ])('takes off what was pasted around the key: %s', (text) => {
    expect(recognizeKey(text)).toEqual({ kind: 'recognized', provider: 'openrouter', secret: OPENROUTER });
  });

  test('says that an OpenRouter key may be cut off, and still takes it', () => {
    expect(recognizeKey(OPENROUTER.slice(0, -1))).toMatchObject({
      kind: 'recognized',
      provider: 'openrouter',
      hint: expect.stringMatching(/73 characters, this one has 72/),
    });
  });

  test('asks whose a bare sk- key is', () => {
    const found = recognizeKey('sk-0123456789abcdef0123456789abcdef');
    expect(found).toMatchObject({
      kind: 'ambiguous',
      providers: ['openai', 'deepseek', 'qwen', 'openwebui', 'custom'],
    });
    expect(found.kind === 'ambiguous' && found.message).toMatch(/OpenAI and DeepSeek/);
  });

  test('asks whose a key without any shape is', () => {
    expect(recognizeKey('0123456789_bcdef0123456789abcdef')).toMatchObject({
      kind: 'ambiguous',
      providers: ['custom'],
    });
  });

  test.each([
    ['sk-ant-admin01-abcdefgh', 'Anthropic', /admin key/],
    ['sk-admin-abcdefghijkl', 'OpenAI', /admin key/],
    ['sk-lf-abcdefghijkl', 'Langfuse', /Langfuse/],
    ['r8_abcdefghijklmnop', 'Replicate', /OpenRouter can/],
    ['AKIAIOSFODNN7EXAMPLE', 'AWS', /half of a pair/],
  ])('says what %s is', (text, name, message) => {
    const found = recognizeKey(text);
    expect(found).toMatchObject({ kind: 'unsupported', name });
    expect(found.kind === 'unsupported' && found.message).toMatch(message);
    expect(found.kind === 'unsupported' && found.custom).toBeUndefined();
  });

  test.each([
    ['cpk_abcdefghijkl', 'Chutes', 'https://llm.chutes.ai/v1'],
    ['flp_abcdefghijkl', 'Friendli', 'https://api.friendli.ai/serverless/v1'],
  ])('offers %s as a custom endpoint', (text, name, baseUrl) => {
    expect(recognizeKey(text)).toMatchObject({ kind: 'unsupported', name, custom: { name, baseUrl } });
  });

  test.each([
    ['', /no key/],
    [' \n\t ', /no key/],
    ['Bearer ', /at least 8/],
    ['sk-or', /at least 8/],
    ['sk-or-v1-au7...890', /shortened/],
    ['sk-proj-abcd…wxyz', /shortened/],
    ['sk-proj-********wxyz', /shortened/],
    ['sk-or-v1-abc def0123', /space or a line break/],
    ['sk-or-v1-abcdef\n0123456', /space or a line break/],
    ['https://openrouter.ai/keys', /web address/],
    ['sk-or-v1-аbcdef01234', /a character that no key has/], // Cyrillic а
  ])('says why %j is no key', (text, message) => {
    const found = recognizeKey(text);
    expect(found.kind).toBe('malformed');
    expect(found.kind === 'malformed' && found.message).toMatch(message);
  });

  test('hands out only what is safe in a header, and never repeats the secret in a message', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const found = recognizeKey(text);
        if (found.kind === 'malformed') return;
        expect(found.secret).toMatch(/^[\x21-\x7e]+$/);
        if ('message' in found && found.secret.length >= 12) expect(found.message).not.toContain(found.secret);
      }),
    );
  });
});
