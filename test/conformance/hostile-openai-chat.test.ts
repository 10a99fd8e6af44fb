import { DONE, frames, hostile } from './hostile.ts';

const c = (delta: unknown, ch: object = {}, top: object = {}) => ({
  id: 'x',
  object: 'chat.completion.chunk',
  model: 'mm',
  ...top,
  choices: [{ index: 0, delta, finish_reason: null, ...ch }],
});
const fin = (r: unknown = 'stop', top: object = {}) => c({}, { finish_reason: r }, top);
const tc = (...x: unknown[]) => c({ tool_calls: x });

hostile('openai-chat', {
  'a ping that is no JSON': [
    `event: ping\ndata: {'type': 'ping'}\n\n${frames(c({ content: 'hi' }), fin())}${DONE}`,
    '"hi" | stop',
  ],
  'a broken frame behind the finish': [
    `${frames(c({ content: 'hi' }), fin())}data: {"usage":{"prompt_to\n\n${DONE}`,
    '"hi" | stop',
  ],
  'a broken frame before the finish': [
    `${frames(c({ content: 'hi' }))}data: {"choices":[{"del\n\n${frames(fin())}${DONE}`,
    '"hi" | error: malformed-output',
  ],
  'thinking between tags that never close': {
    body: frames(c({ content: ' \n<th' }), c({ content: 'ink>hm' }), fin()) + DONE,
    is: '~hm~ | stop',
    options: { thinkTags: 'tagged' },
  },
  'a tag further in is text': {
    body: frames(c({ content: 'Use <think>' }), c({ content: 'here</think>' }), fin()) + DONE,
    is: '"Use <think>here</think>" | stop',
    options: { thinkTags: 'tagged' },
  },
  'half a tag at the end': {
    body: frames(c({ content: '<think>hm</thi' }), fin()) + DONE,
    is: '~hm</thi~ | stop',
    options: { thinkTags: 'tagged' },
  },
  'a call inside of thinking that never closes': {
    body:
      frames(
        c({ content: '<think>hm' }),
        tc({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }),
        fin('tool_calls'),
      ) + DONE,
    is: '~hm~ f({})#a | tool-calls',
    options: { thinkTags: 'tagged' },
  },
  'several choices interleaved': [
    frames(
      { id: 'x', choices: [{ index: 1, delta: { content: 'B' } }] },
      { choices: [{ index: 0, delta: { content: 'A' } }] },
      {
        choices: [
          { index: 0, delta: { content: 'a' } },
          { index: 1, delta: { content: 'b' } },
        ],
      },
      { choices: [{ index: 1, delta: {}, finish_reason: 'length' }] },
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    ) + DONE,
    '"Bb" | length',
  ],
  'numeric strings in usage': [
    frames(c({ content: 'hi' }), fin(), {
      choices: [],
      usage: { prompt_tokens: '12', completion_tokens: '5', total_tokens: '17' },
    }) + DONE,
    '"hi" | stop | 12>5',
  ],
  'usage before finish, then null': [
    frames(
      c({ content: 'hi' }, {}, { usage: { prompt_tokens: 1, completion_tokens: 2 } }),
      fin('stop', { usage: null }),
    ) + DONE,
    '"hi" | stop | 1>2',
  ],
  'usage zero placeholder after real': [
    frames(
      c({ content: 'hi' }),
      fin(),
      { choices: [], usage: { prompt_tokens: 10, completion_tokens: 3 } },
      { choices: [], usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } },
    ) + DONE,
    '"hi" | stop | 10>3',
  ],
  'delta after finish': [frames(c({ content: 'hi' }), fin(), c({ content: ' there' })) + DONE, '"hi there" | stop'],
  'two finish reasons': [frames(c({ content: 'hi' }), fin('stop'), fin('length')) + DONE, '"hi" | length'],
  'finish stop first then tool_calls later': [
    frames(fin('stop'), tc({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }), fin('tool_calls')) + DONE,
    'f({})#a | tool-calls',
  ],
  'error string': [frames(c({ content: 'hi' }), { error: 'boom rate limit exceeded' }), '"hi" | error: rate-limit'],
  'error as json string': [
    frames(c({ content: 'hi' }), { error: '{"message":"Rate limit reached","type":"rate_limit_error","code":429}' }),
    '"hi" | error: rate-limit',
  ],
  'error number': [frames({ error: { code: '429', message: 'Too many' } }), 'error: rate-limit'],
  'html page in sse': ['data: <html><body>502</body></html>\n\n', 'error: malformed-output'],
  'content parts array w text obj': [
    frames(
      c({ content: [{ type: 'text', text: { value: 'hi' } }] }),
      c({ content: [{ type: 'output_text', text: 'ho' }] }),
      c({ content: ['str'] }),
      fin(),
    ) + DONE,
    '"hihostr" | stop',
  ],
  'content object': [frames(c({ content: { text: 'hi' } }), fin()) + DONE, '"hi" | stop'],
  refusal: [
    frames(c({ refusal: 'I ' }), c({ refusal: 'cannot' }), fin()) + DONE,
    '"I cannot" | content-filter: refusal',
  ],
  'refusal then content null': [
    frames(c({ content: null, refusal: null }), c({ content: 'ok' }), fin()) + DONE,
    '"ok" | stop',
  ],
  'audio delta': [
    frames(
      c({ audio: { id: 'au', transcript: 'Hello ' } }),
      c({ audio: { transcript: 'you', data: 'AAAA' } }),
      c({ audio: { expires_at: 1 } }),
      fin(),
    ) + DONE,
    '"Hello you" | stop',
  ],
  'toolcall missing index dup ids each chunk': [
    frames(
      tc({ id: 'a', function: { name: 'f', arguments: '{"x":' } }),
      tc({ id: 'a', function: { name: 'f', arguments: '1}' } }),
      tc({ id: 'b', function: { name: 'g', arguments: '{}' } }),
      fin('tool_calls'),
    ) + DONE,
    'f({"x":1})#a g({})#b | tool-calls',
  ],
  'toolcall index string': [
    frames(
      tc(
        { index: '0', id: 'a', function: { name: 'f', arguments: '{"x":' } },
        { index: '1', id: 'b', function: { name: 'g', arguments: '{' } },
      ),
      tc({ index: '0', function: { arguments: '1}' } }, { index: '1', function: { arguments: '}' } }),
      fin('tool_calls'),
    ) + DONE,
    'f({"x":1})#a g({})#b | tool-calls',
  ],
  'toolcall index null': [
    frames(
      tc({ index: null, id: 'a', function: { name: 'f', arguments: '{"x":' } }),
      tc({ index: null, id: null, function: { arguments: '1}' } }),
      fin('tool_calls'),
    ) + DONE,
    'f({"x":1})#a | tool-calls',
  ],
  'toolcalls single object not list': [
    frames(c({ tool_calls: { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } } }), fin('tool_calls')) +
      DONE,
    'f({})#a | tool-calls',
  ],
  'same id two parallel calls diff index': [
    frames(
      tc({ index: 0, id: 'call', function: { name: 'f', arguments: '{"a":1}' } }),
      tc({ index: 1, id: 'call', function: { name: 'f', arguments: '{"a":2}' } }),
      fin('tool_calls'),
    ) + DONE,
    'f({"a":1})#call f({"a":2})#call_x_1 | tool-calls',
  ],
  'new id on same index each chunk (random ids)': [
    frames(
      tc({ index: 0, id: 'r1', function: { name: 'f', arguments: '{"a":' } }),
      tc({ index: 0, id: 'r2', function: { arguments: '1}' } }),
      fin('tool_calls'),
    ) + DONE,
    'f({"a":1})#r1 | tool-calls',
  ],
  'new id name null same idx cont': [
    frames(
      tc({ index: 0, id: 'r1', function: { name: 'f', arguments: '' } }),
      tc({ index: 0, id: 'r2', function: { name: null, arguments: '{"a":1}' } }),
      fin('tool_calls'),
    ) + DONE,
    'f({"a":1})#r1 | tool-calls',
  ],
  'args cumulative duplicates final': [
    frames(
      tc({ index: 0, id: 'a', function: { name: 'f', arguments: '{"a":1}' } }),
      tc({ index: 0, id: 'a', function: { name: 'f', arguments: '{"a":1}' } }),
      fin('tool_calls'),
    ) + DONE,
    'f({"a":1})#a | tool-calls',
  ],
  'length with call': [
    frames(tc({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }), fin('length')) + DONE,
    'f({})#a? | length',
  ],
  'x_groq usage first chunk & error': [
    frames({ ...c({ role: 'assistant' }), x_groq: { id: 'r' } }, c({ content: 'a' }), {
      ...fin(),
      x_groq: { usage: { prompt_tokens: 3, completion_tokens: 4 } },
    }) + DONE,
    '"a" | stop | 3>4',
  ],
  'think inline no flag': [
    frames(c({ content: '<think>hm' }), c({ content: '</think>ok' }), fin()) + DONE,
    '"<think>hm</think>ok" | stop',
  ],
  'reasoning and reasoning_content both': [
    frames(c({ reasoning_content: 'hm', reasoning: 'hm' }), c({ content: 'ok' }), fin()) + DONE,
    '~hm~ "ok" | stop',
  ],
  'reasoning_details only summary': [
    frames(
      c({ reasoning_details: [{ type: 'reasoning.summary', summary: 'hm', index: 0 }] }),
      c({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'E', id: 'rs', index: 0 }] }),
      c({ content: 'ok' }),
      fin(),
    ) + DONE,
    '~hm~ "ok" | stop',
  ],
  'reasoning then content then reasoning': [
    frames(c({ reasoning: 'a' }), c({ content: 'b' }), c({ reasoning: 'c' }), c({ content: 'd' }), fin()) + DONE,
    '~a~ "b" ~c~ "d" | stop',
  ],
  'null finish, DONE': [frames(c({ content: 'a' })) + DONE, '"a" | stop'],
  'message instead of delta stream': [
    frames({
      id: 'x',
      choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 1 },
    }) + DONE,
    '"hello" | stop | 1>1',
  ],
  'message & delta both (perplexity)': [
    frames(
      { id: 'x', choices: [{ message: { content: 'a' }, delta: { content: 'a' } }] },
      { id: 'x', choices: [{ message: { content: 'ab' }, delta: { content: 'b' }, finish_reason: 'stop' }] },
    ) + DONE,
    '"ab" | stop',
  ],
  'legacy text completion': [
    frames(
      { id: 'x', object: 'text_completion', choices: [{ text: 'hi', finish_reason: null }] },
      { choices: [{ text: '', finish_reason: 'stop' }] },
    ) + DONE,
    '"hi" | stop',
  ],
  'event error plain text': [
    `${frames(c({ content: 'a' }))}event: error\ndata: upstream timed out\n\n`,
    '"a" | error: unavailable',
  ],
  'error in choice w/ finish error': [
    frames(c({ content: 'a' }), {
      id: 'x',
      choices: [{ delta: { content: '' }, finish_reason: 'error', error: { code: 502, message: 'Upstream' } }],
    }),
    '"a" | error: unavailable',
  ],
  'error top with metadata raw': [
    frames({
      id: 'x',
      error: {
        code: 429,
        message: 'Provider returned error',
        metadata: { raw: '{"error":{"message":"slow down"}}', provider_name: 'Z' },
      },
      choices: [],
    }),
    'error: rate-limit',
  ],
  'detail list': ['{"detail":[{"loc":["body"],"msg":"field required","type":"x"}]}', 'error: parameter'],
  'message only body': ['{"message":"Unauthorized","request_id":"x"}', 'error: auth'],
  'content_filter finish': [
    frames(c({ content: 'ab' }), fin('content_filter')) + DONE,
    '"ab" | content-filter: content-policy',
  ],
  'unterminated json at end': [
    `${frames(c({ content: 'a' }))}data: {"id":"x","choices":[{"delta":{"content":"b`,
    '"a" | interrupted: truncated',
  ],
  'clean close no finish': [frames(c({ content: 'a' })), '"a" | interrupted: truncated'],
  'DONE without any content': [DONE, 'error: malformed-output'],
  'empty body': ['', 'error: truncated'],
  'finish without content': [frames(fin()) + DONE, 'error: malformed-output'],
  'reasoning only then stop': [frames(c({ reasoning: 'a' }), fin()) + DONE, '~a~ | stop'],
  'two jsons on a data line': [
    `data: ${JSON.stringify(c({ content: 'a' }))}${JSON.stringify(c({ content: 'b' }))}\n\n${frames(fin())}${DONE}`,
    'error: malformed-output',
  ],
  'double data prefix': [`data: data: ${JSON.stringify(c({ content: 'a' }))}\n\n${frames(fin())}${DONE}`, '"a" | stop'],
  'tool args object each': [
    frames(tc({ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }), fin('tool_calls')) + DONE,
    'f({"x":1})#a | tool-calls',
  ],
  'citations objects': [
    frames(c({ content: 'a' }, {}, { citations: ['https://a', { url: 'https://b', title: 'B' }] }), fin()) + DONE,
    '"a" source:https://a source:https://b | stop',
  ],
  'event names on each': [
    `event: message\n${frames(c({ content: 'a' }))}event: completion\n${frames(fin())}${DONE}`,
    '"a" | stop',
  ],
  'anthropic stream on chat': [
    'event: message_start\ndata: {"type":"message_start","message":{"id":"m"}}\n\nevent: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"hi"}}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n',
    'error: malformed-output',
  ],
  'ollama native': [
    '{"model":"l","message":{"role":"assistant","content":"hi"},"done":false}\n{"model":"l","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}\n',
    'error: malformed-output',
  ],
});
