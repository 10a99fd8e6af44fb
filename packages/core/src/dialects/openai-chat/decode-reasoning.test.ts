import { describe, expect, it } from 'vitest';
import { chunk, data, decode, stop } from './decoding.testing.ts';

describe('reasoning', () => {
  it.each([
    ['quirk 177: reasoning_content', { reasoning_content: 'hm' }],
    ['quirk 195, quirk 226: reasoning', { reasoning: 'hm' }],
    ['reasoning_text', { reasoning_text: 'hm' }],
    ['reasoning_details alone', { reasoning_details: [{ type: 'reasoning.text', text: 'hm', index: 0 }] }],
    ['a summary', { reasoning_details: [{ type: 'reasoning.summary', summary: 'hm', index: 0 }] }],
    ['two fields with the same words', { reasoning_content: 'hm', reasoning: 'hm' }],
    [
      'a field and its details',
      { reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm', index: 0 }] },
    ],
    ['an empty field before the right one', { reasoning_content: '', reasoning: 'hm' }],
  ])('quirk 136: %s', (_name, delta) => {
    const { reasoning, text } = decode(data(chunk(delta), chunk({ content: 'x' }), stop()));
    expect({ reasoning, text }).toEqual({ reasoning: 'hm', text: 'x' });
  });

  it('quirk 137: comes before the text of the same delta', () => {
    const { parts } = decode(data(chunk({ content: 'x', reasoning_content: 'hm' }), stop()));
    expect(parts.map(({ type }) => type)).toEqual(['reasoning', 'text']);
  });

  it('LiteLLM’s thinking blocks say their text once, and are kept with their signatures', () => {
    const piece = (thinking: string, signature: string | null, rest: object = {}) =>
      chunk({ thinking_blocks: [{ type: 'thinking', thinking, signature }], ...rest });
    const blocks = [
      { type: 'thinking', thinking: 'One', signature: 'sig1' },
      { type: 'redacted_thinking', data: 'x' },
      { type: 'thinking', thinking: ' Two', signature: 'sig2' },
    ];
    const redacted = chunk({ thinking_blocks: [blocks[1]] });
    const bodies = [
      data(
        piece('On', ''),
        piece('e', ''),
        piece('', 'sig1'),
        redacted,
        piece(' Two', null),
        piece('', 'sig2'),
        stop(),
      ),
      data(
        piece('On', '', { reasoning_content: 'On' }),
        piece('e', '', { reasoning_content: 'e', reasoning_details: null }),
        piece('', 'sig1', { reasoning_content: '' }),
        redacted,
        piece(' Two', 'sig2', { reasoning_content: ' Two' }),
        stop(),
      ),
      JSON.stringify({ choices: [{ message: { thinking_blocks: blocks }, finish_reason: 'stop' }] }),
      JSON.stringify({
        choices: [{ message: { reasoning_content: 'One Two', thinking_blocks: blocks }, finish_reason: 'stop' }],
      }),
    ];
    for (const body of bodies) {
      expect(decode(body).parts).toEqual([{ type: 'reasoning', text: 'One Two', raw: { thinking_blocks: blocks } }]);
    }
    const adjoined = data(piece('One', ''), piece('', 'sig1'), piece(' Two', ''), piece('', 'sig2'), stop());
    expect(decode(adjoined).parts[0]?.raw).toEqual({ thinking_blocks: [blocks[0], blocks[2]] });
  });

  it('quirk 139: is read from lists and objects as well', () => {
    expect(decode(data(chunk({ reasoning: [{ text: 'h' }, 'm'] }), stop())).reasoning).toBe('hm');
    expect(decode(data(chunk({ reasoning: { content: 'hm' } }), stop())).reasoning).toBe('hm');
    expect(decode(data(chunk({ reasoning: 42, content: 'x' }), stop())).reasoning).toBe('');
  });

  it('quirk 168: Mistral’s list of thinking and text', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
      { type: 'reference', reference_ids: [1] },
      { type: 'text', text: 'x' },
    ];
    const { reasoning, text } = decode(data(chunk({ content }), stop()));
    expect({ reasoning, text }).toEqual({ reasoning: 'hm', text: 'x' });
  });

  it('quirk 169, quirk 177: empty deltas begin no part', () => {
    const { parts } = decode(
      data(
        chunk({ content: '' }),
        chunk({ reasoning_content: '', content: null }),
        chunk({ reasoning_content: 'h', content: '' }),
        chunk({ content: '' }),
        chunk({ reasoning_content: 'm' }),
        chunk({ content: 'x' }),
        stop(),
      ),
    );
    expect(parts).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'x' },
    ]);
  });

  it('begins a new part wherever it resumes', () => {
    const { parts } = decode(
      data(
        chunk({ reasoning: 'a' }),
        chunk({ content: 'b' }),
        chunk({ reasoning: 'c' }),
        chunk({ content: 'd' }),
        stop(),
      ),
    );
    expect(parts.map((part) => part.type)).toEqual(['reasoning', 'text', 'reasoning', 'text']);
  });
});

