import type { ModelView } from '@patchbay/chat/contract';
import type { Part } from '@patchbay/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromNative, fromNativeTools, type NativePart, tokensOf, toNativeInput } from './messages.ts';
import { choiceOf, nativeId, nativeModels, priceText } from './models.ts';
import { createTurnCache } from './turn-cache.ts';

const turn: readonly Part[] = [
  { type: 'reasoning', text: 'hm', raw: { signature: 'sig' } },
  { type: 'text', text: 'Looking.' },
  { type: 'tool-call', callId: 'c1', name: 'read', arguments: '{"a":1}', raw: { thought: 'x' } },
  { type: 'tool-call', callId: 'c2', name: 'read', arguments: '{}' },
];

describe('fromNative', () => {
  it('gives a provider its own turn back, signatures and all, when the results of its tools come', () => {
    const turns = createTurnCache();
    turns.keep(turn);
    const messages = fromNative(
      [
        { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'text', text: 'Looking.' },
            { type: 'tool-call', callId: 'c2', name: 'read', input: {} },
            { type: 'tool-call', callId: 'c1', name: 'read', input: { a: 1 } },
          ],
        },
        {
          role: 'user',
          parts: [
            { type: 'tool-result', callId: 'c1', parts: [{ type: 'text', text: 'one' }] },
            { type: 'tool-result', callId: 'c2', parts: [] },
            { type: 'text', text: 'and now?' },
          ],
        },
      ],
      turns,
    );
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
    expect(messages[1]?.parts).toBe(turn);
    expect(messages[2]?.parts).toEqual([
      { type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'one' }] },
      { type: 'tool-result', callId: 'c2', content: [] },
    ]);
    expect(messages[3]?.parts).toEqual([{ type: 'text', text: 'and now?' }]);
  });

  it('takes what VS Code says where it knows nothing better', () => {
    const parts = [{ type: 'tool-call', callId: 'other', name: 'read', input: { a: 1 } }] as const;
    expect(fromNative([{ role: 'assistant', parts }], createTurnCache())).toEqual([
      { role: 'assistant', parts: [{ type: 'tool-call', callId: 'other', name: 'read', arguments: '{"a":1}' }] },
    ]);
  });

  it('carries images, and leaves out messages of nothing', () => {
    const bytes = new Uint8Array(100_000).fill(7);
    const [message, ...rest] = fromNative(
      [
        { role: 'user', parts: [{ type: 'image', mediaType: 'image/png', bytes }] },
        { role: 'assistant', parts: [{ type: 'text', text: '' }] },
      ],
      createTurnCache(),
    );
    expect(rest).toEqual([]);
    const [part] = message?.parts ?? [];
    expect(part).toMatchObject({ type: 'image', mediaType: 'image/png', bytes: 100_000 });
    expect(part?.type === 'image' && part.source.kind === 'base64' && part.source.data).toBe(
      Buffer.from(bytes).toString('base64'),
    );
  });
});

describe('createTurnCache', () => {
  it('forgets the oldest first', () => {
    const turns = createTurnCache(2);
    const call = (callId: string): Part[] => [{ type: 'tool-call', callId, name: 'n', arguments: '{}' }];
    const asked = (...ids: readonly string[]) => turns.find(ids.map((callId) => ({ callId, name: 'n', input: {} })));
    for (const id of ['a', 'b', 'c']) turns.keep(call(id));
    expect(asked('a')).toBeUndefined();
    expect(asked('b')).toEqual(call('b'));
    expect(asked()).toBeUndefined();
    expect(asked('b', 'c')).toBeUndefined();
  });

  it('takes no turn for another one whose calls have the same ids', () => {
    const turns = createTurnCache();
    const call = (name: string, text: string): Part[] => [
      { type: 'text', text: `${name} ${text}` },
      { type: 'tool-call', callId: 'call_0', name, arguments: text },
    ];
    const turnsKept = [call('read', '{"b":[{"d":1,"c":2}],"a":1}'), call('read', '{"a":2}'), call('write', '{"a":2}')];
    for (const one of turnsKept) turns.keep(one);
    const find = (name: string, input: unknown) => turns.find([{ callId: 'call_0', name, input }]);
    expect(find('read', { a: 1, b: [{ c: 2, d: 1 }] })).toBe(turnsKept[0]);
    expect(find('read', { a: 2 })).toBe(turnsKept[1]);
    expect(find('write', { a: 2 })).toBe(turnsKept[2]);
    expect(find('write', { a: 3 })).toBeUndefined();
  });
});

