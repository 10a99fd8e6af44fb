import { describe, expect, it } from 'vitest';
import { chunk, DONE, data, decode, stop } from './decoding.testing.ts';

const calls = (...entries: readonly unknown[]) => chunk({ tool_calls: entries });
const fn = (name: unknown, args?: unknown) => ({ name, ...(args !== undefined && { arguments: args }) });

/** The calls of an answer as `name(arguments)`, with their ids. */
function called(...chunks: readonly object[]) {
  const { events, finish } = decode(data(...chunks, stop('tool_calls')) + DONE);
  return {
    calls: events.flatMap((event) =>
      event.type === 'tool-call-end' ? [`${event.callId} ${event.name}(${event.arguments})`] : [],
    ),
    reason: finish?.reason,
  };
}

const weather = ['call_1 weather({"city":"Berlin"})'];
const both = ['a f({"x":1})', 'b g({"y":2})'];

describe('tool calls', () => {
  it('quirk 40, quirk 43: are told as they come, and final only at the end', () => {
    const { events } = decode(
      data(
        calls({ index: 0, id: 'call_1', type: 'function', function: fn('weather', '') }),
        calls({ index: 0, function: { arguments: '{"city":' } }),
        calls({ index: 0, function: { arguments: '"Berlin"}' } }),
        stop('tool_calls'),
      ) + DONE,
    );
    expect(events.slice(1)).toEqual([
      { type: 'tool-call-start', part: 0, callId: 'call_1', name: 'weather' },
      { type: 'tool-call-arguments', part: 0, delta: '{"city":' },
      { type: 'tool-call-arguments', part: 0, delta: '"Berlin"}' },
      { type: 'tool-call-end', part: 0, callId: 'call_1', name: 'weather', arguments: '{"city":"Berlin"}' },
      { type: 'finish', reason: 'tool-calls', nativeReason: 'tool_calls' },
    ]);
  });

  it('quirk 43: arguments that parse before they are complete are not acted on', () => {
    const { events } = decode(data(calls({ index: 0, id: 'a', function: fn('pay', '{}') })), {
      cause: { kind: 'reset' },
    });
    expect(events.some(({ type }) => type === 'tool-call-end')).toBe(false);
  });

  it.each([
    [
      'quirk 42, quirk 170, quirk 185: all of it in the first delta',
      [calls({ index: 0, id: 'call_1', function: fn('weather', '{"city":"Berlin"}') })],
    ],
    [
      'quirk 41: a name of null behind the first delta',
      [
        calls({ index: 0, id: 'call_1', function: fn('weather', '{"city":') }),
        calls({ index: 0, function: fn(null, '"Berlin"}') }),
      ],
    ],
    [
      'quirk 130: no index',
      [calls({ id: 'call_1', function: fn('weather', '{"city":') }), calls({ function: { arguments: '"Berlin"}' } })],
    ],
    [
      'quirk 130: an index other than 0',
      [
        calls({ index: 3, id: 'call_1', function: fn('weather', '{"city":') }),
        calls({ index: 3, function: { arguments: '"Berlin"}' } }),
      ],
    ],
    [
      'quirk 130: the call twice in the first chunk',
      [
        calls(
          { index: 0, id: 'call_1', function: fn('weather', '') },
          { index: 0, id: 'call_1', function: fn('weather', '') },
        ),
        calls({ index: 0, function: { arguments: '{"city":"Berlin"}' } }),
      ],
    ],
    [
      'quirk 131: the id with every chunk',
      [
        calls({ index: 0, id: 'call_1', function: fn('weather', '{"city":') }),
        calls({ index: 0, id: 'call_1', function: { arguments: '"Berlin"}' } }),
      ],
    ],
    [
      'quirk 131: an empty id behind the first chunk',
      [
        calls({ index: 0, id: 'call_1', function: fn('weather', '{"city":') }),
        calls({ index: 0, id: '', function: { arguments: '"Berlin"}' } }),
      ],
    ],
    [
      'quirk 131: the id later',
      [
        calls({ index: 0, function: fn('weather', '{"city":') }),
        calls({ index: 0, id: 'call_1', function: { arguments: '"Berlin"}' } }),
      ],
    ],
    [
      'quirk 132: the name behind the arguments',
      [
        calls({ index: 0, id: 'call_1', function: { arguments: '{"city":' } }),
        calls({ index: 0, function: { arguments: '"Berlin"}' } }),
        calls({ index: 0, function: fn('weather', '') }),
      ],
    ],
    [
      'quirk 133: the name again, and empty',
      [
        calls({ index: 0, id: 'call_1', function: fn('weather', '{"city":') }),
        calls({ index: 0, function: fn('weather', '"Ber') }),
        calls({ index: 0, function: fn('', 'lin"}') }),
      ],
    ],
    [
      'quirk 134: arguments as an object',
      [calls({ index: 0, id: 'call_1', function: fn('weather', { city: 'Berlin' }) })],
    ],
    ['quirk 135: no type', [calls({ index: 0, id: 'call_1', function: fn('weather', '{"city":"Berlin"}') })]],
  ])('%s', (_name, chunks) => {
    expect(called(...chunks)).toEqual({ calls: weather, reason: 'tool-calls' });
  });

  it.each([
    [
      'by index',
      [
        calls({ index: 0, id: 'a', function: fn('f', '{"x":') }),
        calls({ index: 1, id: 'b', function: fn('g', '{"y":') }),
        calls({ index: 0, function: { arguments: '1}' } }, { index: 1, function: { arguments: '2}' } }),
      ],
    ],
    [
      'quirk 130, quirk 219: all with index 0',
      [
        calls({ index: 0, id: 'a', function: fn('f', '{"x":1}') }),
        calls({ index: 0, id: 'b', function: fn('g', '{"y":2}') }),
      ],
    ],
    [
      'quirk 130: without index, by id',
      [
        calls({ id: 'a', function: fn('f', '{"x":') }),
        calls({ id: 'b', function: fn('g', '{"y":') }),
        calls({ id: 'a', function: { arguments: '1}' } }, { id: 'b', function: { arguments: '2}' } }),
      ],
    ],
  ])('parallel: %s', (_name, chunks) => {
    expect(called(...chunks)).toEqual({ calls: both, reason: 'tool-calls' });
  });

  it('quirk 131: parallel calls without id and index get ids of their own, the same in every reading', () => {
    const chunks = [calls({ function: fn('f', '{"x":1}') }, { function: fn('f', '{"x":2}') })];
    expect(called(...chunks).calls).toEqual(['call_gen1_0 f({"x":1})', 'call_gen1_1 f({"x":2})']);
    expect(called(...chunks)).toEqual(called(...chunks));
  });

  it('quirk 134: no arguments are an empty object', () => {
    expect(called(calls({ index: 0, id: 'a', function: fn('f', null) })).calls).toEqual(['a f({})']);
    expect(called(calls({ index: 0, id: 'a', function: fn('f', '') })).calls).toEqual(['a f({})']);
    expect(called(calls({ index: 0, id: 'a', function: fn('f', 'null') })).calls).toEqual(['a f({})']);
  });

  it('quirk 44: calls under a finish reason of stop are calls', () => {
    const { finish } = decode(data(calls({ index: 0, id: 'a', function: fn('f', '{}') }), stop('stop')));
    expect(finish).toEqual({ reason: 'tool-calls', nativeReason: 'stop' });
  });

  it('quirk 45: a finish reason of tool_calls without any is a stop', () => {
    const { finish } = decode(data(chunk({ content: 'x' }), stop('tool_calls')));
    expect(finish).toEqual({ reason: 'stop', nativeReason: 'tool_calls' });
  });

  it('quirk 46: the legacy function_call', () => {
    const { parts, finish } = decode(
      data(
        chunk({ function_call: { name: 'f', arguments: '{"a"' } }),
        chunk({ function_call: { arguments: ':1}' } }),
        stop('function_call'),
      ),
    );
    expect(parts).toMatchObject([{ type: 'tool-call', name: 'f', arguments: '{"a":1}' }]);
    expect(finish).toMatchObject({ reason: 'tool-calls' });
  });

  it('stand behind the text, and text behind them is a part of its own', () => {
    const { parts } = decode(
      data(
        chunk({ content: 'a' }),
        calls({ index: 0, id: 'x', function: fn('f', '{}') }),
        chunk({ content: 'b' }),
        stop(),
      ),
    );
    expect(parts.map(({ type }) => type)).toEqual(['text', 'tool-call', 'text']);
  });

  it('a whole answer’s calls are the stream’s', () => {
    const message = {
      content: 'a',
      tool_calls: [{ id: 'call_1', type: 'function', function: fn('weather', '{"city":"Berlin"}') }],
    };
    const whole = decode(
      JSON.stringify({ id: 'gen-1', model: 'acme/one', choices: [{ message, finish_reason: 'tool_calls' }] }),
    );
    const streamed = decode(
      data(
        chunk({ content: 'a' }),
        calls({ index: 0, id: 'call_1', function: fn('weather', '{"city":"Berlin"}') }),
        stop('tool_calls'),
      ),
    );
    expect(whole.parts).toEqual(streamed.parts);
    expect(whole.finish).toEqual(streamed.finish);
  });

  it('keep Google’s signature for their way back', () => {
    const extra = { google: { thought_signature: 'c2ln' } };
    const { parts } = decode(data(calls({ index: 0, id: 'a', function: fn('f', '{}'), extra_content: extra }), stop()));
    expect(parts).toMatchObject([{ type: 'tool-call', raw: { extra_content: extra } }]);
  });

  it('quirk 158: are repaired once, at the end, and marked', () => {
    const { parts, finish } = decode(
      data(calls({ index: 0, id: 'a', function: fn('f', "{'a': 'b',}") }), stop('tool_calls')),
    );
    expect(parts).toEqual([{ type: 'tool-call', callId: 'a', name: 'f', arguments: '{"a": "b"}', repaired: true }]);
    expect(finish?.reason).toBe('tool-calls');
  });

  it('quirk 158: beyond repair, nobody may act on them', () => {
    const { events, finish } = decode(
      data(calls({ index: 0, id: 'a', function: fn('f', '{"a": "b') }), stop('tool_calls')),
    );
    expect(events.some(({ type }) => type === 'tool-call-end')).toBe(false);
    expect(finish).toMatchObject({ reason: 'error', failure: { kind: 'malformed-output' } });
  });

  it('quirk 13, quirk 43: one that is cut holds back those that were whole', () => {
    const whole = calls({ index: 0, id: 'a', function: fn('f', '{}') });
    const half = calls({ index: 1, id: 'b', function: fn('g', '{"x":') });
    const { events, finish } = decode(data(whole, half) + DONE);
    expect(events.some(({ type }) => type === 'tool-call-end')).toBe(false);
    expect(finish?.failure?.kind).toBe('truncated');
  });

  it('cut by the maximum, they are just cut', () => {
    const { events, finish } = decode(
      data(calls({ index: 0, id: 'a', function: fn('f', '{"a": "b') }), stop('length')),
    );
    expect(events.some(({ type }) => type === 'tool-call-end')).toBe(false);
    expect(finish).toEqual({ reason: 'length', nativeReason: 'length' });
  });

  it.each([[null], ['x'], [{}], [{ index: 'a', id: 5, function: 'f' }], [{ function: null }], [[[]]]])(
    'nonsense is no call: %j',
    (entry) => {
      const { finish } = decode(data(chunk({ content: 'x', tool_calls: [entry] }), stop()));
      expect(['stop', 'error']).toContain(finish?.reason);
    },
  );
});
