import { hostile, named } from './hostile.ts';

const ms = named('message-start', {
  id: 'c1',
  delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } },
});
const cs = (i: number, type = 'text', more: object = {}) =>
  named('content-start', { index: i, delta: { message: { content: { type, text: '', ...more } } } });
const cd = (i: number, text: unknown) =>
  named('content-delta', { index: i, delta: { message: { content: { text } } } });
const ce = (i: number) => named('content-end', { index: i });
const me = (
  r: unknown = 'COMPLETE',
  u: object | null = {
    billed_units: { input_tokens: 3, output_tokens: 4 },
    tokens: { input_tokens: 30, output_tokens: 6 },
  },
  more: object = {},
) => named('message-end', { delta: { finish_reason: r, usage: u, ...more } });
const tcs = (i: number, tc: unknown) => named('tool-call-start', { index: i, delta: { message: { tool_calls: tc } } });
const tcd = (i: number, a: unknown) =>
  named('tool-call-delta', { index: i, delta: { message: { tool_calls: { function: { arguments: a } } } } });
const tce = (i: number) => named('tool-call-end', { index: i });

hostile('cohere', {
  plain: [ms + cs(0) + cd(0, 'a') + cd(0, 'b') + ce(0) + me(), '"ab" | stop | 3>4'],
  thinking: [
    ms +
      cs(0, 'thinking', { thinking: '' }) +
      named('content-delta', { index: 0, delta: { message: { content: { thinking: 'th' } } } }) +
      ce(0) +
      cs(1) +
      cd(1, 'a') +
      ce(1) +
      me(),
    '~th~ "a" | stop | 3>4',
  ],
  plan: [
    ms +
      named('tool-plan-delta', { delta: { message: { tool_plan: 'I will' } } }) +
      tcs(0, { id: 'f0', type: 'function', function: { name: 'f', arguments: '' } }) +
      tcd(0, '{"a"') +
      tcd(0, ':1}') +
      tce(0) +
      me('TOOL_CALL'),
    '~I will~ f({"a":1})#f0 | tool-calls | 3>4',
  ],
  'no start': [cd(0, 'a') + me(), '"a" | stop | 3>4'],
  'null args': [
    ms + tcs(0, { id: 'f0', function: { name: 'f', arguments: null } }) + tce(0) + me('TOOL_CALL'),
    'f({})#f0 | tool-calls | 3>4',
  ],
  'a null among the arguments, alone in its delta': [
    ms +
      tcs(0, { id: 'f0', function: { name: 'f', arguments: '' } }) +
      ['{"at":', 'null', '}'].map((text) => tcd(0, text)).join('') +
      tce(0) +
      me('TOOL_CALL'),
    'f({"at":null})#f0 | tool-calls | 3>4',
  ],
  'tool_calls array': [
    ms + tcs(0, [{ id: 'f0', function: { name: 'f', arguments: '{}' } }]) + me('TOOL_CALL'),
    'f({})#f0 | tool-calls | 3>4',
  ],
  'max with call': [
    ms + tcs(0, { id: 'f0', function: { name: 'f', arguments: '{}' } }) + me('MAX_TOKENS'),
    'f({})#f0? | length | 3>4',
  ],
  'error finish': [ms + cd(0, 'a') + me('ERROR', null, { error: 'internal' }), '"a" | error: unavailable'],
  'error event': [ms + cd(0, 'a') + named('error', { message: 'x rate limit' }), '"a" | error: rate-limit'],
  'json msg': ['{"id":"x","message":"invalid api token"}', 'error: auth'],
  'json msg 2': ['{"message":"trial token rate limit exceeded"}', 'error: rate-limit'],
  'usage numeric string floats': [
    ms + cd(0, 'a') + me('COMPLETE', { billed_units: { input_tokens: '3', output_tokens: 4.0 } }),
    '"a" | stop | 3>4',
  ],
  'usage only tokens': [
    ms + cd(0, 'a') + me('COMPLETE', { tokens: { input_tokens: 3.0, output_tokens: 4 } }),
    '"a" | stop | 3>4',
  ],
  'empty billed_units': [
    ms + cd(0, 'a') + me('COMPLETE', { billed_units: {}, tokens: { input_tokens: 3, output_tokens: 4 } }),
    '"a" | stop | 3>4',
  ],
  cut: [ms + cd(0, 'a'), '"a" | interrupted: truncated'],
  'cut after content-end': [ms + cs(0) + cd(0, 'a') + ce(0), '"a" | interrupted: truncated'],
  'finish lower': [ms + cd(0, 'a') + me('complete'), '"a" | stop | 3>4'],
  'finish null': [ms + cd(0, 'a') + me(null), '"a" | stop | 3>4'],
  'message-end without delta': [ms + cd(0, 'a') + named('message-end', {}), '"a" | stop'],
  whole: [
    JSON.stringify({
      id: 'c',
      finish_reason: 'TOOL_CALL',
      message: {
        role: 'assistant',
        tool_plan: 'p',
        tool_calls: [{ id: 'f', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      usage: { billed_units: { input_tokens: 1, output_tokens: 2 } },
    }),
    '~p~ f({})#f | tool-calls | 1>2',
  ],
  'whole text w thinking': [
    JSON.stringify({
      id: 'c',
      finish_reason: 'COMPLETE',
      message: {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'h' },
          { type: 'text', text: 'a' },
        ],
      },
      usage: {},
    }),
    '~h~ "a" | stop',
  ],
  'whole with two texts': [
    JSON.stringify({
      id: 'c',
      finish_reason: 'COMPLETE',
      message: {
        role: 'assistant',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    }),
    '"a" "b" | stop',
  ],
  'whole content string': [
    JSON.stringify({ id: 'c', finish_reason: 'COMPLETE', message: { role: 'assistant', content: 'hello' } }),
    '"hello" | stop',
  ],
  citations: [
    ms +
      cs(0) +
      cd(0, 'a') +
      named('citation-start', {
        index: 0,
        delta: {
          message: {
            citations: {
              start: 0,
              end: 1,
              text: 'a',
              sources: [{ type: 'document', id: 'd', document: { id: 'd', title: 'T', url: 'https://a' } }],
            },
          },
        },
      }) +
      named('citation-end', { index: 0 }) +
      ce(0) +
      me(),
    '"a" source:https://a | stop | 3>4',
  ],
  'debug/unknown': [ms + named('debug', { prompt: 'x' }) + cd(0, 'a') + me(), '"a" | stop | 3>4'],
  DONE: [`${ms + cd(0, 'a') + me()}data: [DONE]\n\n`, '"a" | stop | 3>4'],
  'no types (event name only)': [
    (ms + cd(0, 'a') + me()).replaceAll(/"type":"(message-start|content-delta|message-end)",/g, ''),
    'error: malformed-output',
  ],
  v1: [
    '{"is_finished":false,"event_type":"text-generation","text":"a"}\n{"is_finished":true,"event_type":"stream-end","finish_reason":"COMPLETE","response":{"text":"a"}}\n',
    'error: malformed-output',
  ],
  'two tool calls same index': [
    ms +
      tcs(0, { id: 'a', function: { name: 'f', arguments: '{}' } }) +
      tce(0) +
      tcs(0, { id: 'b', function: { name: 'g', arguments: '' } }) +
      tcd(0, '{}') +
      tce(0) +
      me('TOOL_CALL'),
    'f({})#a g({})#b | tool-calls | 3>4',
  ],
  ERROR_LIMIT: [ms + cd(0, 'a') + me('ERROR_LIMIT'), '"a" | length | 3>4'],
  USER_CANCEL: [ms + cd(0, 'a') + me('USER_CANCEL'), '"a" | stop | 3>4'],
  html: ['<html><title>502</title></html>', 'error: malformed-output'],
  empty: ['', 'error: truncated'],
  'text null': [ms + cd(0, null) + cd(0, 'a') + me(), '"a" | stop | 3>4'],
});