describe('tokensOf', () => {
  it('counts an image once, however many bytes it has and wherever it is', () => {
    const image: NativePart = { type: 'image', mediaType: 'image/png', bytes: new Uint8Array(1_000_000) };
    const result: NativePart = {
      type: 'tool-result',
      callId: 'c',
      parts: [image, { type: 'text', text: 'a'.repeat(400) }],
    };
    expect(tokensOf([image])).toBe(1_500);
    expect(tokensOf([result])).toBe(1_600);
    expect(tokensOf([{ type: 'tool-call', callId: 'c', name: 'read', input: { path: 'a' } }])).toBe(4);
    expect(tokensOf([])).toBe(0);
  });
});

describe('tools', () => {
  it('have a schema in any case', () => {
    expect(fromNativeTools([{ name: 'now' }])[0]?.parameters).toEqual({ type: 'object', properties: {} });
  });

  it.each([
    ['', {}],
    ['{"a":[1]}', { a: [1] }],
    ['[1]', { value: [1] }],
    ['{"a":', { value: '{"a":' }],
  ])('give VS Code an object for %j', (text, input) => {
    expect(toNativeInput(text)).toEqual(input);
  });
});

const view = (changes: Partial<ModelView> = {}): ModelView => ({
  choice: { provider: 'openrouter', model: 'anthropic/claude-sonnet-4-20250514', keyId: 'k1' },
  name: 'Claude Sonnet 4',
  providerName: 'OpenRouter',
  keyLabel: 'Mine',
  ...changes,
});

describe('nativeModels', () => {
  it('names a model by what can be sent back, whatever its id holds', () => {
    const word = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(fc.record({ provider: word, model: word, keyId: word }), (choice) => {
        expect(choiceOf(nativeId(choice))).toEqual(choice);
      }),
    );
    expect(choiceOf(nativeId({ provider: 'a', model: 'b' }))).toEqual({ provider: 'a', model: 'b' });
    for (const odd of ['', '{}', '["a"]', '["a",1]', '["a","b","c","d"]']) expect(choiceOf(odd)).toBeUndefined();
  });

  it('tells price, family and limits', () => {
    const [model] = nativeModels(
      [view({ inputPerMillion: '3', outputPerMillion: '15.00', contextTokens: 200_000, maxOutputTokens: 64_000 })],
      undefined,
    );
    expect(model).toMatchObject({
      family: 'claude-sonnet-4',
      detail: '$3 in / $15 out per M tokens',
      maxInputTokens: 136_000,
      maxOutputTokens: 64_000,
      capabilities: { imageInput: false, toolCalling: true },
    });
  });

  it('lets no name turn into an icon of the picker', () => {
    const [model] = nativeModels([view({ name: 'Odd $(sync~spin)', keyLabel: '$(key)' })], undefined);
    expect(`${model?.name} ${model?.tooltip}`).not.toContain('$(');
  });

  it('leaves room for the question where the answer may fill the context', () => {
    const [model] = nativeModels([view({ contextTokens: 8000, maxOutputTokens: 8000 })], undefined);
    expect(model?.maxInputTokens).toBe(4000);
  });

  it('tells one model over two keys apart, leaves the guide out, and offers only pinned ones on request', () => {
    const models = [
      view(),
      view({ choice: { provider: 'openrouter', model: 'x', keyId: 'k2' }, keyLabel: 'Theirs' }),
      view({ choice: { provider: 'guide', model: 'guide' }, name: 'Guide' }),
    ];
    expect(nativeModels(models, undefined).map(({ name }) => name)).toEqual([
      'Claude Sonnet 4 (Mine)',
      'Claude Sonnet 4 (Theirs)',
    ]);
    expect(nativeModels(models, ['openrouter/x']).map(({ version }) => version)).toEqual(['x']);
  });

  it.each([
    [{ free: true }, 'free'],
    [{}, 'price unknown'],
    [{ inputPerMillion: '0.10' }, '$0.1 in / ? out per M tokens'],
    [{ inputPerMillion: '0.00000001', outputPerMillion: '1.234567' }, '$<0.0001 in / $1.2345 out per M tokens'],
  ])('shows %j as %s', (price, text) => {
    expect(priceText(view(price))).toBe(text);
  });
});
