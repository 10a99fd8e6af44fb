import { describe, expect, it } from 'vitest';
import type { Message } from '../chat/message.ts';
import type { ImagePart, Origin, Part } from '../chat/part.ts';
import { handOver } from './hand-over.ts';
import { assistant, call, play, result, say, source, tool, user } from './messages.testing.ts';
import type { Target } from './rules.ts';
import { targetOf } from './targets.testing.ts';

const anthropic = targetOf('anthropic');
const openai = targetOf('openai');
const OWN: Origin = { provider: 'anthropic', model: anthropic.modelId };
const OTHER: Origin = { provider: 'openai', model: 'gpt-4o' };

const image: ImagePart = { type: 'image', mediaType: 'image/png', source: { kind: 'blob', blobId: 'b' } };

const seeing = (target: Target): Target => ({
  ...target,
  model: { id: target.modelId, provider: target.provider.id, input: ['text', 'image'], source: 'user' },
});
const codes = (messages: readonly Message[], target: Target) =>
  handOver(messages, target).notices.map(({ code }) => code);

describe('what another model wrote', () => {
  const thought: Part = { type: 'reasoning', text: 'Hm', raw: { signature: 's' }, origin: OTHER };
  const words = say('Yes', { raw: { id: 'msg_1' }, origin: OTHER });

  it('keeps its words and loses what only its own model can read (quirk 89)', () => {
    const { messages, notices } = handOver([user('?'), assistant(thought, words), user('!')], anthropic);
    expect(messages[1]).toEqual({ role: 'assistant', parts: [say('Yes', { origin: OTHER })] });
    expect(notices).toEqual([
      {
        code: 'reasoning-dropped',
        field: 'messages',
        message: `What other models thought was not sent to ${anthropic.modelId}: it cannot read it.`,
      },
    ]);
  });

  it('goes back untouched to the very model that wrote it, by whichever of its names', () => {
    const mine = [user('?'), assistant({ ...thought, origin: OWN }, { ...words, origin: OWN }), user('!')];
    expect(handOver(mine, anthropic)).toEqual({ messages: mine, notices: [] });
    const renamed: Target = {
      ...anthropic,
      modelId: 'claude-latest',
      model: { id: 'claude-latest', provider: 'anthropic', aliases: [anthropic.modelId], source: 'live' },
    };
    expect(handOver(mine, renamed).messages).toEqual(mine);
    const elsewhere = { ...OWN, provider: 'openrouter' };
    const routed = [
      user('?'),
      assistant({ ...thought, origin: elsewhere }, { ...words, origin: elsewhere }),
      user('!'),
    ];
    expect(handOver(routed, anthropic).messages[1]?.parts).toEqual([say('Yes', { origin: elsewhere })]);
  });

  it('loses `raw` inside of a tool’s result too, and where nobody signed for it', () => {
    const content = [say('1', { raw: 1, origin: OTHER })];
    const told = handOver([user('?'), assistant(call('a')), tool(result('a', ...content))], openai).messages[2]
      ?.parts[0];
    expect(told).toEqual({ ...result('a', say('1', { origin: OTHER })), name: 'f' });
    expect(handOver([user(say('x', { raw: 1 }))], openai).messages).toEqual([user('x')]);
  });

  it('has its sources and its provider’s tools told once, in front of the next question', () => {
    const search: Part = {
      type: 'server-tool',
      callId: 's',
      name: 'web_search',
      input: { query: 'tides' },
      origin: OTHER,
    };
    const cited = { ...source, origin: OTHER };
    const history = [user('?'), assistant(search, words, cited, cited), user('!')];
    const { messages, notices } = handOver(history, anthropic);
    expect(play(messages)).toEqual([
      ['user', '?'],
      ['assistant', 'Yes'],
      [
        'user',
        '[For an earlier answer the provider ran “web_search” with {"query":"tides"}.]',
        '[Sources of an earlier answer:\n- A – https://a.example/: “a”\n]',
        '!',
      ],
    ]);
    expect(notices.map(({ message }) => message)).toEqual([
      `What providers did for earlier answers was told to ${anthropic.modelId} in words.`,
      `The sources of earlier answers were told to ${anthropic.modelId} in words.`,
    ]);
  });

  it('has its sources told without interrupting tools at work, or an answer to be continued', () => {
    const cited = { ...source, origin: OTHER };
    const working = handOver([user('?'), assistant(cited, call('a')), tool(result('a', say('1')))], openai);
    expect(working.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(working.messages[2]?.parts[0]).toMatchObject({ content: [say('1'), { type: 'text' }] });
    const begun = handOver([user('?'), assistant('It is', cited)], anthropic);
    expect(play(begun.messages)).toEqual([
      ['user', '?', expect.stringContaining('https://a.example/')],
      ['assistant', 'It is'],
    ]);
    expect(begun.continues).toEqual({ text: 'It is', trimmed: '', prefilled: true });
  });

  it('is heard where it spoke, or told of: nobody takes a sound inside of an answer, not even who made it', () => {
    const gemini = targetOf('google');
    const origin = { provider: 'google', model: gemini.modelId };
    const sound: Part = { type: 'file', name: 'audio.wav', mediaType: 'audio/wav', source: image.source, origin };
    const history = [user('Say it'), assistant('Here', sound), user('Louder')];
    const hearing: Target = {
      ...gemini,
      model: { id: gemini.modelId, provider: 'google', input: ['text', 'audio'], source: 'user' },
    };
    expect(play(handOver(history, hearing).messages)).toEqual([
      ['user', 'Say it'],
      ['assistant', 'Here'],
      ['user', '[From an earlier answer: the file “audio.wav” (audio/wav)]', 'file', 'Louder'],
    ]);
    expect(play(handOver(history, seeing(gemini)).messages)[2]).toEqual([
      'user',
      '[An earlier answer held the file “audio.wav” (audio/wav); it is left out, because this model cannot take it.]',
      'Louder',
    ]);
    expect(codes(history, seeing(gemini))).toEqual(['part-described']);
  });

  it('shows its pictures to a model that is known to see, and names them to any other', () => {
    const history = [user('Draw'), assistant('Here', { ...image, alt: 'a cat', origin: OTHER }), user('Bluer')];
    expect(handOver(history, seeing(anthropic)).messages[2]?.parts).toEqual([
      say('[From an earlier answer: the image “a cat”]'),
      { ...image, alt: 'a cat', origin: OTHER },
      say('Bluer'),
    ]);
    const { messages, notices } = handOver(history, anthropic);
    expect(messages[2]?.parts).toEqual([
      say('[An earlier answer held the image “a cat”; it is left out, because this model cannot take it.]'),
      say('Bluer'),
    ]);
    expect(notices.map(({ code }) => code)).toEqual(['part-described']);
  });

  it('shows files of text to every model', () => {
    const notes: Part = {
      type: 'file',
      name: 'a.md',
      mediaType: 'text/markdown',
      source: { kind: 'blob', blobId: 'f' },
    };
    expect(handOver([user('?'), assistant('Here', notes), user('!')], openai).messages[2]?.parts).toContain(notes);
  });
});

describe('tool calls', () => {
  it('that nobody answered get a result that says so (quirk 99)', () => {
    const { messages, notices } = handOver(
      [user('?'), assistant(call('a'), call('b')), tool(result('b', say('2')))],
      openai,
    );
    expect(messages[2]).toEqual({
      role: 'tool',
      parts: [
        {
          type: 'tool-result',
          callId: 'a',
          name: 'f',
          isError: true,
          content: [say('There is no result: the call was not carried out.')],
        },
        { ...result('b', say('2')), name: 'f' },
      ],
    });
    expect(notices).toHaveLength(1);
  });

  it('have their results directly behind them, whatever stood between (quirk 97)', () => {
    const history = [user('?'), assistant(call('a')), user('Wait'), tool(result('a', say('1')))];
    expect(play(handOver(history, openai).messages)).toEqual([
      ['user', '?'],
      ['assistant', '→a'],
      ['tool', 'tool-result'],
      ['user', 'Wait'],
    ]);
  });

  it('have results without blank texts, which are refused even there (quirk 98)', () => {
    const history = [user('?'), assistant(call('a')), tool(result('a', say(' \n'), say('1'), say('')))];
    expect(handOver(history, anthropic).messages[2]?.parts[0]).toMatchObject({ content: [say('1')] });
  });

  it('stand behind the words of their answer, unless the asked model wrote them so', () => {
    const mixed = [call('a'), say('Now'), call('b')];
    const told = (parts: readonly Part[]) => play(handOver([user('?'), assistant(...parts)], anthropic).messages)[1];
    expect(told(mixed)).toEqual(['assistant', 'Now', '→a', '→b']);
    expect(told(mixed.map((part) => ({ ...part, origin: OWN })))).toEqual(['assistant', '→a', 'Now', '→b']);
  });

  it('that were cut off are told, not sent', () => {
    const { messages, notices, continues } = handOver([user('?'), assistant('Let me', call('a', '{"pa'))], anthropic);
    expect(play(messages)).toEqual([
      ['user', '?'],
      ['assistant', 'Let me'],
      [
        'user',
        '[The assistant began to call the tool “f” with {"pa, and was cut off. There is no result: the call was not carried out.]',
        expect.stringContaining('\n\nLet me\n\n'),
      ],
    ]);
    expect(continues).toEqual({ text: 'Let me', trimmed: '', prefilled: false });
    expect(notices).toHaveLength(1);
  });

  it('take no arguments where they have none, and are told where these are no object', () => {
    const sent = handOver([user('?'), assistant(call('a', ''), call('b', '[1]'))], openai).messages;
    expect(sent[1]?.parts).toEqual([call('a', '{}')]);
    expect(sent[3]?.parts[0]).toMatchObject({ text: expect.stringMatching(/called the tool “f” with \[1\]\./) });
  });

  it('of names that the target does not take are told with their results and their pictures', () => {
    const history = [
      user('?'),
      assistant(call('a', '{}', 'fs.read')),
      tool(result('a', say('1'), image)),
      assistant('1'),
    ];
    expect(play(handOver([...history, user('!')], openai).messages)).toEqual([
      ['user', '?'],
      ['user', '[The assistant called the tool “fs.read” with {}. It returned:\n1\n]', 'image'],
      ['assistant', '1'],
      ['user', '!'],
    ]);
  });

  it('are told to a model that knows no tools', () => {
    const history = [
      user('?'),
      assistant('Well', call('a')),
      tool({ ...result('a', say('1')), isError: true }),
      assistant('1'),
    ];
    expect(play(handOver([...history, user('!')], targetOf('perplexity')).messages)).toEqual([
      ['user', '?'],
      ['assistant', 'Well'],
      ['user', '[The assistant called the tool “f” with {}. It failed:\n1\n]'],
      ['assistant', '1'],
      ['user', '!'],
    ]);
  });

  it('that are not there have their results told', () => {
    const { messages } = handOver([tool({ ...result('a', say('1')), name: 'f' }), user('!')], anthropic);
    expect(play(messages)).toEqual([['user', '[The tool “f” was called. It returned:\n1\n]', '!']]);
  });

  it('get ids that the target takes, the same for call and result, and each id once (quirks 54, 77, 98, 105, 167)', () => {
    const long = `call|${'x'.repeat(400)}`;
    const turn = (id: string) => [assistant(call(id), call(id)), tool(result(id, say('1')), result(id, say('2')))];
    const history = [user('?'), ...turn(long), ...turn(''), ...turn('a'), ...turn('a')];
    for (const [target, shape] of [
      [anthropic, /^[a-zA-Z0-9_-]{1,64}$/],
      [openai, /^[a-zA-Z0-9_-]{1,40}$/],
      [targetOf('mistral'), /^[a-zA-Z0-9]{9}$/],
      [targetOf('aws'), /^[a-zA-Z0-9]{1,64}$/],
    ] as const) {
      const { messages } = handOver(history, target);
      const calls = messages.flatMap(({ parts }) => parts.filter((part) => part.type === 'tool-call'));
      const results = messages.flatMap(({ parts }) => parts.filter((part) => part.type === 'tool-result'));
      expect(new Set(calls.map(({ callId }) => callId)).size).toBe(8);
      for (const { callId } of calls) expect(callId).toMatch(shape);
      expect(results.map(({ callId }) => callId)).toEqual(calls.map(({ callId }) => callId));
      expect(results.map(({ content }) => content)).toEqual([1, 2, 1, 2, 1, 2, 1, 2].map((n) => [say(String(n))]));
    }
  });

  it('keep an id whatever comes behind it, so that a cached beginning stays one', () => {
    const begin = [user('?'), assistant(call('a|1')), tool(result('a|1'))];
    const more = [...begin, assistant(call('a|1')), tool(result('a|1'))];
    expect(handOver(more, openai).messages.slice(0, 3)).toEqual(handOver(begin, openai).messages);
  });

  it('have pictures in their results where the target takes them there (quirks 97, 125)', () => {
    const history = (isError: boolean) => [
      user('?'),
      assistant(call('a')),
      tool({ ...result('a', image), isError }),
      user('!'),
    ];
    const inside = handOver(history(false), anthropic).messages;
    expect(inside[2]?.parts[0]).toMatchObject({ content: [image] });
    expect(inside[3]).toEqual(user('!'));
    for (const messages of [handOver(history(true), anthropic).messages, handOver(history(false), openai).messages]) {
      expect(messages[2]?.parts[0]).toMatchObject({ content: [say('[What it shows follows.]')] });
      expect(messages[3]).toEqual(user('[From the result of f:]', image, '!'));
    }
  });

  it('are followed by an answer where the target wants one before a question (quirk 152)', () => {
    const history = [user('?'), assistant(call('abcdefghi')), tool(result('abcdefghi', image)), user('!')];
    expect(play(handOver(history, targetOf('mistral')).messages)).toEqual([
      ['user', '?'],
      ['assistant', '→abcdefghi'],
      ['tool', 'tool-result'],
      ['assistant', 'I have read the results.'],
      ['user', '[From the result of f:]', 'image', '!'],
    ]);
  });
});

describe('roles', () => {
  it('alternate where the target wants it (quirks 129, 182, 209), and stay where it does not', () => {
    const history = [user('a'), user('b'), assistant('c'), assistant('d'), user('e')];
    expect(handOver(history, openai).messages).toEqual(history);
    for (const id of ['anthropic', 'perplexity', 'deepseek']) {
      expect(play(handOver(history, targetOf(id)).messages)).toEqual([
        ['user', 'a', 'b'],
        ['assistant', 'c', 'd'],
        ['user', 'e'],
      ]);
    }
  });

  it('begin with the user where the target wants it', () => {
    const history = [assistant('Hello'), user('Hi')];
    expect(handOver(history, openai).messages).toEqual(history);
    expect(play(handOver(history, anthropic).messages)[0]).toEqual([
      'user',
      '[The beginning of this conversation is not here.]',
    ]);
  });

  it('lose an answer that was cut off before it said anything (quirks 69, 99, 173)', () => {
    const thought: Part = { type: 'reasoning', text: 'Hm', raw: { signature: 's' }, origin: OWN };
    for (const nothing of [[], ['  \n'], [thought], [say('', { raw: 1, origin: OWN })]]) {
      expect(handOver([user('a'), assistant(...nothing), user('b')], anthropic).messages).toEqual([user('a', 'b')]);
    }
  });

  it('keep thinking that led to something, and drop what trails behind it where that is refused', () => {
    const thought: Part = { type: 'reasoning', text: 'Hm', raw: { signature: 's' }, origin: OWN };
    const [before, after] = [thought, { ...thought, text: 'And' }];
    const { messages } = handOver([user('a'), assistant(before, 'Yes', after), user('b')], anthropic);
    expect(messages[1]).toEqual(assistant(before, 'Yes'));
    const mine = { provider: 'openai', model: 'some-model' };
    const kept = [user('a'), assistant('Yes', { ...after, origin: mine }), user('b')];
    expect(handOver(kept, openai).messages).toEqual(kept);
  });

  it('are never without a word', () => {
    for (const target of [anthropic, openai, targetOf('perplexity')]) {
      for (const history of [[], [user()], [user(' ')], [assistant()], [tool()]])
        expect(play(handOver(history, target).messages)).toEqual([['user', '[This message is empty.]']]);
    }
  });
});

describe('a system prompt', () => {
  it('stays one, or stands in front of the first question where there is none (quirk 122)', () => {
    expect(handOver([user('?')], openai, 'Be brief.').system).toBe('Be brief.');
    const { provider } = targetOf('aws');
    const deaf: Target = {
      ...openai,
      provider: { ...provider, families: [{ pattern: '^gemma', system: false }] },
      modelId: 'gemma-3',
    };
    const told = handOver([user('?')], deaf, 'Be brief.');
    expect(told).toEqual({ messages: [user('Be brief.', '?')], notices: [] });
    expect(handOver([assistant('Hi'), user('?')], deaf, 'Be brief.').messages[0]).toEqual(user('Be brief.'));
    expect(handOver([user('?')], deaf, ' ').messages).toEqual([user('?')]);
  });
});

describe('what should not be where it is', () => {
  it('is told all the same, and thinking is left out', () => {
    const odd = [
      call('a'),
      source,
      { type: 'server-tool', callId: 's', name: '' },
      { type: 'reasoning', text: 'x' },
    ] as const;
    const { messages } = handOver([user(...odd, 'Hi')], openai);
    expect(play(messages)).toEqual([
      [
        'user',
        '[The assistant called the tool “f” with {}. There is no result: the call was not carried out.]',
        '[Sources of an earlier answer:\n- A – https://a.example/: “a”\n]',
        '[For an earlier answer the provider ran a tool.]',
        'Hi',
      ],
    ]);
    expect(codes([user(...odd, 'Hi')], openai)).toEqual([
      'part-described',
      'part-described',
      'part-described',
      'reasoning-dropped',
    ]);
  });
});

describe('demands', () => {
  it('are laid over the dialect’s by the provider, and over these by a family of models', () => {
    const { provider } = openai;
    const strict: Target = {
      ...openai,
      provider: {
        ...provider,
        flags: { ...provider.flags, transcript: { merge: true } },
        families: [{ pattern: '^loose', transcript: { merge: false } }],
      },
    };
    expect(handOver([user('a'), user('b')], strict).messages).toEqual([user('a', 'b')]);
    expect(handOver([user('a'), user('b')], { ...strict, modelId: 'loose-1' }).messages).toHaveLength(2);
  });

  it('say in what the catalogue knows whether a model has tools', () => {
    const history = [user('?'), assistant(call('a')), tool(result('a', say('1')))];
    const blunt: Target = {
      ...openai,
      model: { id: 'm', provider: 'openai', parameters: ['temperature'], source: 'live' },
    };
    expect(play(handOver(history, blunt).messages)).toEqual([
      ['user', '?'],
      ['user', expect.stringContaining('f')],
    ]);
  });
});