describe('reasoning_details', () => {
  const raw = (...deltas: readonly object[]) =>
    decode(data(...deltas.map((delta) => chunk(delta)), stop())).parts.flatMap((part) =>
      part.raw === undefined ? [] : [part.raw],
    );

  it('quirk 248: are kept for their way back, merged by index and type', () => {
    const head = { type: 'reasoning.text', format: 'anthropic-claude-v1', index: 0 };
    expect(
      raw(
        { reasoning: 'The user ', reasoning_details: [{ ...head, text: 'The user ' }] },
        { reasoning: 'asks.', reasoning_details: [{ ...head, text: 'asks.' }] },
        { reasoning_details: [{ ...head, signature: 'EvsC' }] },
        { content: 'x', reasoning: null, reasoning_details: [] },
      ),
    ).toEqual([
      {
        reasoning_details: [
          {
            type: 'reasoning.text',
            format: 'anthropic-claude-v1',
            index: 0,
            text: 'The user asks.',
            signature: 'EvsC',
          },
        ],
      },
    ]);
  });

  it('quirk 248: by index, not by place in the list', () => {
    const text = (index: number, words: string) => ({ type: 'reasoning.text', text: words, index });
    expect(
      raw(
        { reasoning_details: [text(0, 'a'), text(1, 'x')] },
        { reasoning_details: [text(1, 'y')] },
        { reasoning_details: [text(0, 'b')] },
      ),
    ).toEqual([{ reasoning_details: [text(0, 'ab'), text(1, 'xy')] }]);
  });

  it('keeps summary and encrypted item of one index apart, and encrypted items whole', () => {
    const summary = { type: 'reasoning.summary', summary: 'hm', format: 'openai-responses-v1', index: 0 };
    const locked = { type: 'reasoning.encrypted', data: 'gAAA', id: 'rs_1', format: 'openai-responses-v1', index: 0 };
    const other = { ...locked, data: 'gBBB', id: 'rs_2' };
    expect(
      raw(
        { reasoning_details: [summary] },
        { reasoning_details: [locked] },
        { reasoning_details: [locked, other] },
        { content: 'x' },
      ),
    ).toEqual([{ reasoning_details: [summary, locked, other] }]);
  });

  it('keeps unknown fields, and lets null give way', () => {
    expect(
      raw(
        {
          reasoning_details: [
            { type: 'reasoning.text', text: 'a', signature: null, index: 0, shape: { of: [1.5, 'things'] } },
          ],
        },
        { reasoning_details: [{ type: 'reasoning.text', text: 'b', signature: 's', index: 0, id: null }] },
      ),
    ).toEqual([
      {
        reasoning_details: [
          { type: 'reasoning.text', text: 'ab', signature: 's', index: 0, shape: { of: [1.5, 'things'] }, id: null },
        ],
      },
    ]);
  });

  it('without an index, goes on with the running item of the same type', () => {
    const text = (words: string) => ({ type: 'reasoning.text', text: words });
    const locked = { type: 'reasoning.encrypted', data: 'd' };
    expect(
      raw(
        { reasoning_details: [text('a')] },
        { reasoning_details: [text('b')] },
        { reasoning_details: [locked] },
        { reasoning_details: [text('c')] },
      ),
    ).toEqual([{ reasoning_details: [text('ab'), locked, text('c')] }]);
  });

  it('encrypted thinking alone makes a part without words', () => {
    const locked = { type: 'reasoning.encrypted', data: 'gAAA', id: 'rs_1', index: 0 };
    const { parts } = decode(data(chunk({ reasoning_details: [locked] }), chunk({ content: 'x' }), stop()));
    expect(parts).toEqual([
      { type: 'reasoning', text: '', raw: { reasoning_details: [locked] } },
      { type: 'text', text: 'x' },
    ]);
  });

  it('are kept of a cut answer and of a whole one too', () => {
    const detail = { type: 'reasoning.text', text: 'a', index: 0 };
    const cut = decode(data(chunk({ reasoning: 'a', reasoning_details: [detail] })), { cause: { kind: 'aborted' } });
    const whole = decode(
      JSON.stringify({
        choices: [{ message: { reasoning: 'a', reasoning_details: [detail], content: 'x' }, finish_reason: 'stop' }],
      }),
    );
    for (const { parts } of [cut, whole])
      expect(parts[0]).toEqual({ type: 'reasoning', text: 'a', raw: { reasoning_details: [detail] } });
  });

  it('quirk 31: a streamed __proto__ is no field of theirs', () => {
    const [first] = raw({
      reasoning_details: [JSON.parse('{"type":"reasoning.text","text":"a","index":0,"__proto__":{"x":1}}')],
    });
    expect(JSON.stringify(first)).toBe('{"reasoning_details":[{"type":"reasoning.text","text":"a","index":0}]}');
  });

  it.each([[[null, 'x', 5, []]], ['x'], [{}], [[{}]]])('nonsense: %j', (details) => {
    expect(decode(data(chunk({ content: 'x', reasoning_details: details }), stop())).text).toBe('x');
  });
});

