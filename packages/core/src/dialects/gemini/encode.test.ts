import { describe, expect, test } from 'vitest';
import type { Json } from '../../chat/json.ts';
import type { Message } from '../../chat/message.ts';
import type { Part } from '../../chat/part.ts';
import type { ChatRequest } from '../../chat/request.ts';
import { google } from '../../providers/google.ts';
import { encodeHanded } from '../handed-over.testing.ts';

const MODEL = 'gemini-3-pro-preview';
const origin = { provider: 'google', model: MODEL };
const say = (text: string): Part => ({ type: 'text', text });
const user = (...parts: Part[]): Message => ({ role: 'user', parts });
const assistant = (...parts: Part[]): Message => ({
  role: 'assistant',
  parts: parts.map((part) => ({ origin, ...part })),
});
const call = (callId: string, raw?: Json): Part => ({
  type: 'tool-call',
  callId,
  name: 'look',
  arguments: '{"at":"x"}',
  ...(raw !== undefined && { raw }),
});
const result = (callId: string): Part => ({ type: 'tool-result', callId, content: [{ type: 'text', text: 'seen' }] });

function encode(
  request: Partial<ChatRequest>,
  model = MODEL,
  maxOutputTokens = 8_192,
  media = new Map<string, string>(),
) {
  const full: ChatRequest = { choice: { provider: 'google', model }, messages: [user(say('Hi'))], ...request };
  const encoded = encodeHanded({ request: full, provider: google, model: undefined, maxOutputTokens, media });
  const body = JSON.parse(encoded.body) as {
    [key: string]: Json;
    contents: { role: string; parts: { [key: string]: Json }[] }[];
    generationConfig: { [key: string]: Json };
  };
  return { ...encoded, body };
}

test('a question goes as server-sent events, with a maximum', () => {
  const { path, body } = encode(
    { system: 'Be brief.', temperature: 0.5, topP: 0.9, stop: ['END'], seed: 7 },
    'gemini-2.0-flash',
  );
  expect(path).toBe('/models/gemini-2.0-flash:streamGenerateContent?alt=sse');
  expect(body).toEqual({
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
    generationConfig: { maxOutputTokens: 8_192, temperature: 0.5, topP: 0.9, seed: 7, stopSequences: ['END'] },
  });
});

test('a tuned model’s own path is kept', () => {
  expect(encode({}, 'tunedModels/mine').path).toBe('/tunedModels/mine:streamGenerateContent?alt=sse');
  expect(encode({}, '../files/a?key=1#').path).toBe('/files/a%3Fkey%3D1%23:streamGenerateContent?alt=sse');
});

test('quirk 122: what knows no system prompt reads it in the first question', () => {
  const { body } = encode({ system: 'Be brief.' }, 'gemma-3-27b-it');
  expect(body.systemInstruction).toBeUndefined();
  expect(body.contents[0]?.parts).toEqual([{ text: 'Be brief.' }, { text: 'Hi' }]);
});

