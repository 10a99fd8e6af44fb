import { hostile } from './hostile.ts';

const G = (...v: unknown[]) => v.map((x) => `data: ${typeof x === 'string' ? x : JSON.stringify(x)}\r\n\r\n`).join('');
const p = (parts: unknown, more: object = {}, top: object = {}) => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }],
  modelVersion: 'g',
  responseId: 'r',
  ...top,
});
const S = (top: object = { usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 } }) =>
  p([{ text: '' }], { finishReason: 'STOP' }, top);

hostile('gemini', {
  plain: [G(p([{ text: 'a' }]), p([{ text: 'b' }]), S()), '"ab" | stop | 3>4'],
  thoughts: [
    G(p([{ text: 'th', thought: true }]), p([{ text: 'an', thoughtSignature: 'S' }]), S()),
    '~th~ "an" | stop | 3>4',
  ],
  'signature alone at end': [
    G(p([{ text: 'a' }]), p([{ text: '', thoughtSignature: 'S' }], { finishReason: 'STOP' })),
    '"a" | stop',
  ],
  inlineData: [
    G(p([{ text: 'pic' }, { inlineData: { mimeType: 'image/png', data: 'AAA' } }]), S()),
    '"pic" image:image/png | stop | 3>4',
  ],
  'blocked prompt': [
    G({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 3 } }),
    'content-filter: content-policy | 3>?',
  ],
  'blocked prompt unspecified + text': [
    G(p([{ text: 'a' }], {}, { promptFeedback: { blockReason: 'BLOCK_REASON_UNSPECIFIED' } }), S()),
    '"a" | stop | 3>4',
  ],
  malformed: [
    G(p([], { finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: 'Malformed function call: print(f())' })),
    'error: malformed-output',
  ],
  'malformed after text': [
    G(p([{ text: 'hm' }]), p([], { finishReason: 'MALFORMED_FUNCTION_CALL' })),
    '"hm" | error: malformed-output',
  ],
  'unexpected tool': [G({ candidates: [{ finishReason: 'UNEXPECTED_TOOL_CALL' }] }), 'error: malformed-output'],
  'code exec': [
    G(
      p([{ executableCode: { language: 'PYTHON', code: 'print(1)' } }]),
      p([{ codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1\n' } }]),
      p([{ text: 'one' }]),
      S(),
    ),
    'ran:code_execution "one" | stop | 3>4',
  ],
  grounding: [
    G(
      p([{ text: 'a' }], {
        groundingMetadata: {
          webSearchQueries: ['q'],
          groundingChunks: [{ web: { uri: 'https://a', title: 'A' } }],
          groundingSupports: [{ segment: { text: 'a' }, groundingChunkIndices: [0] }],
        },
      }),
      S(),
    ),
    '"a" source:https://a | stop | 3>4',
  ],
  'function call ×2': [
    G(
      p([
        { functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'S' },
        { functionCall: { name: 'g', args: {} } },
      ]),
      S(),
    ),
    'f({"a":1})#call_r_0 g({})#call_r_1 | tool-calls | 3>4',
  ],
  'function call no args': [G(p([{ functionCall: { name: 'f' } }]), S()), 'f({})#call_r_0 | tool-calls | 3>4'],
  'function call MAX_TOKENS': [
    G(p([{ functionCall: { name: 'f', args: { a: 1 } } }], { finishReason: 'MAX_TOKENS' })),
    'f({"a":1})#call_r_0? | length',
  ],
  'fc partial, max tokens': [
    G(
      p([
        {
          functionCall: {
            name: 'f',
            partialArgs: [{ jsonPath: '$.a', stringValue: 'x', willContinue: true }],
            willContinue: true,
          },
        },
      ]),
      p([], { finishReason: 'MAX_TOKENS' }),
    ),
    'f()#call_r_0? | length',
  ],
  'fc args string': [
    G(p([{ functionCall: { name: 'f', args: '{"a":1}' } }]), S()),
    'f({"a":1})#call_r_0 | tool-calls | 3>4',
  ],
  'fc args null': [G(p([{ functionCall: { name: 'f', args: null } }]), S()), 'f({})#call_r_0 | tool-calls | 3>4'],
  'fc name empty': [G(p([{ functionCall: { name: '', args: { a: 1 } } }]), S()), 'error: malformed-output | 3>4'],
  'array body': [JSON.stringify([p([{ text: 'a' }]), S()], null, 2), '"a" | stop | 3>4'],
  'array body cut': [JSON.stringify([p([{ text: 'a' }]), S()], null, 2).slice(0, -140), '"a" | interrupted: truncated'],
  'error array': [
    '[{"error":{"code":429,"message":"Resource exhausted","status":"RESOURCE_EXHAUSTED"}}]',
    'error: rate-limit',
  ],
  'error mid': [
    G(p([{ text: 'a' }])) + G({ error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } }),
    '"a" | error: overloaded',
  ],
  'error pretty mid': [
    G(p([{ text: 'a' }])) +
      JSON.stringify({ error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } }, null, 2),
    '"a" | error: overloaded',
  ],
  'error string': [G(p([{ text: 'a' }])) + G({ error: 'boom' }), '"a" | error: unavailable'],
  'candidates 2 interleaved': [
    G(
      {
        candidates: [
          { index: 0, content: { parts: [{ text: 'a' }] } },
          { index: 1, content: { parts: [{ text: 'B' }] } },
        ],
      },
      { candidates: [{ index: 1, content: { parts: [{ text: 'B2' }] } }] },
      { candidates: [{ index: 0, content: { parts: [{ text: 'b' }] }, finishReason: 'STOP' }] },
    ),
    '"ab" | stop',
  ],
  'text null': [G(p([{ text: null }, { text: 'a' }]), S()), '"a" | stop | 3>4'],
  'usage strings': [
    G(p([{ text: 'a' }]), S({ usageMetadata: { promptTokenCount: '3', candidatesTokenCount: '4' } })),
    '"a" | stop | 3>4',
  ],
  'usage only total': [
    G(p([{ text: 'a' }]), S({ usageMetadata: { promptTokenCount: 3, totalTokenCount: 10 } })),
    '"a" | stop | 3>7',
  ],
  'usage thoughts': [
    G(
      p([{ text: 'a' }]),
      S({
        usageMetadata: {
          promptTokenCount: 3,
          candidatesTokenCount: 4,
          thoughtsTokenCount: 5,
          cachedContentTokenCount: 2,
          totalTokenCount: 12,
        },
      }),
    ),
    '"a" | stop | 3>9, cached 2, thought 5',
  ],
  'SAFETY midway': [
    G(p([{ text: 'a' }]), p([], { finishReason: 'SAFETY', safetyRatings: [] })),
    '"a" | content-filter: content-policy',
  ],
  'FINISH_REASON_UNSPECIFIED then more': [
    G(p([{ text: 'a' }], { finishReason: 'FINISH_REASON_UNSPECIFIED' }), p([{ text: 'b' }]), S()),
    '"ab" | stop | 3>4',
  ],
  'STOP early then text': [
    G(p([{ text: 'a' }], { finishReason: 'STOP' }), p([{ text: 'b' }], { finishReason: 'STOP' })),
    '"ab" | stop',
  ],
  OTHER: [G(p([{ text: 'a' }]), p([], { finishReason: 'OTHER' })), '"a" | stop'],
  empty: [G(S()), 'error: malformed-output | 3>4'],
  'no finish': [G(p([{ text: 'a' }])), '"a" | interrupted: truncated'],
  'fileData out': [
    G(p([{ fileData: { mimeType: 'image/png', fileUri: 'https://f' } }]), S()),
    'image:https://f | stop | 3>4',
  ],
  'image thought': [
    G(p([{ inlineData: { mimeType: 'image/png', data: 'AA' }, thought: true }, { text: 'ok' }]), S()),
    '"ok" | stop | 3>4',
  ],
  DONE: [`${G(p([{ text: 'a' }]), S())}data: [DONE]\n\n`, '"a" | stop | 3>4'],
  html: ['<!doctype html><title>Error 404 (Not Found)!!1</title>', 'error: malformed-output'],
  'tool_call finish reason': [
    G(p([{ functionCall: { name: 'f', args: {} } }], { finishReason: 'TOOL_CALL' })),
    'f({})#call_r_0 | tool-calls',
  ],
  citationMetadata: [
    G(
      p([{ text: 'a' }], { citationMetadata: { citationSources: [{ uri: 'https://c', startIndex: 0, endIndex: 1 }] } }),
      S(),
    ),
    '"a" source:https://c | stop | 3>4',
  ],
  MISSING_THOUGHT_SIGNATURE: [G(p([], { finishReason: 'MISSING_THOUGHT_SIGNATURE' })), 'error: malformed-output'],
  NO_IMAGE: [G(p([], { finishReason: 'NO_IMAGE' })), 'error: malformed-output'],
  'blocked in the middle, without a finish reason': [
    G(p([{ text: 'Once' }]), { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, responseId: 'r' }),
    '"Once" | content-filter: content-policy',
  ],
  'a call beside an empty text and a signature': [
    G(p([{ text: '', functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'S' }]), S()),
    'f({"a":1})#call_r_0 | tool-calls | 3>4',
  ],
  'the call was cancelled at Google’s': [
    G(p([{ text: 'a' }]), { error: { code: 499, message: 'The operation was cancelled.', status: 'CANCELLED' } }),
    '"a" | error: unavailable',
  ],
  'split calls same sig': [
    G(
      p([{ functionCall: { name: 'f', args: {}, id: 'i1' }, thoughtSignature: 'S' }]),
      p([{ functionCall: { name: 'f', args: {}, id: 'i1' } }]),
      S(),
    ),
    'f({})#i1 f({})#call_r_1 | tool-calls | 3>4',
  ],
});
