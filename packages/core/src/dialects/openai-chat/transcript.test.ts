import { describe, expect, it } from 'vitest';
import type { Model } from '../../catalog/model.ts';
import type { Part } from '../../chat/part.ts';
import type { ProviderFlags } from '../../providers/provider.ts';
import { assistant, bodyOf, call, encode, type Given, messagesOf, result, say, user } from './encoding.testing.ts';

describe('the user’s messages', () => {
  it('carry images and files as addresses', () => {
    const image: Part = { type: 'image', mediaType: 'image/png', source: { kind: 'blob', blobId: 'b1' } };
    const link: Part = { type: 'image', mediaType: 'image/png', source: { kind: 'url', url: 'https://a/b.png' } };
    const pdf: Part = {
      type: 'file',
      name: 'a.pdf',
      mediaType: 'application/pdf',
      source: { kind: 'base64', data: 'BBBB' },
    };
    expect(messagesOf([user('See', image, link, pdf)], { media: new Map([['b1', 'AAAA']]) })[0].content).toEqual([
      { type: 'text', text: 'See' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'image_url', image_url: { url: 'https://a/b.png' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
    ]);
  });

  it('carry files of text as text, and files that are images as images', () => {
    const notes: Part = {
      type: 'file',
      name: 'a.md',
      mediaType: 'text/markdown',
      source: { kind: 'base64', data: btoa('# A\xc3\xbc') },
    };
    const photo: Part = {
      type: 'file',
      name: 'p.jpg',
      mediaType: 'image/jpeg',
      source: { kind: 'base64', data: 'AAAA' },
    };
    expect(messagesOf([user(notes, photo)])[0].content).toEqual([
      { type: 'text', text: 'a.md:\n\n# Aü' },
      { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,AAAA' } },
    ]);
  });

  it('say in words what the store has lost', () => {
    const gone = encode({
      request: {
        messages: [
          user(
            { type: 'image', mediaType: 'image/png', alt: 'a cat', source: { kind: 'blob', blobId: 'x' } },
            { type: 'file', name: 'a.pdf', mediaType: 'application/pdf', source: { kind: 'blob', blobId: 'y' } },
          ),
        ],
      },
    });
    expect(gone.notices.map(({ code }) => code)).toEqual(['part-described', 'part-described']);
    expect(gone.body).toMatch(/a cat.*a\.pdf/);
  });

  it('that say nothing are left out', () => {
    expect(messagesOf([user(''), user('x')])).toEqual([{ role: 'user', content: 'x' }]);
  });

  it('of text alone are one string, which every server takes', () => {
    expect(messagesOf([user('a', 'b')])).toEqual([{ role: 'user', content: 'a\n\nb' }]);
  });
});

describe('the assistant’s messages', () => {
  it('quirk 56: are one string, as it was written', () => {
    expect(
      messagesOf([assistant(say('a'), { type: 'citation', url: 'https://a' }, say('b')), user('x')]).slice(0, 1),
    ).toEqual([{ role: 'assistant', content: 'ab' }]);
  });

  it('quirk 55: have null for content beside tool calls, or a string where null is refused', () => {
    const messages = [assistant(call('a', '{"x":1}')), { role: 'tool' as const, parts: [result('a', 'y')] }];
    const tool_calls = [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }];
    expect(messagesOf(messages)[0]).toEqual({ role: 'assistant', content: null, tool_calls });
    expect(messagesOf(messages, { flags: { assistantContentNeverNull: true } })[0]).toEqual({
      role: 'assistant',
      content: '',
      tool_calls,
    });
  });

  it('that say nothing are left out', () => {
    expect(messagesOf([assistant(), assistant(say('')), user('x')])).toEqual([{ role: 'user', content: 'x' }]);
  });

  it('quirk 54, quirk 167: have tool-call ids of a length that is taken, and their results find them', () => {
    const long = `call_1|fc_${'x'.repeat(400)}`;
    const ids = (given: Given, ...callIds: string[]) => {
      const wire = messagesOf(
        [assistant(...callIds.map((id) => call(id))), { role: 'tool', parts: callIds.map((id) => result(id, 'ok')) }],
        given,
      );
      const made = wire[0].tool_calls.map(({ id }: { id: string }) => id);
      expect(wire.slice(1).map(({ tool_call_id }: { tool_call_id: string }) => tool_call_id)).toEqual(made);
      return made as string[];
    };
    const made = ids({}, long, `${long}y`, 'call_ok-1');
    expect(made.every((id) => /^[\w-]{1,40}$/.test(id))).toBe(true);
    expect(new Set(made).size).toBe(3);
    expect(made[2]).toBe('call_ok-1');
    const tight = ids({ flags: { toolCallIdMax: 9 } }, long, 'call_1', 'abcDEF123');
    expect(tight.every((id) => /^[a-zA-Z0-9]{9}$/.test(id))).toBe(true);
    expect(new Set(tight).size).toBe(3);
    expect(tight[2]).toBe('abcDEF123');
  });
});

describe('tool results', () => {
  it('are text, and say when they are errors', () => {
    const failed: Part = { type: 'tool-result', callId: 'b', content: [{ type: 'text', text: 'no' }], isError: true };
    const wire = messagesOf([
      assistant(call('a'), call('b')),
      { role: 'tool', parts: [result('a', 'x', 'y'), failed] },
    ]);
    expect(wire.slice(1)).toEqual([
      { role: 'tool', tool_call_id: 'a', content: 'x\ny' },
      { role: 'tool', tool_call_id: 'b', content: 'Error: no' },
    ]);
  });

  it('show their images behind the last of them', () => {
    const image: Part = { type: 'image', mediaType: 'image/png', source: { kind: 'base64', data: 'AAAA' } };
    const wire = messagesOf([
      assistant(call('a'), call('b')),
      { role: 'tool', parts: [result('a', 'x', image)] },
      { role: 'tool', parts: [result('b', 'y')] },
    ]);
    expect(wire.map(({ role }: { role: string }) => role)).toEqual(['assistant', 'tool', 'tool', 'user']);
    expect(wire[3].content[1]).toEqual({ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } });
  });
});

describe('what a model wants back', () => {
  const origin = { provider: 'acme', model: 'one' };
  const details = [
    { type: 'reasoning.text', text: 'hm', signature: 'EvsC', format: 'anthropic-claude-v1', index: 0 },
    { type: 'reasoning.encrypted', data: 'g+/=', id: 'rs_1', index: 1 },
  ];
  const thought: Part = { type: 'reasoning', text: 'hm', origin, raw: { reasoning_details: details } };
  const flags: ProviderFlags = { reasoningReplay: 'reasoning_details' };

  it('quirk 248: goes back to it unaltered and in order', () => {
    const { body } = encode({ request: { messages: [user('q'), assistant(thought, say('a')), user('r')] }, flags });
    expect(body).toContain(`"reasoning_details":${JSON.stringify(details)}`);
  });

  it.each([
    ['another model', { ...origin, model: 'two' }],
    ['another provider', { ...origin, provider: 'other' }],
    ['nobody known', undefined],
  ])('goes to nobody else: %s', (_name, other) => {
    const { origin: _origin, ...rest } = thought;
    const { body } = encode({
      request: { messages: [assistant({ ...rest, ...(other && { origin: other }) }, say('a'))] },
      flags,
    });
    expect(body).not.toMatch(/reasoning_details|EvsC|hm/);
  });

  it('goes back to the same model under another of its names', () => {
    const model: Model = { id: 'two', provider: 'acme', aliases: ['one'], source: 'live' };
    const request = { choice: { provider: 'acme', model: 'two' }, messages: [assistant(thought, say('a'))] };
    expect(encode({ request, flags, model }).body).toContain('EvsC');
  });

  it('quirk 248: thinking that was cut before its signature is not sent back', () => {
    const cut: Part = {
      ...thought,
      raw: { reasoning_details: [{ ...details[0], signature: null }, details[1] as never] },
    };
    expect(bodyOf({ request: { messages: [assistant(cut, say('a'))] }, flags }).messages[0].reasoning_details).toEqual([
      details[1],
    ]);
  });

  it('quirk 180: as plain text only beside tool calls, and then even where it is empty', () => {
    const plain: ProviderFlags = { reasoningReplay: 'reasoning_content' };
    const { raw: _raw, ...words } = thought as typeof thought & { raw?: unknown };
    expect(messagesOf([assistant(words, say('a'))], { flags: plain })[0]).not.toHaveProperty('reasoning_content');
    expect(messagesOf([assistant(words, call('a'))], { flags: plain })[0].reasoning_content).toBe('hm');
    expect(messagesOf([assistant(call('a'))], { flags: plain })[0].reasoning_content).toBe('');
  });

  it('is left out where the provider takes none of it', () => {
    expect(encode({ request: { messages: [assistant(thought, say('a'))] } }).body).not.toContain('hm');
  });

  it('keeps Google’s signature with its call', () => {
    const signed: Part = {
      type: 'tool-call',
      callId: 'a',
      name: 'f',
      arguments: '{}',
      origin,
      raw: { extra_content: { google: { thought_signature: 'c2ln' } } },
    };
    expect(messagesOf([assistant(signed)])[0].tool_calls[0].extra_content).toEqual({
      google: { thought_signature: 'c2ln' },
    });
    expect(
      encode({ request: { messages: [assistant({ ...signed, origin: { ...origin, model: 'two' } })] } }).body,
    ).not.toContain('c2ln');
  });
});

describe('LiteLLM’s thinking blocks', () => {
  const block = { type: 'thinking', thinking: 'hm', signature: 'sig' };
  const bodyWith = (list: readonly object[], from: Part['origin']) =>
    bodyOf({
      request: {
        messages: [
          user('a'),
          assistant(
            { type: 'reasoning', text: 'hm', ...(from && { origin: from }), raw: { thinking_blocks: list as never } },
            say('b'),
          ),
          user('c'),
        ],
      },
    }).messages[1];

  it('go back to whoever sent them, where they are signed', () => {
    const own = { provider: 'acme', model: 'one' };
    const redacted = { type: 'redacted_thinking', data: 'x' };
    expect(bodyWith([block, redacted], own)).toEqual({
      role: 'assistant',
      content: 'b',
      thinking_blocks: [block, redacted],
    });
    expect(bodyWith([{ ...block, signature: '' }], own)).not.toHaveProperty('thinking_blocks');
    expect(JSON.stringify(bodyWith([block], { provider: 'acme', model: 'two' }))).not.toContain('sig');
  });
});