describe('signatures', () => {
  const text: Part = {
    type: 'text',
    text: 'abc',
    raw: { pieces: [{ end: 1 }, { end: 3, thoughtSignature: 's' }, { end: 3, thoughtSignature: 't' }] },
  };

  test('quirks 108 and 110: text goes back in the pieces it came in, an empty signed one included', () => {
    const { body } = encode({ messages: [user(say('a')), assistant(text), user(say('b'))] });
    expect(body.contents[1]?.parts).toEqual([
      { text: 'a' },
      { text: 'bc', thoughtSignature: 's' },
      { text: '', thoughtSignature: 't' },
    ]);
  });

  test('nobody else’s signature is sent, and unsigned thoughts are not asked for again', () => {
    const thought: Part = {
      type: 'reasoning',
      text: 'hm',
      raw: { signature: 'x' },
      origin: { provider: 'anthropic', model: 'c' },
    };
    const { body, notices } = encode({
      messages: [
        user(say('a')),
        assistant(thought, { ...text, origin: { provider: 'google', model: 'other' } }),
        user(say('b')),
      ],
    });
    expect(body.contents[1]?.parts).toEqual([{ text: 'abc' }]);
    expect(notices.map((notice) => notice.code)).toEqual(['reasoning-dropped']);
  });

  test('quirks 109 and 126: a call goes back with its own signature and id, and so does its result', () => {
    const messages = [
      user(say('a')),
      assistant(call('x', { thoughtSignature: 's', id: 'x' }), call('call_r_1')),
      { role: 'tool' as const, parts: [result('call_r_1'), result('x')] },
    ];
    const { body } = encode({ messages });
    expect(body.contents[1]?.parts).toEqual([
      { functionCall: { id: 'x', name: 'look', args: { at: 'x' } }, thoughtSignature: 's' },
      { functionCall: { name: 'look', args: { at: 'x' } } },
    ]);
    // Quirk 125: all results in one turn, in the calls' order.
    expect(body.contents[2]).toEqual({
      role: 'user',
      parts: [
        { functionResponse: { id: 'x', name: 'look', response: { result: 'seen' } } },
        { functionResponse: { name: 'look', response: { result: 'seen' } } },
      ],
    });
  });

  test('quirk 111: calls of another model get the stand-in for a signature, where one is demanded', () => {
    const messages = [
      user(say('a')),
      { role: 'assistant' as const, parts: [call('1'), call('2')] },
      { role: 'tool' as const, parts: [result('1'), result('2')] },
    ];
    expect(encode({ messages }).body.contents[1]?.parts.map((part) => part.thoughtSignature)).toEqual([
      'skip_thought_signature_validator',
      undefined,
    ]);
    expect(encode({ messages }, 'gemini-4-argon').body.contents[1]?.parts[0]?.thoughtSignature).toBe(
      'skip_thought_signature_validator',
    );
    expect(
      encode({ messages }, 'gemini-2.5-flash').body.contents[1]?.parts.map((part) => part.thoughtSignature),
    ).toEqual([undefined, undefined]);
    // The first call decides, whatever the others have.
    const mixed = assistant(
      { ...call('1'), origin: { provider: 'x', model: 'y' } },
      call('2', { thoughtSignature: 's' }),
    );
    const { body } = encode({ messages: [user(say('a')), mixed, { role: 'tool', parts: [result('1'), result('2')] }] });
    expect(body.contents[1]?.parts.map((part) => part.thoughtSignature)).toEqual([
      'skip_thought_signature_validator',
      's',
    ]);
  });
});

test('quirk 111: what another model said or drew gets it before Gemini 3’s image models, own signatures stay', () => {
  const model = 'gemini-3-pro-image-preview';
  const source = { kind: 'base64', data: 'QUJD' } as const;
  const drawn: Part = { type: 'image', mediaType: 'image/png', source, origin: { provider: 'google', model } };
  const messages: Message[] = [
    user(say('a')),
    { role: 'assistant', parts: [say('b')] },
    user(say('c')),
    { role: 'assistant', parts: [{ ...drawn, raw: { thoughtSignature: 's' } }, drawn] },
    user(say('d')),
  ];
  const signatures = (asked: string) =>
    encode({ messages }, asked).body.contents.map(({ parts }) => parts.map((part) => part.thoughtSignature));
  const standIn = 'skip_thought_signature_validator';
  expect(signatures(model)).toEqual([[undefined], [standIn], [undefined], ['s', standIn], [undefined]]);
  expect(signatures('gemini-2.5-flash-image').flat()).not.toContain(standIn);
});

test('quirk 129: roles alternate, and the question comes last', () => {
  const { body } = encode({ messages: [user(say('a')), user(say('b')), assistant(say('c'))] });
  expect(body.contents.map((turn) => turn.role)).toEqual(['user', 'model', 'user']);
});

test('media go inline, text files as text, and images of a result behind it', () => {
  const source = { kind: 'base64', data: 'QUJD' } as const;
  const image: Part = { type: 'image', mediaType: 'image/png', source };
  const { body, notices } = encode({
    messages: [
      user(
        image,
        { type: 'file', name: 'a.pdf', mediaType: 'application/pdf', source },
        { type: 'file', name: 'a.txt', mediaType: 'text/plain', source },
        { type: 'file', name: 'a.zip', mediaType: 'application/zip', source },
      ),
      assistant(call('1')),
      {
        role: 'tool',
        parts: [
          {
            type: 'tool-result',
            callId: '1',
            content: [
              { type: 'text', text: 'here' },
              { type: 'image', mediaType: 'image/png', source },
            ],
            isError: true,
          },
        ],
      },
    ],
  });
  expect(body.contents[0]?.parts.slice(0, 3)).toEqual([
    { inlineData: { mimeType: 'image/png', data: 'QUJD' } },
    { inlineData: { mimeType: 'application/pdf', data: 'QUJD' } },
    { text: 'a.txt:\n\nABC' },
  ]);
  expect(notices.map((notice) => notice.code)).toEqual(['part-described']);
  expect(body.contents[2]?.parts).toEqual([
    { functionResponse: { name: 'look', response: { error: 'here\n[What it shows follows.]' } } },
    { text: '[From the result of look:]' },
    { inlineData: { mimeType: 'image/png', data: 'QUJD' } },
  ]);
});

