import { describe, expect, test } from 'vitest';
import { createFold } from '../../chat/fold.ts';
import type { ReasoningEffort } from '../../chat/request.ts';
import { classifyFailure } from '../../failures/classify.ts';
import { providerOf } from '../../providers/registry.ts';
import { validate } from '../../validation/validate.ts';
import type { DecoderOptions } from '../dialect.ts';
import { createOpenAiChatDecoder } from './decode.ts';

type Value = { [key: string]: unknown };

/** Hand-written answers of those who speak OpenAI's chat protocol in their own ways. */
function run(chunks: readonly (string | Value)[], options: DecoderOptions = {}) {
  const decoder = createOpenAiChatDecoder({ provider: 'Acme', model: 'one', ...options });
  const body = chunks.map((one) => (typeof one === 'string' ? one : `data: ${JSON.stringify(one)}\n\n`)).join('');
  const said = [...decoder.push(new TextEncoder().encode(body)), ...decoder.end()];
  const fold = createFold();
  fold.push(said);
  return { said, ...fold.answer() };
}
const delta = (fields: Value, rest: Value = {}): Value => ({ choices: [{ index: 0, delta: fields, ...rest }] });
const stop = (usage?: Value, reason = 'stop'): Value => ({
  choices: [{ index: 0, delta: {}, finish_reason: reason }],
  ...(usage && { usage }),
});
const failed = (provider: string, status: number, body: string) =>
  classifyFailure({
    source: 'http',
    status,
    body,
    providerId: provider,
    provider: providerOf(provider)?.name,
    model: 'm',
  });

/** The effort that is sent, and what is said about it. */
function effortFor(id: string, model: string, reasoningEffort: ReasoningEffort) {
  const provider = providerOf(id);
  if (!provider) throw new Error(`no provider ${id}`);
  const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'a' }] }];
  const checked = validate({ choice: { provider: id, model }, messages, reasoningEffort }, undefined, provider);
  if ('refuse' in checked) throw new Error(checked.refuse.message);
  return [
    checked.request.reasoningEffort,
    checked.notices.filter((one) => one.field === 'reasoningEffort').map((one) => one.code),
  ];
}

describe('Groq', () => {
  test('quirk 161: reasoning beside its channel is reasoning', () => {
    expect(run([delta({ reasoning: 'hm', channel: 'analysis' }), delta({ content: 'x' }), stop()]).parts).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'x' },
    ]);
  });

  test('quirk 164: a model that thinks or does not is never asked by degrees', () => {
    expect(effortFor('groq', 'qwen/qwen3-32b', 'none')).toEqual(['none', []]);
    expect(effortFor('groq', 'qwen/qwen3-32b', 'high')).toEqual([undefined, ['parameter-adapted']]);
  });

  test('quirk 166: empty deltas say nothing', () => {
    expect(
      run([
        delta({ role: 'assistant', content: '' }),
        delta({ content: 'x' }),
        delta({ content: '' }),
        stop(),
      ]).said.filter((one) => one.type === 'text'),
    ).toHaveLength(1);
  });
});

describe('DeepSeek', () => {
  test('quirk 184: an answer that stands in the reasoning alone is shown there', () => {
    expect(run([delta({ reasoning_content: '{"a":1}', content: '' }), stop()])).toMatchObject({
      parts: [{ type: 'reasoning', text: '{"a":1}' }],
      finish: { reason: 'stop' },
    });
  });
});

describe('xAI', () => {
  test('quirk 186: a word said twice is said twice', () => {
    expect(run([delta({ content: 'ha' }), delta({ content: 'ha' }), stop()]).parts).toEqual([
      { type: 'text', text: 'haha' },
    ]);
    expect(
      run([delta({ reasoning_content: 'ha' }), delta({ reasoning_content: 'ha' }), delta({ content: 'x' }), stop()])
        .parts[0],
    ).toEqual({ type: 'reasoning', text: 'haha' });
  });

  test('quirk 192: an effort that a model refuses is not sent to it', () => {
    expect(effortFor('x-ai', 'grok-4.20-reasoning', 'high')).toEqual([undefined, ['parameter-dropped']]);
    expect(effortFor('x-ai', 'grok-4.3', 'none')).toEqual(['none', []]);
    expect(effortFor('x-ai', 'grok-4.7', 'none')).toEqual(['low', ['parameter-adapted']]);
    expect(effortFor('x-ai', 'grok-3-mini', 'high')).toEqual(['high', []]);
  });
});

