import { describe, expect, test } from 'vitest';
import { createFold } from '../../chat/fold.ts';
import { createGeminiDecoder } from './decode.ts';

type Value = { [key: string]: unknown };

function run(...chunks: (string | Value)[]) {
  const decoder = createGeminiDecoder({ provider: 'Google', model: 'Gemini' });
  const body = chunks.map((one) => (typeof one === 'string' ? one : `data: ${JSON.stringify(one)}\r\n\r\n`)).join('');
  const said = [...decoder.push(new TextEncoder().encode(body)), ...decoder.end()];
  const fold = createFold();
  fold.push(said);
  return { said, ...fold.answer() };
}

/** One chunk that holds these parts. */
const parts = (...list: Value[]): Value => ({ candidates: [{ content: { role: 'model', parts: list }, index: 0 }] });
const text = (words: string, rest: Value = {}): Value => parts({ text: words, ...rest });
const stop = (
  finishReason = 'STOP',
  list: Value[] = [],
  usageMetadata: Value = { promptTokenCount: 3, candidatesTokenCount: 2 },
): Value => ({
  candidates: [{ content: { role: 'model', parts: list }, finishReason }],
  usageMetadata,
});
const call = (name: string, args?: unknown, rest: Value = {}): Value => ({
  functionCall: { name, ...(args !== undefined && { args }) },
  ...rest,
});

describe('text, thoughts and signatures', () => {
  test('quirk 108: thoughts are told apart, and a signature keeps its place', () => {
    const answer = run(
      text('Hm', { thought: true }),
      text('Hel'),
      text('lo'),
      stop('STOP', [{ text: '', thoughtSignature: 'c2ln' }]),
    );
    expect(answer.parts).toEqual([
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: 'Hello', raw: { pieces: [{ end: 5 }, { end: 5, thoughtSignature: 'c2ln' }] } },
    ]);
    expect(answer.finish).toEqual({ reason: 'stop', nativeReason: 'STOP' });
  });

  test('quirk 110: signed text stays apart from what is not', () => {
    const answer = run(
      text('a'),
      text('b', { thoughtSignature: 'x' }),
      text('c'),
      text('d'),
      text('e', { thoughtSignature: 'y' }),
      stop(),
    );
    expect(answer.parts).toEqual([
      {
        type: 'text',
        text: 'abcde',
        raw: { pieces: [{ end: 1 }, { end: 2, thoughtSignature: 'x' }, { end: 4 }, { end: 5, thoughtSignature: 'y' }] },
      },
    ]);
  });

  test('a signature on a part that holds nothing else is kept', () => {
    expect(run(text('a'), parts({ thoughtSignature: 'x' }), stop()).parts[0]?.raw).toEqual({
      pieces: [{ end: 1 }, { end: 1, thoughtSignature: 'x' }],
    });
  });

  test('quirk 115: empty text is nothing', () => {
    const { said } = run(text('a'), text(''), text('b'), stop('STOP', [{ text: '' }]));
    expect(said.filter((event) => event.type === 'text')).toHaveLength(2);
  });

  test('speech keeps the type that says how to play it', () => {
    const mimeType = 'audio/L16;codec=pcm;rate=24000';
    const { parts: found } = run(stop('STOP', [{ inlineData: { mimeType, data: 'AAAA' } }]));
    expect(found).toMatchObject([{ type: 'file', mediaType: mimeType, source: { kind: 'base64', data: 'AAAA' } }]);
  });

  test('quirk 128: an image is shown, one that was only thought of is not', () => {
    const inlineData = { mimeType: 'image/jpeg', data: 'AAAA' };
    const { parts: found } = run(
      parts({ inlineData, thought: true }),
      parts({ inlineData, thoughtSignature: 's' }),
      stop(),
    );
    expect(found).toEqual([
      {
        type: 'image',
        mediaType: 'image/jpeg',
        source: { kind: 'base64', data: 'AAAA' },
        raw: { thoughtSignature: 's' },
      },
    ]);
  });

  test('quirk 28: a picture of 4096 × 4096 is no line without end', () => {
    const data = 'A'.repeat(30_000_000);
    const { parts: found, finish } = run(stop('STOP', [{ inlineData: { mimeType: 'image/png', data } }]));
    expect(finish?.reason).toBe('stop');
    expect(found[0]?.type === 'image' && found[0].source.kind === 'base64' && found[0].source.data.length).toBe(
      data.length,
    );
  });

  test('code that ran at Google’s is one part with what came of it', () => {
    const use = { executableCode: { language: 'PYTHON', code: '1+1' }, thoughtSignature: 's' };
    const result = { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '2' } };
    expect(run(parts(use), parts(result), text('2'), stop()).parts[0]).toEqual({
      type: 'server-tool',
      callId: 'code_0',
      name: 'code_execution',
      input: use.executableCode,
      output: result.codeExecutionResult,
      raw: { parts: [use, result] },
    });
  });

  test('quirk 119: sources come wherever they like, each once', () => {
    const web = (uri: string) => ({ web: { uri, title: 'T' } });
    const grounded = {
      candidates: [
        { content: {}, groundingMetadata: { groundingChunks: [web('https://a.example'), web('https://a.example')] } },
      ],
    };
    expect(run(grounded, text('x'), stop()).parts).toEqual([
      { type: 'text', text: 'x' },
      { type: 'citation', url: 'https://a.example', title: 'T' },
    ]);
  });
});

