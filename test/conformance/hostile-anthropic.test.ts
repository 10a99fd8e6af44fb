import { hostile, named } from './hostile.ts';

const start = (u: object | null = { input_tokens: 10, output_tokens: 1 }, m: object = {}) =>
  named('message_start', {
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude',
      content: [],
      stop_reason: null,
      usage: u,
      ...m,
    },
  });
const bs = (index: number, b: object) => named('content_block_start', { index, content_block: b });
const bd = (index: number, d: unknown) => named('content_block_delta', { index, delta: d });
const bx = (index: number) => named('content_block_stop', { index });
const md = (r: unknown, u: object = { output_tokens: 9 }, more: object = {}) =>
  named('message_delta', { delta: { stop_reason: r, stop_sequence: null }, usage: u, ...more });
const stop = named('message_stop');
const T = (i: number, ...t: string[]) =>
  bs(i, { type: 'text', text: '' }) + t.map((x) => bd(i, { type: 'text_delta', text: x })).join('') + bx(i);

hostile('anthropic-messages', {
  'redacted+thinking+text': [
    start() +
      bs(0, { type: 'redacted_thinking', data: 'X' }) +
      bx(0) +
      bs(1, { type: 'thinking', thinking: '', signature: '' }) +
      bd(1, { type: 'thinking_delta', thinking: 'hm' }) +
      bd(1, { type: 'signature_delta', signature: 'S' }) +
      bx(1) +
      T(2, 'ok') +
      md('end_turn') +
      stop,
    '~~ ~hm~ "ok" | stop | 10>9',
  ],
  pause_turn: [
    start() +
      bs(0, { type: 'server_tool_use', id: 'srv', name: 'web_search', input: {} }) +
      bd(0, { type: 'input_json_delta', partial_json: '{"query":"x"}' }) +
      bx(0) +
      md('pause_turn') +
      stop,
    'ran:web_search | stop | 10>9',
  ],
  'refusal w details': [
    start() + T(0, 'a') + md('refusal', undefined, { stop_details: { type: 'refusal', explanation: 'why' } }) + stop,
    '"a" | content-filter: content-policy | 10>9',
  ],
  'refusal details in delta': [
    start() +
      named('message_delta', {
        delta: { stop_reason: 'refusal', stop_details: { explanation: 'because' } },
        usage: { output_tokens: 1 },
      }) +
      stop,
    'content-filter: content-policy | 10>1',
  ],
  'usage null fields': [
    start(null) +
      T(0, 'a') +
      md('end_turn', { input_tokens: null, output_tokens: 5, cache_read_input_tokens: null }) +
      stop,
    '"a" | stop | ?>5',
  ],
  'usage numeric strings': [
    start({ input_tokens: '10', output_tokens: '1' }) + T(0, 'a') + md('end_turn', { output_tokens: '9' }) + stop,
    '"a" | stop | 10>9',
  ],
  'usage only in delta': [
    start({ input_tokens: 0, output_tokens: 0 }) +
      T(0, 'a') +
      md('end_turn', { input_tokens: 33, output_tokens: 5 }) +
      stop,
    '"a" | stop | 33>5',
  ],
  'cache 1h': [
    start({
      input_tokens: 3,
      cache_creation_input_tokens: 30,
      cache_read_input_tokens: 7,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      output_tokens: 1,
    }) +
      T(0, 'a') +
      md('end_turn') +
      stop,
    '"a" | stop | 40>9, cached 7, written 30, hour 20',
  ],
  'two message_deltas': [
    start() + T(0, 'a') + md(null, { output_tokens: 3 }) + md('end_turn', { output_tokens: 9 }) + stop,
    '"a" | stop | 10>9',
  ],
  'no message_start': [T(0, 'a') + md('end_turn') + stop, '"a" | stop | ?>9'],
  'no block start': [
    start() + bd(0, { type: 'text_delta', text: 'a' }) + bx(0) + md('end_turn') + stop,
    '"a" | stop | 10>9',
  ],
  'no block stop on tool': [
    start() +
      bs(0, { type: 'tool_use', id: 'tu', name: 'f', input: {} }) +
      bd(0, { type: 'input_json_delta', partial_json: '{"a":1}' }) +
      md('tool_use') +
      stop,
    'f({"a":1})#tu | tool-calls | 10>9',
  ],
  'tool delta without start': [
    start() + bd(0, { type: 'input_json_delta', partial_json: '{"a":1}' }) + bx(0) + md('tool_use') + stop,
    'error: malformed-output | 10>9',
  ],
  'tool no args': [
    start() +
      bs(0, { type: 'tool_use', id: 'tu', name: 'f', input: {} }) +
      bd(0, { type: 'input_json_delta', partial_json: '' }) +
      bx(0) +
      md('tool_use') +
      stop,
    'f({})#tu | tool-calls | 10>9',
  ],
  'tool max_tokens closed but cut': [
    start() +
      bs(0, { type: 'tool_use', id: 'tu', name: 'f', input: {} }) +
      bd(0, { type: 'input_json_delta', partial_json: '{"a":' }) +
      bx(0) +
      md('max_tokens') +
      stop,
    'f({"a":)#tu? | length | 10>9',
  ],
  'tool max_tokens closed empty': [
    start() + bs(0, { type: 'tool_use', id: 'tu', name: 'f', input: {} }) + bx(0) + md('max_tokens') + stop,
    'f()#tu? | length | 10>9',
  ],
  'two tools, max_tokens': [
    start() +
      bs(0, { type: 'tool_use', id: 't1', name: 'f', input: {} }) +
      bd(0, { type: 'input_json_delta', partial_json: '{"a":1}' }) +
      bx(0) +
      bs(1, { type: 'tool_use', id: 't2', name: 'g', input: {} }) +
      bx(1) +
      md('max_tokens') +
      stop,
    'f({"a":1})#t1 g()#t2? | length | 10>9',
  ],
  'input complete at start & deltas repeat': [
    start() +
      bs(0, { type: 'tool_use', id: 'tu', name: 'f', input: { a: 1 } }) +
      bd(0, { type: 'input_json_delta', partial_json: '{"a":1}' }) +
      bx(0) +
      md('tool_use') +
      stop,
    'f({"a":1})#tu | tool-calls | 10>9',
  ],
  'duplicate tool ids': [
    start() +
      bs(0, { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } }) +
      bx(0) +
      bs(1, { type: 'tool_use', id: 't', name: 'g', input: { b: 1 } }) +
      bx(1) +
      md('tool_use') +
      stop,
    'f({"a":1})#t g({"b":1})#call_msg_1_1 | tool-calls | 10>9',
  ],
  'tool id missing': [
    start() + bs(0, { type: 'tool_use', name: 'f', input: { a: 1 } }) + bx(0) + md('tool_use') + stop,
    'f({"a":1})#call_msg_1_0 | tool-calls | 10>9',
  ],
  'partial_json object': [
    start() +
      bs(0, { type: 'tool_use', id: 't', name: 'f' }) +
      bd(0, { type: 'input_json_delta', partial_json: { a: 1 } }) +
      bx(0) +
      md('tool_use') +
      stop,
    'f({"a":1})#t | tool-calls | 10>9',
  ],
  'interleaved blocks': [
    start() +
      bs(0, { type: 'text', text: '' }) +
      bs(1, { type: 'tool_use', id: 't', name: 'f', input: {} }) +
      bd(0, { type: 'text_delta', text: 'a' }) +
      bd(1, { type: 'input_json_delta', partial_json: '{"x"' }) +
      bd(0, { type: 'text_delta', text: 'b' }) +
      bd(1, { type: 'input_json_delta', partial_json: ':1}' }) +
      bx(0) +
      bx(1) +
      md('tool_use') +
      stop,
    '"ab" f({"x":1})#t | tool-calls | 10>9',
  ],
  'index missing': [
    start() +
      named('content_block_start', { content_block: { type: 'text', text: '' } }) +
      named('content_block_delta', { delta: { type: 'text_delta', text: 'a' } }) +
      named('content_block_stop') +
      md('end_turn') +
      stop,
    '"a" | stop | 10>9',
  ],
  'same index reused': [
    start() +
      T(0, 'a') +
      bs(0, { type: 'tool_use', id: 't', name: 'f', input: {} }) +
      bd(0, { type: 'input_json_delta', partial_json: '{}' }) +
      bx(0) +
      md('tool_use') +
      stop,
    '"a" f({})#t | tool-calls | 10>9',
  ],
  'index as string': [
    start() +
      named('content_block_start', { index: '0', content_block: { type: 'text', text: '' } }) +
      bd(0, { type: 'text_delta', text: 'a' }) +
      md('end_turn') +
      stop,
    '"a" | stop | 10>9',
  ],
  'no event names': [(start() + T(0, 'a') + md('end_turn') + stop).replaceAll(/event: .*\n/g, ''), '"a" | stop | 10>9'],
  'no type in data, only event names': [
    (start() + T(0, 'a') + md('end_turn') + stop).replaceAll(
      /"type":"(message_start|content_block_start|content_block_delta|content_block_stop|message_delta|message_stop)",?/g,
      '',
    ),
    '"a" | stop | 10>9',
  ],
  'error in middle': [
    start() + T(0, 'a') + named('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
    '"a" | error: overloaded | 10>?',
  ],
  'error string in middle': [
    `${start() + T(0, 'a')}event: error\ndata: "Internal"\n\n`,
    '"a" | error: unavailable | 10>?',
  ],
  'error no event name json': [
    `${start() + T(0, 'a')}data: {"error":{"message":"Rate limit","type":"rate_limit_error"}}\n\n`,
    '"a" | error: rate-limit | 10>?',
  ],
  'bare json error': [
    '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 200001 tokens > 200000 maximum"}}',
    'error: context-length',
  ],
  'stop null end_turn missing, message_stop': [start() + T(0, 'a') + stop, '"a" | stop | 10>?'],
  'cut no stop': [start() + T(0, 'a'), '"a" | interrupted: truncated | 10>?'],
  'cut after message_delta': [start() + T(0, 'a') + md('end_turn'), '"a" | stop | 10>9'],
  'unknown stop reason': [start() + T(0, 'a') + md('brand_new') + stop, '"a" | stop | 10>9'],
  model_context_window_exceeded: [
    start() + T(0, 'a') + md('model_context_window_exceeded') + stop,
    '"a" | length | 10>9',
  ],
  citations: [
    start() +
      bs(0, { type: 'text', text: '', citations: [] }) +
      bd(0, { type: 'text_delta', text: 'a' }) +
      bd(0, {
        type: 'citations_delta',
        citation: {
          type: 'web_search_result_location',
          url: 'https://a',
          title: 'A',
          cited_text: 'q',
          encrypted_index: 'E',
        },
      }) +
      bx(0) +
      T(1, 'b') +
      md('end_turn') +
      stop,
    '"ab" source:https://a | stop | 10>9',
  ],
  'web search result': [
    start() +
      bs(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }) +
      bd(0, { type: 'input_json_delta', partial_json: '{"query":"q"}' }) +
      bx(0) +
      bs(1, {
        type: 'web_search_tool_result',
        tool_use_id: 's',
        content: [{ type: 'web_search_result', url: 'https://a', title: 'A', encrypted_content: 'E' }],
      }) +
      bx(1) +
      T(2, 'ans') +
      md('end_turn') +
      stop,
    'ran:web_search "ans" | stop | 10>9',
  ],
  'whole json': [
    JSON.stringify({
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'c',
      content: [
        { type: 'thinking', thinking: 'h', signature: 'S' },
        { type: 'text', text: 'a' },
        { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 1, output_tokens: 2 },
    }),
    '~h~ "a" f({"a":1})#t | tool-calls | 1>2',
  ],
  'whole json no type': [
    JSON.stringify({
      id: 'm',
      role: 'assistant',
      model: 'c',
      content: [{ type: 'text', text: 'a' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 2 },
    }),
    '"a" | stop | 1>2',
  ],
  'whole, content string': [
    JSON.stringify({
      id: 'm',
      type: 'message',
      content: 'hello',
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 2 },
    }),
    '"hello" | stop | 1>2',
  ],
  'content null whole': [
    JSON.stringify({ id: 'm', type: 'message', content: null, stop_reason: 'end_turn', usage: {} }),
    'error: malformed-output',
  ],
  'empty answer': [start() + md('end_turn', { output_tokens: 2 }) + stop, 'error: malformed-output | 10>2'],
  'thinking only': [
    start() +
      bs(0, { type: 'thinking', thinking: '' }) +
      bd(0, { type: 'thinking_delta', thinking: 'x' }) +
      bx(0) +
      md('max_tokens') +
      stop,
    '~x~ | length | 10>9',
  ],
  'delta null/text null': [
    start() +
      bs(0, { type: 'text', text: null }) +
      named('content_block_delta', { index: 0, delta: null }) +
      bd(0, { type: 'text_delta', text: null }) +
      bd(0, { type: 'text_delta', text: 'a' }) +
      bx(0) +
      md('end_turn') +
      stop,
    '"a" | stop | 10>9',
  ],
  'DONE after': [`${start() + T(0, 'a') + md('end_turn') + stop}data: [DONE]\n\n`, '"a" | stop | 10>9'],
  'deltas after message_delta': [start() + md('end_turn') + T(0, 'late') + stop, '"late" | stop | 10>9'],
  'stop_reason tool_use without tool': [start() + T(0, 'a') + md('tool_use') + stop, '"a" | stop | 10>9'],
  'end_turn with tool': [
    start() + bs(0, { type: 'tool_use', id: 't', name: 'f', input: {} }) + bx(0) + md('end_turn') + stop,
    'f({})#t | tool-calls | 10>9',
  ],
});
