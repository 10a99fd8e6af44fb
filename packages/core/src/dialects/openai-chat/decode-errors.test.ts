import { describe, expect, it } from 'vitest';
import { chunk, DONE, data, decode, stop } from './decoding.testing.ts';

const partial = data(chunk({ content: 'Hel' }));
const boom = { message: 'boom', code: 503 };

describe('an error inside a 200', () => {
  it.each([
    ['quirk 15: a plain JSON body', JSON.stringify({ error: boom })],
    ['quirk 15: the same, printed', JSON.stringify({ error: boom }, null, 2)],
    ['quirk 15, quirk 191: with the error as a string', JSON.stringify({ code: 'unavailable', error: 'boom' })],
    ['quirk 15: in vLLM’s form', JSON.stringify({ object: 'error', message: 'boom', type: 'x', code: 503 })],
    ['quirk 15: in FastAPI’s form', JSON.stringify({ detail: 'boom' })],
    ['quirk 16: printed over lines between events', `${partial}${JSON.stringify({ error: boom }, null, 2)}\n\n`],
    ['quirk 18: as an array', JSON.stringify([{ error: boom }])],
    ['quirk 18: as an array, printed, between events', `${partial}${JSON.stringify([{ error: boom }], null, 2)}\n`],
    [
      'quirk 19: beside empty choices and usage',
      partial + data({ choices: [], usage: { prompt_tokens: 1 }, error: boom }),
    ],
    ['quirk 19: without choices', partial + data({ error: boom })],
    ['quirk 20, quirk 223: as an event of that name', `${partial}event: error\n${data({ error: boom })}`],
    [
      'quirk 20: the same without a key of that name',
      `${partial}event: error\n${data({ message: 'boom', type: 'x' })}`,
    ],
    ['quirk 20: the same as text', `${partial}event: error\n${data('boom')}`],
    ['quirk 21: as a field of that name', `${partial}error: ${JSON.stringify(boom)}\n\n`],
    ['quirk 21: the same in a shell of its own', `${partial}error: ${JSON.stringify({ error: boom })}\n\n`],
    ['quirk 22: beside a finish reason of error', partial + data(stop('error', {}, { error: boom }))],
    ['quirk 22: in the choice', partial + data(stop('error', { error: boom }))],
    [
      'quirk 22: behind another finish reason',
      partial + data(stop('length'), chunk({ content: '' }, {}, { error: boom })) + DONE,
    ],
    ['in Anthropic’s form', partial + data({ type: 'error', error: { type: 'api_error', message: 'boom' } })],
    ['as a string', partial + data({ error: 'boom' })],
    ['and nothing that comes behind it counts', partial + data({ error: boom }, chunk({ content: 'late' }), stop())],
  ])('%s', (_name, body) => {
    const { finish, text } = decode(body);
    expect(finish).toMatchObject({ reason: 'error', failure: { detail: expect.stringContaining('boom') } });
    expect(finish?.failure?.message).toContain('acme/one');
    expect('Hel'.startsWith(text)).toBe(true);
  });

  it('quirk 17: is found in any reads', () => {
    const body = new TextEncoder().encode(JSON.stringify({ error: boom }, null, 2));
    for (let at = 0; at <= body.length; at++) {
      expect(decode([body.slice(0, at), body.slice(at)]).finish?.failure?.kind).toBe('overloaded');
    }
  });

  it('quirk 22, quirk 250: keeps the usage that comes with it, and the upstream’s own words', () => {
    const { finish, usage } = decode(
      data(
        chunk({ content: 'x' }),
        stop('length'),
        chunk(
          { role: 'assistant', content: '' },
          {},
          {
            provider: 'Minimax',
            error: {
              code: 400,
              message: 'Provider returned error',
              metadata: { raw: '{"msg":"Token limit reached"}' },
            },
            usage: {
              prompt_tokens: 43,
              completion_tokens: 10,
              total_tokens: 53,
              cost: 0,
              completion_tokens_details: { reasoning_tokens: 11 },
            },
          },
        ),
      ) + DONE,
    );
    expect(finish?.failure).toMatchObject({
      kind: 'parameter',
      status: 400,
      retryable: false,
      detail: 'Token limit reached',
    });
    expect(usage).toEqual({ inputTokens: 43, outputTokens: 10, reasoningTokens: 10, costUsd: '0' });
  });

  it('quirk 23: is as final as the same error in a response of its own', () => {
    const of = (error: object) => decode(partial + data({ error })).finish?.failure;
    expect(of({ code: 400, message: 'prompt is too long: 9 > 8' })).toMatchObject({
      kind: 'context-length',
      retryable: false,
    });
    expect(of({ code: 503, message: 'busy' })).toMatchObject({ kind: 'overloaded', retryable: true });
  });

  // platform.minimax.io/docs/api-reference/errorcode; 2061 as MiniMax’s own command line reads it.
  it.each([
    [1000, 'unknown error', 'unavailable'],
    [1001, 'request timeout', 'unavailable'],
    [1002, 'rate limit exceeded(RPM)', 'rate-limit'],
    [1002, '', 'rate-limit'],
    [1004, "login fail: Please carry the API secret key in the 'Authorization' field of the request header", 'auth'],
    [1008, 'insufficient balance', 'credit'],
    [1008, '', 'credit'],
    [1024, 'internal error', 'unavailable'],
    [1026, 'input new_sensitive', 'content-policy'],
    [1027, 'output new_sensitive', 'content-policy'],
    [1039, 'token limit', 'rate-limit'],
    [1041, 'conn limit', 'rate-limit'],
    [2013, 'invalid params, unknown model', 'model-gone'],
    [2013, 'invalid params, role is empty', 'parameter'],
    [2013, 'invalid params, context window exceeds limit', 'context-length'],
    [2045, 'rate growth limit', 'rate-limit'],
    [2049, 'invalid API Key', 'auth'],
    [2056, 'usage limit exceeded', 'key-limit'],
    [2061, 'your current token plan not support model', 'permission'],
  ])(
    'MiniMax’s verdict %i “%s”, with nothing, beside an empty answer, and behind a part of one',
    (code, words, kind) => {
      const base_resp = { status_code: code, status_msg: words };
      const shell = { id: '', object: '', model: '', created: 0 };
      const bodies = [
        JSON.stringify({ ...shell, choices: null, base_resp }),
        JSON.stringify({ base_resp }),
        JSON.stringify({
          ...shell,
          choices: [{ index: 0, message: { content: '' }, finish_reason: 'stop' }],
          base_resp,
        }),
        data({ ...shell, choices: null, base_resp }),
        partial + data({ ...shell, object: 'chat.completion.chunk', choices: [], base_resp }),
        partial + data(stop('stop', {}, { base_resp })) + DONE,
      ];
      for (const body of bodies) {
        const failure = decode(body).finish?.failure;
        expect(failure).toMatchObject({ kind, providerCode: `status_${code}` });
        expect(failure?.detail ?? '').toBe(words);
        expect(failure?.message).toContain('acme/one');
      }
    },
  );

  it('MiniMax’s verdict that all is well is none', () => {
    const base_resp = { status_code: 0, status_msg: 'success' };
    const body = data(chunk({ content: 'Hi' }, {}, { base_resp }), stop('stop', {}, { base_resp })) + DONE;
    expect(decode(body)).toMatchObject({ text: 'Hi', finish: { reason: 'stop' } });
    const whole = { choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }], base_resp };
    expect(decode(JSON.stringify(whole))).toMatchObject({ text: 'Hi', finish: { reason: 'stop' } });
  });

  it('MiniMax’s later form tells the status in a field of its own', () => {
    const error = { type: 'authorized_error', message: 'login fail (1004)', http_code: '401' };
    expect(decode(data({ type: 'error', error })).finish?.failure).toMatchObject({ kind: 'auth', status: 401 });
  });

  it.each([
    [6, 'No permission to access data', 'permission'],
    [17, 'Open api daily request limit reached', 'rate-limit'],
    [18, 'Open api qps request limit reached', 'rate-limit'],
    [100, 'Invalid parameter', 'parameter'],
    [110, 'Access token invalid or no longer valid', 'auth'],
    [111, 'Access token expired', 'auth'],
    [336_000, 'Internal error', 'unavailable'],
    [336_103, 'prompt tokens too long, must be less than 5000', 'context-length'],
  ])('Baidu’s error %i: %s', (error_code, error_msg, kind) => {
    for (const body of [JSON.stringify({ error_code, error_msg, id: 'as-1' }), data({ error_code, error_msg })]) {
      expect(decode(body).finish?.failure).toMatchObject({
        kind,
        providerCode: String(error_code),
        detail: error_msg,
      });
    }
  });

  it('quirk 162: Groq’s broken tool call', () => {
    const error = {
      message: 'Failed to call a function.',
      type: 'invalid_request_error',
      code: 'tool_use_failed',
      failed_generation: '<f>',
    };
    expect(decode(`event: error\n${data({ error })}`).finish?.failure?.kind).toBe('malformed-output');
  });
});