describe('quirk 124: thinking', () => {
  const thinking = (model: string, reasoningEffort?: ChatRequest['reasoningEffort']) =>
    encode({ ...(reasoningEffort && { reasoningEffort }) }, model).body.generationConfig.thinkingConfig;

  test('a level from Gemini 3 on, a budget before', () => {
    expect(thinking('gemini-3-pro-preview')).toEqual({ includeThoughts: true });
    expect(thinking('gemini-3-pro-preview', 'high')).toEqual({ thinkingLevel: 'HIGH', includeThoughts: true });
    expect(thinking('gemini-3-pro-preview', 'none')).toEqual({ thinkingLevel: 'LOW', includeThoughts: true });
    expect(thinking('gemini-3-flash-preview', 'none')).toEqual({ thinkingLevel: 'MINIMAL', includeThoughts: true });
    expect(thinking('gemini-4-argon', 'medium')).toEqual({ thinkingLevel: 'MEDIUM', includeThoughts: true });
    expect(thinking('gemma-4-31b-it', 'minimal')).toEqual({ thinkingLevel: 'MINIMAL', includeThoughts: true });
    expect(thinking('gemma-4-31b-it', 'max')).toEqual({ thinkingLevel: 'HIGH', includeThoughts: true });
    expect(thinking('gemini-4-argon', 'none')).toEqual({ thinkingLevel: 'LOW', includeThoughts: true });
    expect(thinking('gemini-2.5-flash', 'none')).toEqual({ thinkingBudget: 0 });
    expect(thinking('gemini-2.5-flash', 'medium')).toEqual({ thinkingBudget: 4_096, includeThoughts: true });
    expect(thinking('gemini-2.5-pro', 'none')).toEqual({ thinkingBudget: 128, includeThoughts: true });
    expect(thinking('gemini-2.0-flash', 'none')).toBeUndefined();
    // It does not think by itself, and then there are no thoughts to be asked for.
    expect(thinking('gemini-2.5-flash-lite')).toBeUndefined();
    expect(thinking('gemini-2.5-flash')).toEqual({ includeThoughts: true });
    expect(encode({ reasoningEffort: 'high' }, 'some-model').notices[0]?.code).toBe('parameter-dropped');
  });
});

describe('tools and formats', () => {
  const tools = [
    {
      name: 'look',
      description: 'Looks.',
      parameters: {
        $schema: 'x',
        properties: { at: { const: 'here' }, additionalProperties: { type: 'string' } },
        additionalProperties: false,
      },
    },
    { name: 'rest', parameters: { type: 'object', properties: {} } },
  ];

  test('quirk 123: schemas in the form that Google takes, and none for no arguments', () => {
    const { body } = encode({ tools, toolChoice: { name: 'look' } });
    expect(body.tools).toEqual([
      {
        functionDeclarations: [
          {
            name: 'look',
            description: 'Looks.',
            parametersJsonSchema: {
              type: 'object',
              properties: { at: { enum: ['here'] }, additionalProperties: { type: 'string' } },
            },
          },
          { name: 'rest' },
        ],
      },
    ]);
    expect(body.toolConfig).toEqual({ functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['look'] } });
    expect(encode({ tools, toolChoice: 'none' }).body.toolConfig).toEqual({ functionCallingConfig: { mode: 'NONE' } });
  });

  test('a schema for the answer; beside tools, older models are told in words', () => {
    const responseFormat = {
      type: 'json-schema',
      name: 'x',
      schema: { type: 'object', additionalProperties: false },
    } as const;
    expect(encode({ responseFormat }).body.generationConfig).toMatchObject({
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object' },
    });
    expect(encode({ responseFormat, tools }).body.generationConfig.responseMimeType).toBe('application/json');
    const old = encode({ responseFormat, tools }, 'gemini-2.5-flash');
    expect(old.body.generationConfig.responseMimeType).toBeUndefined();
    expect(JSON.stringify(old.body.systemInstruction)).toContain('JSON Schema');
    expect(old.notices[0]?.field).toBe('responseFormat');
  });
});