describe('others', () => {
  test('quirks 196 and 198: usage comes when asked for, or on every chunk', () => {
    const usage = (completion_tokens: number) => ({ prompt_tokens: 3, completion_tokens });
    expect(
      run([
        { ...delta({ content: 'a' }), usage: usage(1) },
        { ...delta({ content: 'b' }), usage: usage(2) },
        stop(usage(2)),
      ]).usage,
    ).toEqual({ inputTokens: 3, outputTokens: 2 });
    expect(run([delta({ content: 'a' }), stop()]).usage).toBeUndefined();
  });

  test.each(['fireworks', 'perplexity', 'huggingface', 'vllm'])(
    'quirks 200, 208 and 259: %s may write its thinking between tags',
    (id) => {
      const thinkTags = providerOf(id)?.flags.thinkTags;
      expect(thinkTags).toBe('tagged');
      expect(
        run([delta({ content: '<think>h' }), delta({ content: 'm</think>x' }), stop()], {
          ...(thinkTags && { thinkTags }),
        }).parts,
      ).toEqual([
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'x' },
      ]);
    },
  );

  test('quirk 201: Cerebras refuses what is too long without a word', () => {
    expect(failed('cerebras', 400, '').kind).toBe('context-length');
    expect(failed('cerebras', 413, '').kind).toBe('context-length');
    expect(failed('groq', 400, '').kind).not.toBe('context-length');
  });

  test('quirk 202: thinking under the name of reasoning', () => {
    expect(run([delta({ reasoning: 'hm' }), delta({ content: 'x' }), stop()]).parts[0]).toEqual({
      type: 'reasoning',
      text: 'hm',
    });
  });

  test('quirk 203: text beside a call is text, and the call is a call', () => {
    const call = { index: 0, id: 'c1', function: { name: 'look', arguments: '{"a":1}' } };
    const answer = run([delta({ content: '{"a":1}' }), delta({ tool_calls: [call] }), stop(undefined, 'tool_calls')]);
    expect(answer.parts.map((part) => part.type)).toEqual(['text', 'tool-call']);
    expect(answer.finish?.reason).toBe('tool-calls');
  });

  test('quirk 204: Meta has an address of its own for this protocol', () => {
    expect(providerOf('meta')).toMatchObject({
      baseUrl: 'https://api.llama.com/compat/v1',
      dialect: 'openai-chat',
      flags: { reasoning: 'none' },
    });
  });

  test('quirk 222: Ollama turns extensions away', () => {
    expect(failed('ollama', 403, '').message).toContain('OLLAMA_ORIGINS');
    expect(providerOf('ollama')?.originRefused).toContain('chrome-extension');
  });

  test('quirk 257: MiniMax is asked in Anthropic’s protocol, and gets its thinking back unsigned', () => {
    expect(providerOf('minimax')).toMatchObject({ dialect: 'anthropic-messages', flags: { unsignedThinking: true } });
  });

  test('quirk 258: NVIDIA’s limits speak another language', () => {
    expect(failed('nvidia', 429, '{"error":"ResourceExhausted: Worker local total request limit reached"}').kind).toBe(
      'rate-limit',
    );
  });
});

describe('Azure', () => {
  test('quirk 234: its filter is an error before the answer, and a finish reason in it', () => {
    const body =
      '{"error":{"message":"The response was filtered due to the prompt triggering content management policy.","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}';
    expect(failed('azure', 400, body).kind).toBe('content-policy');
    expect(run([delta({ content: 'x' }), stop(undefined, 'content_filter')]).finish).toMatchObject({
      reason: 'content-filter',
      failure: { kind: 'content-policy' },
    });
  });

  test('quirk 235: an error behind its first events is one', () => {
    const first = { choices: [], id: '', model: '', prompt_filter_results: [{ prompt_index: 0 }] };
    expect(
      run([first, { error: { code: '503', message: 'The service is overloaded' } }]).finish?.failure,
    ).toMatchObject({ kind: 'overloaded', fallbackable: true });
  });

  test('quirk 237: its own header, and the address of one’s own resource', () => {
    expect(providerOf('azure')).toMatchObject({ auth: { header: 'api-key' }, baseUrl: '' });
  });
});

describe('Bedrock', () => {
  test('quirk 244: too many tokens, please wait, is a rate limit', () => {
    expect(
      failed('aws', 429, '{"message":"ThrottlingException: Too many tokens, please wait before trying again."}').kind,
    ).toBe('rate-limit');
  });

  test('quirk 245: a bad key is a 403', () => {
    expect(
      failed(
        'aws',
        403,
        '{"message":"UnrecognizedClientException: The security token included in the request is invalid."}',
      ).kind,
    ).toBe('auth');
    expect(
      failed('aws', 403, '{"message":"You don\'t have access to the model with the specified model ID."}').kind,
    ).toBe('permission');
  });
});

test('quirk 103: a request too large in bytes is too long', () => {
  expect(
    failed(
      'anthropic',
      413,
      '{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum allowed number of bytes."}}',
    ).kind,
  ).toBe('context-length');
});