describe('what is no answer', () => {
  it('quirk 24: a web page with status 200', () => {
    const { finish } = decode('<!DOCTYPE html>\n<html>\n<head><title>Sign in</title></head>\n</html>\n');
    expect(finish).toMatchObject({ reason: 'error', failure: { kind: 'malformed-output', retryable: false } });
    expect(finish?.failure?.message).toContain('web page');
  });

  it.each([
    ['text', 'upstream died\n'],
    ['JSON without choices', '{"id":"x","model":"y"}'],
    ['bytes', new Uint8Array([0, 255, 254, 10, 3, 10])],
  ])('%s', (_name, body) => {
    expect(decode(body).finish).toMatchObject({ reason: 'error', failure: { kind: 'malformed-output' } });
  });

  it('a whole answer cut in the middle is cut, not garbage', () => {
    expect(decode('{"id":"x","choices":[{"message":{"content":"Hel').finish?.failure?.kind).toBe('truncated');
  });

  it('an event lost to broken JSON is said, and what came is kept', () => {
    const { finish, text } = decode(
      `${partial}data: {"choices":[{"delta":{"content":"l"\n\n${data(chunk({ content: 'o' }), stop())}`,
    );
    expect(text).toBe('Helo');
    expect(finish).toMatchObject({ reason: 'error', failure: { kind: 'malformed-output' } });
  });

  it('quirk 28: a line that never ends is given up', () => {
    const { finish } = decode([partial, `data: {"choices":[${' '.repeat(500)}`, 'x'.repeat(600)], {
      maxLineBytes: 1_000,
    });
    expect(finish).toMatchObject({ reason: 'error', failure: { kind: 'malformed-output' } });
  });

  it('quirk 27: a line of a megabyte in small reads comes out whole', () => {
    const body = new TextEncoder().encode(data(chunk({ content: 'x'.repeat(1_048_576) }), stop()));
    const reads = Array.from({ length: Math.ceil(body.length / 700) }, (_, n) => body.slice(n * 700, n * 700 + 700));
    expect(decode(reads).text.length).toBe(1_048_576);
  });
});