describe('quirk 138: thinking between tags', () => {
  const spoken = (texts: readonly string[], thinkTags?: 'tagged' | 'implicit') => {
    const { reasoning, text } = decode(
      data(...texts.map((content) => chunk({ content })), stop()),
      thinkTags ? { thinkTags } : {},
    );
    return { reasoning, text };
  };
  const whole = '<think>hm < x</y>\n</think>\n\nHello <think> there';
  const split = { reasoning: 'hm < x</y>\n', text: 'Hello <think> there' };

  it('is told from the answer, however it is cut', () => {
    for (let at = 0; at <= whole.length; at++) {
      expect(spoken([whole.slice(0, at), whole.slice(at)], 'tagged')).toEqual(split);
    }
    expect(spoken([...whole], 'tagged')).toEqual(split);
  });

  it('may have been opened by the prompt’s template', () => {
    expect(spoken(['hm</th', 'ink>Hello'], 'implicit')).toEqual({ reasoning: 'hm', text: 'Hello' });
  });

  it('is thinking to the end where nobody closes it', () => {
    expect(spoken(['<think>hm</thi'], 'tagged')).toEqual({ reasoning: 'hm</thi', text: '' });
  });

  it('is told to the last letter where an error ends it', () => {
    const { text, finish } = decode(data(chunk({ content: '<thi' }), { error: { message: 'boom' } }), {
      thinkTags: 'tagged',
    });
    expect({ text, reason: finish?.reason }).toEqual({ text: '<thi', reason: 'error' });
  });

  it('is text where it is not expected, and where it is not first', () => {
    expect(spoken([whole])).toEqual({ reasoning: '', text: whole });
    expect(spoken(['A <think> tag'], 'tagged')).toEqual({ reasoning: '', text: 'A <think> tag' });
    expect(spoken(['<thi'], 'tagged')).toEqual({ reasoning: '', text: '<thi' });
    expect(spoken(['  <b>x</b>'], 'tagged')).toEqual({ reasoning: '', text: '  <b>x</b>' });
  });
});