describe('tool calls', () => {
  test('quirks 104 and 106: STOP behind a call is tool-calls, even on a later chunk; arguments may be missing or a string', () => {
    const answer = run(
      parts(call('a', { x: 1 })),
      parts(call('b'), call('c', '{"y":2}')),
      stop('STOP', [{ text: '' }]),
    );
    expect(answer.finish).toEqual({ reason: 'tool-calls', nativeReason: 'STOP' });
    expect(answer.parts.map((part) => part.type === 'tool-call' && part.arguments)).toEqual([
      '{"x":1}',
      '{}',
      '{"y":2}',
    ]);
  });

  test('quirk 105: ids are made where there are none, and again where one comes twice', () => {
    const same = (id: string) => ({ functionCall: { name: 'a', args: {}, id } });
    const { parts: found } = run({ responseId: 'r-1' }, parts(call('a'), same('x'), same('x')), stop());
    const ids = found.map((part) => (part.type === 'tool-call' ? part.callId : ''));
    expect(new Set(ids).size).toBe(3);
    expect(ids).toEqual(['call_r1_0', 'x', 'call_r1_2']);
    expect(found.map((part) => part.raw)).toEqual([undefined, { id: 'x' }, undefined]);
  });

  test('quirk 109: of parallel calls only the first is signed', () => {
    const { parts: found } = run(parts(call('a', {}, { thoughtSignature: 's' }), call('b', {})), stop());
    expect(found.map((part) => part.raw)).toEqual([{ thoughtSignature: 's' }, undefined]);
  });

  test('quirk 107: arguments that come value by value, by path', () => {
    const piece = (partialArgs: Value[], willContinue = true) =>
      parts({ functionCall: { partialArgs, ...(willContinue && { willContinue }) } });
    const answer = run(
      parts({ functionCall: { name: 'order', willContinue: true } }),
      piece([{ jsonPath: '$.items[0].name', stringValue: 'app', willContinue: true }]),
      piece([{ jsonPath: '$.items[0].name', stringValue: 'le', willContinue: true }]),
      piece([{ jsonPath: '$.items[0].name', stringValue: '' }]),
      piece([{ jsonPath: '$.items[0].price', numberValue: 0.5 }]),
      piece([{ jsonPath: "$['a b']", boolValue: true }]),
      piece([{ jsonPath: '$.none', nullValue: null }]),
      piece([{ jsonPath: '$.__proto__.polluted', stringValue: 'x' }]),
      piece([{ jsonPath: '$.list[999999999]', numberValue: 1 }]),
      parts({ functionCall: {} }),
      stop(),
    );
    const [part] = answer.parts;
    expect(JSON.parse(part?.type === 'tool-call' ? part.arguments : '')).toEqual({
      items: [{ name: 'apple', price: 0.5 }],
      'a b': true,
      none: null,
      list: [],
    });
    expect(({} as Value).polluted).toBeUndefined();
    // The empty call that ends it may be missing.
    const open = run(
      parts({ functionCall: { name: 'a', willContinue: true } }),
      piece([{ jsonPath: '$.x', numberValue: 1 }]),
      stop(),
    );
    expect(open.parts[0]).toMatchObject({ arguments: '{"x":1}' });
  });

  test('quirk 43: no call may be acted on before the answer is done', () => {
    const cut = run(parts(call('a', { x: 1 })));
    expect(cut.said.some((event) => event.type === 'tool-call-end')).toBe(false);
    expect(cut.finish).toMatchObject({ reason: 'interrupted', failure: { kind: 'truncated' } });
  });

  test.each(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'MALFORMED_RESPONSE'])(
    'quirk 113: %s is a failed turn',
    (reason) => {
      const { finish } = run({
        candidates: [{ content: {}, finishReason: reason, finishMessage: 'Malformed function call: x(' }],
      });
      expect(finish).toMatchObject({
        reason: 'error',
        nativeReason: reason,
        failure: { kind: 'malformed-output', detail: 'Malformed function call: x(' },
      });
    },
  );
});

