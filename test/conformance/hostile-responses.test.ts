import { frames, hostile, named } from './hostile.ts';

const created = named('response.created', {
  response: { id: 'resp_1', model: 'gpt', status: 'in_progress', output: [] },
});
const add = (i: number, item: object) => named('response.output_item.added', { output_index: i, item });
const td = (i: number, delta: unknown, more: object = {}) =>
  named('response.output_text.delta', { output_index: i, content_index: 0, item_id: 'm', delta, ...more });
const done = (i: number, item: object) => named('response.output_item.done', { output_index: i, item });
const comp = (r: object = {}) =>
  named('response.completed', {
    response: {
      id: 'resp_1',
      model: 'gpt',
      status: 'completed',
      output: [],
      usage: {
        input_tokens: 5,
        output_tokens: 6,
        output_tokens_details: { reasoning_tokens: 2 },
        input_tokens_details: { cached_tokens: 1 },
        total_tokens: 11,
      },
      ...r,
    },
  });
const msg = (text: string, more: object = {}) => ({
  type: 'message',
  id: 'm',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
  ...more,
});

hostile('openai-responses', {
  'items that never end, but for the end of all': [
    created +
      add(0, { type: 'reasoning', id: 'rs', summary: [] }) +
      named('response.reasoning_summary_text.delta', { output_index: 0, summary_index: 0, delta: 'hm' }) +
      add(1, { type: 'message', id: 'm' }) +
      td(1, 'so') +
      add(2, { type: 'function_call', id: 'f', call_id: 'call_aaaaaaaaaaaaaaaaaa', name: 'f' }) +
      comp({
        output: [
          { type: 'reasoning', id: 'rs', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'E' },
          msg('so it is'),
          { type: 'function_call', id: 'f', call_id: 'call_aaaaaaaaaaaaaaaaaa', name: 'f', arguments: '{"a":1}' },
        ],
      }),
    '~hm~ "so it is" f({"a":1})#call_aaaaaaaaaaaaaaaaaa | tool-calls | 5>6, cached 1, thought 2',
  ],
  'items odd order': [
    created +
      add(1, { type: 'message', id: 'm', content: [] }) +
      td(1, 'a') +
      add(0, { type: 'reasoning', id: 'rs', summary: [] }) +
      named('response.reasoning_summary_text.delta', { output_index: 0, summary_index: 0, delta: 'th' }) +
      td(1, 'b') +
      done(1, msg('ab')) +
      done(0, {
        type: 'reasoning',
        id: 'rs',
        summary: [{ type: 'summary_text', text: 'th' }],
        encrypted_content: 'E',
      }) +
      comp(),
    '"ab" ~th~ | stop | 5>6, cached 1, thought 2',
  ],
  'two text content parts': [
    created +
      add(0, { type: 'message', id: 'm', content: [] }) +
      td(0, 'a') +
      td(0, 'b', { content_index: 1 }) +
      done(0, {
        type: 'message',
        id: 'm',
        content: [
          { type: 'output_text', text: 'a' },
          { type: 'output_text', text: 'b' },
        ],
      }) +
      comp(),
    '"ab" | stop | 5>6, cached 1, thought 2',
  ],
  'two text content parts, told at their ends alone': [
    created +
      add(0, { type: 'message', id: 'm', content: [] }) +
      named('response.output_text.done', { output_index: 0, content_index: 0, item_id: 'm', text: 'One' }) +
      named('response.output_text.done', { output_index: 0, content_index: 1, item_id: 'm', text: 'Two' }) +
      done(0, {
        type: 'message',
        id: 'm',
        content: [
          { type: 'output_text', text: 'One' },
          { type: 'output_text', text: 'Two' },
        ],
      }) +
      comp(),
    '"OneTwo" | stop | 5>6, cached 1, thought 2',
  ],
  'no output_index at all': [
    created +
      named('response.output_item.added', { item: { type: 'message', id: 'm' } }) +
      named('response.output_text.delta', { delta: 'a' }) +
      named('response.output_item.added', {
        item: { type: 'function_call', id: 'fc', call_id: 'call_aaaaaaaaaaaaaaaaaa', name: 'f' },
      }) +
      named('response.function_call_arguments.delta', { delta: '{}' }) +
      comp(),
    '"a" f({})#call_aaaaaaaaaaaaaaaaaa | tool-calls | 5>6, cached 1, thought 2',
  ],
  'no output_index, item_id only, interleaved calls': [
    created +
      named('response.output_item.added', {
        item: { type: 'function_call', id: 'fc1', call_id: 'call_aaaaaaaaaaaaaaaaaa', name: 'f' },
      }) +
      named('response.output_item.added', {
        item: { type: 'function_call', id: 'fc2', call_id: 'call_bbbbbbbbbbbbbbbbbb', name: 'g' },
      }) +
      named('response.function_call_arguments.delta', { item_id: 'fc1', delta: '{"a"' }) +
      named('response.function_call_arguments.delta', { item_id: 'fc2', delta: '{"b"' }) +
      named('response.function_call_arguments.delta', { item_id: 'fc1', delta: ':1}' }) +
      named('response.function_call_arguments.delta', { item_id: 'fc2', delta: ':2}' }) +
      comp(),
    'f({"a":1})#call_aaaaaaaaaaaaaaaaaa g({"b":2})#call_bbbbbbbbbbbbbbbbbb | tool-calls | 5>6, cached 1, thought 2',
  ],
  'all output_index 0': [
    created +
      add(0, { type: 'reasoning', id: 'rs', summary: [] }) +
      named('response.reasoning_summary_text.delta', { output_index: 0, summary_index: 0, delta: 'th' }) +
      done(0, { type: 'reasoning', id: 'rs', summary: [] }) +
      add(0, { type: 'message', id: 'm' }) +
      td(0, 'a') +
      done(0, msg('a')) +
      comp(),
    '~th~ "a" | stop | 5>6, cached 1, thought 2',
  ],
  'two messages both idx 0': [
    created +
      add(0, { type: 'message', id: 'm1' }) +
      td(0, 'a') +
      done(0, msg('a', { id: 'm1' })) +
      add(0, { type: 'message', id: 'm2' }) +
      td(0, 'b') +
      done(0, msg('b', { id: 'm2' })) +
      comp(),
    '"ab" | stop | 5>6, cached 1, thought 2',
  ],
  'two calls idx 0': [
    created +
      add(0, { type: 'function_call', id: 'f1', call_id: 'call_aaaaaaaaaaaaaaaaaa', name: 'f' }) +
      named('response.function_call_arguments.delta', { output_index: 0, delta: '{}' }) +
      done(0, { type: 'function_call', id: 'f1', call_id: 'call_aaaaaaaaaaaaaaaaaa', name: 'f', arguments: '{}' }) +
      add(0, { type: 'function_call', id: 'f2', call_id: 'call_bbbbbbbbbbbbbbbbbbb', name: 'g' }) +
      named('response.function_call_arguments.delta', { output_index: 0, delta: '{}' }) +
      done(0, { type: 'function_call', id: 'f2', call_id: 'call_bbbbbbbbbbbbbbbbbbb', name: 'g', arguments: '{}' }) +
      comp(),
    'f({})#call_aaaaaaaaaaaaaaaaaa g({})#call_bbbbbbbbbbbbbbbbbbb | tool-calls | 5>6, cached 1, thought 2',
  ],
  'delta null': [created + td(0, null) + td(0, 'a') + comp(), '"a" | stop | 5>6, cached 1, thought 2'],
  'only completed output': [created + comp({ output: [msg('hello')] }), '"hello" | stop | 5>6, cached 1, thought 2'],
  'only text.done': [
    created + named('response.output_text.done', { output_index: 0, text: 'hello' }) + comp(),
    '"hello" | stop | 5>6, cached 1, thought 2',
  ],
  'whole json': [
    JSON.stringify({
      id: 'r',
      object: 'response',
      model: 'gpt',
      status: 'completed',
      output: [
        { type: 'reasoning', id: 'rs', summary: [{ type: 'summary_text', text: 't' }] },
        msg('hi'),
        { type: 'function_call', id: 'fc', call_id: 'c', name: 'f', arguments: '{}' },
      ],
      usage: { input_tokens: 1, output_tokens: 2 },
    }),
    '~t~ "hi" f({})#c_r | tool-calls | 1>2',
  ],
  'whole incomplete': [
    JSON.stringify({
      id: 'r',
      object: 'response',
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [msg('hi')],
    }),
    '"hi" | length',
  ],
  'failed no error': [
    created + named('response.failed', { response: { status: 'failed', error: null } }),
    'error: unavailable',
  ],
  'error flat': [
    created + named('error', { code: 'server_error', message: 'oops', param: null, sequence_number: 3 }),
    'error: unavailable',
  ],
  'error nested': [
    created +
      named('error', {
        error: { type: 'invalid_request_error', code: 'context_length_exceeded', message: 'too long' },
      }),
    'error: context-length',
  ],
  'error string': [created + named('error', { error: 'boom', message: null }), 'error: unavailable'],
  'incomplete length w call': [
    created +
      add(0, { type: 'function_call', id: 'f1', call_id: 'c', name: 'f' }) +
      named('response.function_call_arguments.delta', { output_index: 0, delta: '{"a":1}' }) +
      named('response.incomplete', {
        response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      }),
    'f({"a":1})#c_resp_1? | length',
  ],
  'content filter': [
    created +
      td(0, 'a') +
      named('response.incomplete', {
        response: { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
      }),
    '"a" | content-filter: content-policy',
  ],
  'refusal deltas': [
    created +
      add(0, { type: 'message', id: 'm' }) +
      named('response.refusal.delta', { output_index: 0, delta: 'I can' }) +
      named('response.refusal.delta', { output_index: 0, delta: "'t" }) +
      named('response.refusal.done', { output_index: 0, refusal: "I can't" }) +
      comp(),
    '"I can\'t" | content-filter: refusal | 5>6, cached 1, thought 2',
  ],
  annotations: [
    created +
      add(0, { type: 'message', id: 'm' }) +
      td(0, 'a') +
      named('response.output_text.annotation.added', {
        output_index: 0,
        annotation: { type: 'url_citation', url: 'https://a', title: 'A' },
      }) +
      comp(),
    '"a" source:https://a | stop | 5>6, cached 1, thought 2',
  ],
  'image partial + final': [
    created +
      add(0, { type: 'image_generation_call', id: 'ig', status: 'in_progress' }) +
      named('response.image_generation_call.partial_image', { output_index: 0, partial_image_b64: 'AA' }) +
      done(0, {
        type: 'image_generation_call',
        id: 'ig',
        status: 'generating',
        result: 'BBBB',
        output_format: 'webp',
      }) +
      comp(),
    'image:image/webp | stop | 5>6, cached 1, thought 2',
  ],
  'usage null': [created + td(0, 'a') + comp({ usage: null }), '"a" | stop'],
  'usage chat names': [
    created + td(0, 'a') + comp({ usage: { prompt_tokens: 3, completion_tokens: 4 } }),
    '"a" | stop | 3>4',
  ],
  'usage strings': [
    created + td(0, 'a') + comp({ usage: { input_tokens: '3', output_tokens: '4' } }),
    '"a" | stop | 3>4',
  ],
  'completed w/o response': [created + td(0, 'a') + named('response.completed', {}), '"a" | stop'],
  'response.done': [
    created +
      td(0, 'a') +
      named('response.done', { response: { status: 'completed', usage: { input_tokens: 1, output_tokens: 1 } } }),
    '"a" | stop | 1>1',
  ],
  'DONE no completed': [`${created + td(0, 'a')}data: [DONE]\n\n`, '"a" | interrupted: truncated'],
  cut: [created + td(0, 'a'), '"a" | interrupted: truncated'],
  'chat chunks': [
    frames({ id: 'x', object: 'chat.completion.chunk', choices: [{ delta: { content: 'a' } }] }),
    'error: malformed-output',
  ],
  'no type in data': [
    (created + td(0, 'a') + comp()).replaceAll(/"type":"response[^"]*",/g, ''),
    '"a" | stop | 5>6, cached 1, thought 2',
  ],
  'no event names': [
    (created + td(0, 'a') + comp()).replaceAll(/event: .*\n/g, ''),
    '"a" | stop | 5>6, cached 1, thought 2',
  ],
  cancelled: [
    created + td(0, 'a') + named('response.cancelled', { response: { status: 'cancelled' } }),
    '"a" | error: unavailable',
  ],
  'done text longer than deltas, mismatch': [
    created + td(0, 'Hello wor') + done(0, msg('Hello world!')) + comp(),
    '"Hello world!" | stop | 5>6, cached 1, thought 2',
  ],
  'name in done only': [
    created +
      named('response.function_call_arguments.delta', { output_index: 0, delta: '{"a":1}' }) +
      done(0, { type: 'function_call', id: 'f', call_id: 'call_aaaaaaaaaaaaaaaaaa', name: 'f', arguments: '{"a":1}' }) +
      comp(),
    'f({"a":1})#call_aaaaaaaaaaaaaaaaaa | tool-calls | 5>6, cached 1, thought 2',
  ],
  'arguments object': [
    created +
      done(0, { type: 'function_call', id: 'f', call_id: 'call_aaaaaaaaaaaaaaaaaa', name: 'f', arguments: { a: 1 } }) +
      comp(),
    'f({"a":1})#call_aaaaaaaaaaaaaaaaaa | tool-calls | 5>6, cached 1, thought 2',
  ],
  'call id missing uses id': [
    created + done(0, { type: 'function_call', id: 'fc_aaaaaaaaaaaaaaaaaa', name: 'f', arguments: '{}' }) + comp(),
    'f({})#call_resp_1_0 | tool-calls | 5>6, cached 1, thought 2',
  ],
  'mixed missing text item in completed': [
    created +
      add(0, { type: 'function_call', id: 'f', call_id: 'call_aaaaaaaaaaaaaaaaaa', name: 'f' }) +
      done(0, { type: 'function_call', id: 'f', call_id: 'call_aaaaaaaaaaaaaaaaaa', name: 'f', arguments: '{}' }) +
      comp({
        output: [
          msg('before'),
          { type: 'function_call', id: 'f', call_id: 'call_aaaaaaaaaaaaaaaaaa', name: 'f', arguments: '{}' },
        ],
      }),
    'f({})#call_aaaaaaaaaaaaaaaaaa "before" | tool-calls | 5>6, cached 1, thought 2',
  ],
  'text streamed, call only in completed': [
    created +
      add(0, { type: 'message' }) +
      td(0, 'a') +
      done(0, msg('a')) +
      comp({
        output: [
          msg('a'),
          { type: 'function_call', id: 'f', call_id: 'call_aaaaaaaaaaaaaaaaaa', name: 'f', arguments: '{}' },
        ],
      }),
    '"a" f({})#call_aaaaaaaaaaaaaaaaaa | tool-calls | 5>6, cached 1, thought 2',
  ],
  'error json body': [
    '{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}',
    'error: auth',
  ],
});
