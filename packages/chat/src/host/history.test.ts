import type { ConversationRecord, MessageRecord, Part } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { messagesOf, requestOf } from './history.ts';
import { titleOf } from './title.ts';

let count = 0;
const record = (
  role: MessageRecord['role'],
  parts: readonly Part[],
  status: MessageRecord['status'] = 'complete',
): MessageRecord => ({
  v: 1,
  id: `m${++count}`,
  conversationId: 'c1',
  parentId: null,
  createdAt: count,
  role,
  parts,
  status,
});
const text = (words: string): Part => ({ type: 'text', text: words });
const call = (args: string): Part => ({ type: 'tool-call', callId: 'c', name: 'f', arguments: args });

describe('messagesOf', () => {
  it('passes on what was said, part by part and untouched', () => {
    const answer = [{ type: 'reasoning', text: 'Hm', raw: { signature: 's' } }, text('Yes'), call('{}')] as const;
    const tool: Part = { type: 'tool-result', callId: 'c', content: [] };
    const messages = messagesOf([record('user', [text('Hi')]), record('assistant', answer), record('tool', [tool])]);
    expect(messages).toEqual([
      { role: 'user', parts: [text('Hi')] },
      { role: 'assistant', parts: answer },
      { role: 'tool', parts: [tool] },
    ]);
  });

  it.each<[string, MessageRecord, readonly Part[] | undefined]>([
    ['an interrupted answer with text', record('assistant', [text('Half')], 'interrupted'), [text('Half')]],
    ['a failed answer with text', record('assistant', [text('Half')], 'failed'), [text('Half')]],
    ['an answer that still goes on', record('assistant', [text('So far')], 'streaming'), [text('So far')]],
    ['a failed answer without text', record('assistant', [], 'failed'), undefined],
    ['an empty answer', record('assistant', []), undefined],
    ['an answer of blanks', record('assistant', [text(' \n')]), undefined],
    [
      'thinking that never came to a word',
      record('assistant', [{ type: 'reasoning', text: 'Hm' }], 'interrupted'),
      undefined,
    ],
    [
      'a call that was cut in its arguments',
      record('assistant', [text('I call'), call('{"a":')], 'interrupted'),
      [text('I call')],
    ],
    ['a cut call alone', record('assistant', [call('{"a":')], 'interrupted'), undefined],
    ['a call that was not cut', record('assistant', [call('{"a":1}')], 'interrupted'), [call('{"a":1}')]],
    [
      'a picture',
      record('assistant', [{ type: 'image', mediaType: 'image/png', source: { kind: 'blob', blobId: 'b' } }]),
      [{ type: 'image', mediaType: 'image/png', source: { kind: 'blob', blobId: 'b' } }],
    ],
  ])('of %s', (_, one, parts) => {
    expect(messagesOf([one])).toEqual(parts ? [{ role: 'assistant', parts }] : []);
  });
});

describe('requestOf', () => {
  const conversation: ConversationRecord = {
    v: 1,
    id: 'c1',
    title: '',
    titled: false,
    createdAt: 1,
    updatedAt: 1,
    headId: null,
    parameters: { temperature: 1, seed: 7 },
    draft: 'not sent',
  };
  const choice = { provider: 'p', model: 'm' };

  it('lays the message’s own parameters over the conversation’s', () => {
    expect(requestOf(conversation, [record('user', [text('Hi')])], choice, { temperature: 0 })).toEqual({
      choice,
      temperature: 0,
      seed: 7,
      sessionId: 'c1',
      messages: [{ role: 'user', parts: [text('Hi')] }],
    });
  });

  it('sends a system prompt where there is one', () => {
    expect(requestOf({ ...conversation, system: 'Be kind.' }, [], choice).system).toBe('Be kind.');
    expect(requestOf({ ...conversation, system: '' }, [], choice)).not.toHaveProperty('system');
  });

  it('names the models to fall back to: the conversation’s own, else those of the settings', () => {
    const [one, two] = [
      { provider: 'p', model: 'one' },
      { provider: 'p', model: 'two' },
    ];
    const settings = { fallbacks: [one], allowDearer: true };
    expect(requestOf(conversation, [], choice, {}, settings)).toMatchObject({ fallbacks: [one], allowDearer: true });
    expect(requestOf({ ...conversation, fallbacks: [two] }, [], choice, {}, settings).fallbacks).toEqual([two]);
    expect(requestOf({ ...conversation, fallbacks: [] }, [], choice, {}, settings)).not.toHaveProperty('fallbacks');
  });
});

describe('titleOf', () => {
  const image: Part = { type: 'image', mediaType: 'image/png', source: { kind: 'blob', blobId: 'b' } };
  const file: Part = { type: 'file', name: 'tides.csv', mediaType: 'text/csv', source: { kind: 'blob', blobId: 'b' } };
  it.each<[readonly Part[], string | undefined]>([
    [[text('Why are there tides?')], 'Why are there tides?'],
    [[text('  \n Why\n\nare   there\ttides? ')], 'Why are there tides?'],
    [[image, text('What is it?')], 'What is it?'],
    [[text(' '), file], 'tides.csv'],
    [[image], 'Image'],
    [[text('')], undefined],
    [[text('word '.repeat(50))], `${'word '.repeat(11)}word…`],
    [[text('x'.repeat(100))], `${'x'.repeat(60)}…`],
    [[text('🌊'.repeat(100))], `${'🌊'.repeat(60)}…`],
  ])('%j', (parts, title) => expect(titleOf(parts)).toBe(title));
});