describe('usage', () => {
  test('quirks 116 and 117: counts are cumulative, come and go, and thoughts are output', () => {
    const counted = (usageMetadata: Value): Value => ({ ...text('a'), usageMetadata });
    const { usage } = run(
      counted({ promptTokenCount: 100, candidatesTokenCount: 1, cachedContentTokenCount: 60 }),
      counted({}),
      counted({ promptTokenCount: 100, candidatesTokenCount: 9, thoughtsTokenCount: 30, toolUsePromptTokenCount: 7 }),
      stop('STOP', [], {
        promptTokenCount: 100,
        candidatesTokenCount: 10,
        thoughtsTokenCount: 30,
        totalTokenCount: 147,
      }),
    );
    expect(usage).toEqual({ inputTokens: 107, outputTokens: 40, reasoningTokens: 30, cacheReadTokens: 60 });
  });

  test('quirk 116: an answer’s own count may be missing', () => {
    expect(run(text('a'), stop('STOP', [], { promptTokenCount: 10, totalTokenCount: 14 })).usage).toEqual({
      inputTokens: 10,
      outputTokens: 4,
    });
    expect(run(text('a'), stop('STOP', [], {})).usage).toBeUndefined();
  });

  test('what was counted before a cut is not the output', () => {
    expect(run({ ...text('a'), usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 1 } }).usage).toEqual({
      inputTokens: 5,
    });
  });
});

describe('endings', () => {
  test('quirk 112: empty candidates and missing content are no news', () => {
    const answer = run(
      { candidates: [] },
      { candidates: [{ index: 0 }] },
      { candidates: [{ content: { role: 'model' } }] },
      { candidates: null },
      text('a'),
      stop(),
    );
    expect(answer.parts).toEqual([{ type: 'text', text: 'a' }]);
    expect(answer.finish?.reason).toBe('stop');
  });

  test('quirk 114: an early STOP ends nothing', () => {
    expect(run(stop('STOP', []), text('a'), text('b'), stop()).parts).toEqual([{ type: 'text', text: 'ab' }]);
  });

  test.each([
    'SAFETY',
    'RECITATION',
    'BLOCKLIST',
    'PROHIBITED_CONTENT',
    'SPII',
    'IMAGE_SAFETY',
    'LANGUAGE',
    'MODEL_ARMOR',
  ])('quirk 118: %s is a filter', (reason) => {
    expect(run(text('a'), stop(reason)).finish).toMatchObject({
      reason: 'content-filter',
      nativeReason: reason,
      failure: { kind: 'content-policy' },
    });
  });

  test('quirk 118: a prompt may be blocked before anything is said', () => {
    const { finish } = run({ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 4 } });
    expect(finish).toMatchObject({
      reason: 'content-filter',
      nativeReason: 'SAFETY',
      failure: { kind: 'content-policy', fallbackable: true },
    });
  });

  test.each([
    ['MAX_TOKENS', 'length'],
    ['OTHER', 'stop'],
    ['SOMETHING_NEW', 'stop'],
  ])('%s is %s', (native, reason) => {
    expect(run(text('a'), stop(native)).finish).toEqual({ reason, nativeReason: native });
  });

  test('what Google says of an answer that is empty, the user is told', () => {
    const finishMessage = 'Unable to show the generated image.';
    const answer = run({ candidates: [{ content: {}, finishReason: 'NO_IMAGE', finishMessage }] });
    expect(answer.finish?.failure).toMatchObject({ kind: 'malformed-output', detail: finishMessage });
  });

  test('quirk 127: the model that answered is named as it names itself', () => {
    const answer = run({ modelVersion: 'gemini-3-pro-preview-11', responseId: 'r' }, text('a'), stop());
    expect([answer.model, answer.responseId]).toEqual(['gemini-3-pro-preview-11', 'r']);
  });

  test('quirks 16 to 18: an error may be printed over lines, cut by the network, and stand in an array', () => {
    const error = { error: { code: 429, message: 'Resource has been exhausted', status: 'RESOURCE_EXHAUSTED' } };
    expect(run(text('a'), `${JSON.stringify(error, null, 2)}\r\n`).finish?.failure?.kind).toBe('rate-limit');
    expect(run(JSON.stringify([error], null, 2)).finish).toMatchObject({
      reason: 'error',
      failure: { kind: 'rate-limit' },
    });
  });

  test('quirk 120: which quota it was, and how long to wait', () => {
    const quota = (quotaId: string) => ({
      error: {
        code: 429,
        message: 'You exceeded your current quota, please check your plan and billing details.',
        status: 'RESOURCE_EXHAUSTED',
        details: [
          { '@type': 'x/google.rpc.QuotaFailure', violations: [{ quotaId }] },
          { '@type': 'x/google.rpc.RetryInfo', retryDelay: '34.4s' },
        ],
      },
    });
    expect(run(quota('GenerateRequestsPerMinutePerProjectPerModel-FreeTier')).finish?.failure).toMatchObject({
      kind: 'rate-limit',
      retryable: true,
      retryAfterMs: 34_400,
    });
    expect(run(quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier')).finish?.failure).toMatchObject({
      kind: 'rate-limit',
      retryable: false,
    });
  });

  test('quirk 121: a bad key is a 400, and so is a region', () => {
    const failed = (status: string, message: string) =>
      run({ error: { code: 400, message, status } }).finish?.failure?.kind;
    expect(failed('INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.')).toBe('auth');
    expect(failed('FAILED_PRECONDITION', 'User location is not supported for the API use.')).toBe('region');
  });
});
