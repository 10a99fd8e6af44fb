import { data, halves, type Script, type Wire } from './script.ts';

/** In what the providers of OpenAI's chat protocol differ. */
export interface ChatForm {
  /** Fields of a delta or message for a thought, or for its end. */
  readonly thought?: (text: string, signature?: string) => object;
  /** Where the source stands: in the delta, or at the top of the last event. */
  readonly source?: 'annotation' | 'citations';
  /** `deltas`: id and name first, arguments in pieces; `whole`: each in one event; `one-index`: the same, all of index 0. */
  readonly calls: 'deltas' | 'whole' | 'one-index';
  /** What a finish with calls is called. */
  readonly finish?: 'stop';
  readonly usage: (usage: Script['usage']) => object;
  /** `apart`: behind the finish, without choices; `finish`: beside it; `groq`: beside it, under another name; `choice`: in it. */
  readonly usageAt: 'apart' | 'finish' | 'groq' | 'choice';
  /** Thinks between tags in the answer (quirk 138). */
  readonly tags?: true;
  /** In front of everything. */
  readonly preamble?: object;
  /** A single LF between events (quirk 1). */
  readonly dense?: true;
  /** Beside each event. */
  readonly top?: object;
  readonly comment?: string;
  /** The picture's own field. */
  readonly image?: true;
  /** A refusal in words of its own; otherwise a filter. */
  readonly refuses?: true;
}

export function chatWire(form: ChatForm): Wire {
  const top = { id: 'gen-1', object: 'chat.completion.chunk', created: 1, model: 'answering/model', ...form.top };
  const chunk = (delta: object, finish: string | null = null, more: object = {}) =>
    data({ ...top, choices: [{ index: 0, delta, finish_reason: finish }], ...more });
  const callOf = (call: NonNullable<Script['calls']>[number], index: number, args: string) => ({
    index: form.calls === 'one-index' ? 0 : index,
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: args },
  });
  const finishOf = (script: Script): string => {
    if (script.short) return 'length';
    if (script.refusal !== undefined && !form.refuses) return 'content_filter';
    return script.calls && !form.finish ? 'tool_calls' : 'stop';
  };
  const sourceOf = (url: string) => [
    { type: 'url_citation', url_citation: { url, title: 'A', start_index: 0, end_index: 1 } },
  ];
  const argsOf = (args: object) => (Object.keys(args).length === 0 ? '' : JSON.stringify(args));

  const callFrames = (script: Script) =>
    (script.calls ?? []).flatMap((call, index) => {
      if (form.calls !== 'deltas') return [chunk({ tool_calls: [callOf(call, index, argsOf(call.args) || '{}')] })];
      const pieces = halves(argsOf(call.args)).filter((piece) => piece !== '');
      return [
        chunk({ tool_calls: [callOf(call, index, '')] }),
        ...pieces.map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
      ];
    });

  const tagged = ({ thought, text = [] }: Script): readonly string[] =>
    form.tags && thought ? [...halves(`<think>\n${thought.text}</think>\n\n`), ...text] : text;

  const wire: Wire = {
    frames: (script) => {
      const { thought, source, image, refusal, usage } = script;
      const text = tagged(script);
      const beside =
        form.usageAt === 'finish'
          ? { usage: form.usage(usage) }
          : form.usageAt === 'groq'
            ? { x_groq: { id: 'r', usage: form.usage(usage) } }
            : {};
      return [
        ...(form.comment ? [form.comment] : []),
        ...(form.preamble ? [data(form.preamble)] : []),
        chunk({ role: 'assistant', content: '' }),
        ...(thought && form.thought
          ? [
              ...halves(thought.text).map((piece) => chunk(form.thought?.(piece) ?? {})),
              chunk(form.thought('', thought.signature)),
            ]
          : []),
        ...text.map((piece) => chunk({ content: piece })),
        ...(refusal !== undefined && form.refuses ? halves(refusal).map((piece) => chunk({ refusal: piece })) : []),
        ...(image !== undefined
          ? [chunk({ images: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } }] })]
          : []),
        ...callFrames(script),
        ...(source !== undefined && form.source === 'annotation' ? [chunk({ annotations: sourceOf(source) })] : []),
        ...(form.comment ? [form.comment] : []),
        data({
          ...top,
          choices: [
            {
              index: 0,
              delta: {},
              finish_reason: finishOf(script),
              ...(form.usageAt === 'choice' && { usage: form.usage(usage) }),
            },
          ],
          ...beside,
          ...(source !== undefined && form.source === 'citations' && { citations: [source] }),
        }),
        ...(form.usageAt === 'apart' ? [data({ ...top, choices: [], usage: form.usage(usage) })] : []),
        data('[DONE]'),
      ];
    },
    whole: (script) => {
      const { thought, source, image, refusal, calls, usage } = script;
      const text = tagged(script);
      const thinking = thought && form.thought ? form.thought(thought.text, thought.signature) : {};
      const listed = 'content' in thinking ? (thinking.content as object[]) : undefined;
      const words = text.join('');
      return {
        ...top,
        object: 'chat.completion',
        choices: [
          {
            index: 0,
            message: {
              role: 'assistant',
              ...thinking,
              content: listed
                ? [...listed, ...(words === '' ? [] : [{ type: 'text', text: words }])]
                : words === ''
                  ? null
                  : words,
              ...(refusal !== undefined && form.refuses && { refusal }),
              ...(image !== undefined && {
                images: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } }],
              }),
              ...(calls && { tool_calls: calls.map((call, index) => callOf(call, index, argsOf(call.args) || '{}')) }),
              ...(source !== undefined && form.source === 'annotation' && { annotations: sourceOf(source) }),
            },
            finish_reason: finishOf(script),
          },
        ],
        ...(source !== undefined && form.source === 'citations' && { citations: [source] }),
        usage: form.usage(usage),
      };
    },
  };
  return form.dense
    ? { ...wire, frames: (script) => wire.frames(script).map((frame) => frame.replace(/\n\n$/, '\n')) }
    : wire;
}
