import { halves, named, type Script, type Wire } from './script.ts';

/** Quirk 213: what is billed, which is told apart from what was counted. */
const usageOf = ({ usage }: Script) => ({
  billed_units: { input_tokens: usage.input, output_tokens: usage.output },
  tokens: { input_tokens: usage.input + 500, output_tokens: usage.output },
});
const reasonOf = ({ short, refusal, calls }: Script) =>
  short ? 'MAX_TOKENS' : refusal !== undefined ? 'ERROR_TOXIC' : calls ? 'TOOL_CALL' : 'COMPLETE';
const citationOf = (url: string) => ({
  start: 0,
  end: 1,
  text: 'x',
  sources: [{ type: 'document', id: 'd', document: { url, title: 'A' } }],
});
const callOf = ({ id, name, args }: NonNullable<Script['calls']>[number]) => ({
  id,
  type: 'function',
  // Quirk 212.
  function: { name, arguments: Object.keys(args).length === 0 ? null : JSON.stringify(args) },
});
const contentOf = ({ thought, text }: Script) => [
  ...(thought ? [{ type: 'thinking', thinking: thought.text }] : []),
  ...(text ? [{ type: 'text', text: text.join('') }] : []),
];

export const cohereWire: Wire = {
  frames: (script) => {
    const { thought, text, calls = [], source } = script;
    const content = (index: number, type: string, field: string, pieces: readonly string[]) => [
      named('content-start', { index, delta: { message: { content: { type, [field]: '' } } } }),
      ...pieces.map((piece) => named('content-delta', { index, delta: { message: { content: { [field]: piece } } } })),
      named('content-end', { index }),
    ];
    return [
      named('message-start', { id: 'c_1', delta: { message: { role: 'assistant', content: [] } } }),
      ...(thought ? content(0, 'thinking', 'thinking', halves(thought.text)) : []),
      ...(text ? content(1, 'text', 'text', text) : []),
      ...calls.flatMap((call, index) => {
        const { function: fn, ...rest } = callOf(call);
        return [
          named('tool-call-start', {
            index,
            delta: { message: { tool_calls: { ...rest, function: { ...fn, arguments: '' } } } },
          }),
          ...halves(fn.arguments ?? '').map((piece) =>
            named('tool-call-delta', { index, delta: { message: { tool_calls: { function: { arguments: piece } } } } }),
          ),
          named('tool-call-end', { index }),
        ];
      }),
      ...(source === undefined
        ? []
        : [named('citation-start', { index: 0, delta: { message: { citations: citationOf(source) } } })]),
      named('message-end', { delta: { finish_reason: reasonOf(script), usage: usageOf(script) } }),
    ];
  },
  whole: (script) => ({
    id: 'c_1',
    finish_reason: reasonOf(script),
    message: {
      role: 'assistant',
      content: contentOf(script),
      ...(script.calls && { tool_calls: script.calls.map(callOf) }),
      ...(script.source !== undefined && { citations: [citationOf(script.source)] }),
    },
    usage: usageOf(script),
  }),
};
