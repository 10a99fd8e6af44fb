import type { DialectName } from '../../packages/core/src/providers/provider.ts';

/** Answers that grow in one place, on the wire of one dialect, as whole events. */
export interface GrowthWire {
  /** One tool call whose arguments come in so many deltas. */
  toolCall(deltas: number): Iterable<string>;
  /** All text in a single `data` line. */
  oneLine(text: string): Iterable<string>;
}

const plain = (data: string) => `data: ${data}\n\n`;
const named = (type: string, rest = '') => `event: ${type}\ndata: {"type":"${type}"${rest}}\n\n`;

const HEAD = '"id":"chatcmpl-1","object":"chat.completion.chunk","created":1770933883,"model":"gpt-4.1-nano"';
const choice = (delta: string, finish: string | null) =>
  plain(`{${HEAD},"choices":[{"index":0,"delta":${delta},"finish_reason":${JSON.stringify(finish)}}]}`);
const call = (fields: string) => choice(`{"tool_calls":[{"index":0,${fields}}]}`, null);

const candidate = (part: string, rest = '') =>
  plain(`{"candidates":[{"content":{"parts":[${part}],"role":"model"}${rest}}],"modelVersion":"gemini-3"}`);
const piece = (path: string, text: string) =>
  candidate(`{"functionCall":{"partialArgs":[{"jsonPath":"${path}","stringValue":"${text}"}],"willContinue":true}}`);

const item = (rest: string) =>
  `"output_index":0,"item":{"type":"function_call","id":"fc_1","call_id":"call_1",${rest}}`;

/** The arguments: `{"text":"` + deltas + `"}`. */
const PIECE = 'words, ';
const OPEN = '{\\"text\\":\\"';
const CLOSE = '\\"}';

function* between(first: readonly string[], delta: string, deltas: number, last: readonly string[]): Iterable<string> {
  yield* first;
  for (let n = 0; n < deltas; n++) yield delta;
  yield* last;
}

export const GROWTH_WIRES: Readonly<Partial<Record<DialectName, GrowthWire>>> = {
  'openai-chat': {
    toolCall: (deltas) =>
      between(
        [call(`"id":"call_1","type":"function","function":{"name":"write","arguments":"${OPEN}"}`)],
        call(`"function":{"arguments":"${PIECE}"}`),
        deltas,
        [call(`"function":{"arguments":"${CLOSE}"}`), choice('{}', 'tool_calls'), plain('[DONE]')],
      ),
    oneLine: (text) => [choice(`{"content":"${text}"}`, 'stop'), plain('[DONE]')],
  },
  'openai-responses': {
    toolCall: (deltas) =>
      between(
        [
          named('response.created', ',"response":{"id":"resp_1","status":"in_progress","output":[]}'),
          named('response.output_item.added', `,${item('"name":"write","arguments":""')}`),
          named('response.function_call_arguments.delta', `,"item_id":"fc_1","output_index":0,"delta":"${OPEN}"`),
        ],
        named('response.function_call_arguments.delta', `,"item_id":"fc_1","output_index":0,"delta":"${PIECE}"`),
        deltas,
        [
          named('response.function_call_arguments.delta', `,"item_id":"fc_1","output_index":0,"delta":"${CLOSE}"`),
          named(
            'response.output_item.done',
            `,${item(`"name":"write","arguments":"${OPEN}${PIECE.repeat(deltas)}${CLOSE}"`)}`,
          ),
          named('response.completed', ',"response":{"id":"resp_1","status":"completed","output":[]}'),
        ],
      ),
    oneLine: (text) => [
      named('response.output_item.added', ',"output_index":0,"item":{"type":"message","id":"msg_1","content":[]}'),
      named('response.output_text.delta', `,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"${text}"`),
      named('response.completed', ',"response":{"id":"resp_1","status":"completed","output":[]}'),
    ],
  },
  'anthropic-messages': {
    toolCall: (deltas) => {
      const delta = (text: string) =>
        named('content_block_delta', `,"index":0,"delta":{"type":"input_json_delta","partial_json":"${text}"}`);
      return between(
        [
          named('message_start', ',"message":{"id":"msg_1","model":"claude","content":[],"usage":{"input_tokens":1}}'),
          named(
            'content_block_start',
            ',"index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"write","input":{}}',
          ),
          delta(OPEN),
        ],
        delta(PIECE),
        deltas,
        [
          delta(CLOSE),
          named('content_block_stop', ',"index":0'),
          named('message_delta', ',"delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":1}'),
          named('message_stop'),
        ],
      );
    },
    oneLine: (text) => [
      named('content_block_start', ',"index":0,"content_block":{"type":"text","text":""}'),
      named('content_block_delta', `,"index":0,"delta":{"type":"text_delta","text":"${text}"}`),
      named('content_block_stop', ',"index":0'),
      named('message_delta', ',"delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}'),
      named('message_stop'),
    ],
  },
  gemini: {
    toolCall: (deltas) =>
      between([candidate('{"functionCall":{"name":"write","willContinue":true}}')], piece('$.text', PIECE), deltas, [
        candidate('{"functionCall":{}}'),
        candidate('{"text":""}', ',"finishReason":"STOP"'),
      ]),
    oneLine: (text) => [candidate(`{"text":"${text}"}`, ',"finishReason":"STOP"')],
  },
  cohere: {
    toolCall: (deltas) => {
      const delta = (text: string) =>
        named('tool-call-delta', `,"index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"${text}"}}}}`);
      return between(
        [
          named(
            'tool-call-start',
            ',"index":0,"delta":{"message":{"tool_calls":{"id":"write_1","type":"function","function":{"name":"write","arguments":""}}}}',
          ),
          delta(OPEN),
        ],
        delta(PIECE),
        deltas,
        [
          delta(CLOSE),
          named('tool-call-end', ',"index":0'),
          named('message-end', ',"delta":{"finish_reason":"TOOL_CALL"}'),
        ],
      );
    },
    oneLine: (text) => [
      named('content-start', ',"index":0,"delta":{"message":{"content":{"type":"text","text":""}}}'),
      named('content-delta', `,"index":0,"delta":{"message":{"content":{"text":"${text}"}}}`),
      named('content-end', ',"index":0'),
      named('message-end', ',"delta":{"finish_reason":"COMPLETE"}'),
    ],
  },
};
