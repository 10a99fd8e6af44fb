import { halves, named, type Script, type Wire } from './script.ts';

/** Content blocks as they stand in a whole message. */
function blocksOf({ thought, text, source, calls }: Script): object[] {
  const citations =
    source === undefined
      ? undefined
      : [{ type: 'web_search_result_location', url: source, title: 'A', cited_text: 'x', encrypted_index: 'E' }];
  return [
    ...(thought ? [{ type: 'thinking', thinking: thought.text, signature: thought.signature }] : []),
    ...(text ? [{ type: 'text', text: text.join(''), ...(citations && { citations }) }] : []),
    ...(calls ?? []).map(({ id, name, args }) => ({ type: 'tool_use', id, name, input: args })),
  ];
}

const stopOf = ({ calls, refusal, short }: Script) =>
  short ? 'max_tokens' : refusal !== undefined ? 'refusal' : calls ? 'tool_use' : 'end_turn';

/** Quirk 82: what the cache served is counted beside the input. */
const inputOf = ({ usage }: Script) => ({
  input_tokens: usage.input - usage.cached,
  cache_read_input_tokens: usage.cached,
  cache_creation_input_tokens: 0,
});
const outputOf = ({ usage }: Script) => ({
  output_tokens: usage.output,
  output_tokens_details: { thinking_tokens: usage.thought },
});
const HEAD = { id: 'msg_1', type: 'message', role: 'assistant', model: 'answering-model' };

/** Deltas of one block, behind a start that holds nothing of it. */
function deltasOf(
  block: { readonly [field: string]: unknown },
  pieces: readonly string[],
): { start: object; deltas: object[] } {
  switch (block.type) {
    case 'thinking':
      return {
        start: { type: 'thinking', thinking: '', signature: '' },
        deltas: [
          ...halves(String(block.thinking)).map((thinking) => ({ type: 'thinking_delta', thinking })),
          { type: 'signature_delta', signature: block.signature },
        ],
      };
    case 'tool_use': {
      const json = Object.keys(block.input as object).length === 0 ? [] : halves(JSON.stringify(block.input));
      return {
        start: { ...block, input: {} },
        deltas: ['', ...json].map((partial_json) => ({ type: 'input_json_delta', partial_json })),
      };
    }
    default:
      return {
        start: { type: 'text', text: '' },
        deltas: [
          ...pieces.map((text) => ({ type: 'text_delta', text })),
          ...((block.citations as object[] | undefined) ?? []).map((citation) => ({
            type: 'citations_delta',
            citation,
          })),
        ],
      };
  }
}

export const anthropicWire: Wire = {
  frames: (script) => [
    named('message_start', {
      message: { ...HEAD, content: [], stop_reason: null, usage: { ...inputOf(script), output_tokens: 1 } },
    }),
    named('ping'),
    ...blocksOf(script).flatMap((block, index) => {
      const { start, deltas } = deltasOf(block as never, script.text ?? []);
      return [
        named('content_block_start', { index, content_block: start }),
        ...deltas.map((delta) => named('content_block_delta', { index, delta })),
        named('content_block_stop', { index }),
      ];
    }),
    named('message_delta', { delta: { stop_reason: stopOf(script), stop_sequence: null }, usage: outputOf(script) }),
    named('message_stop'),
  ],
  whole: (script) => ({
    ...HEAD,
    content: blocksOf(script),
    stop_reason: stopOf(script),
    usage: { ...inputOf(script), ...outputOf(script) },
  }),
};
