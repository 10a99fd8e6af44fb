import { halves, named, type Script, type Wire } from './script.ts';

type Item = { readonly type: string; readonly [field: string]: unknown };

function itemsOf({ thought, text, source, calls, image, refusal }: Script): Item[] {
  const annotations =
    source === undefined ? [] : [{ type: 'url_citation', url: source, title: 'A', start_index: 0, end_index: 1 }];
  const message = (content: object) => ({
    type: 'message',
    id: 'msg_1',
    status: 'completed',
    role: 'assistant',
    phase: 'final_answer',
    content: [content],
  });
  return [
    ...(thought
      ? [
          {
            type: 'reasoning',
            id: 'rs_1',
            summary: [{ type: 'summary_text', text: thought.text }],
            encrypted_content: thought.signature,
          },
        ]
      : []),
    ...(image === undefined
      ? []
      : [{ type: 'image_generation_call', id: 'ig_1', status: 'completed', result: image, output_format: 'png' }]),
    ...(text ? [message({ type: 'output_text', text: text.join(''), annotations })] : []),
    ...(refusal === undefined ? [] : [message({ type: 'refusal', refusal })]),
    ...(calls ?? []).map(({ id, name, args }, index) => ({
      type: 'function_call',
      id: `fc_${index}`,
      call_id: id,
      name,
      arguments: Object.keys(args).length === 0 ? '' : JSON.stringify(args),
      status: 'completed',
    })),
  ];
}

/** The events between an item's first and its last. */
function eventsOf(item: Item, output_index: number, text: readonly string[]): string[] {
  const of = (type: string, rest: object) => named(`response.${type}`, { output_index, item_id: item.id, ...rest });
  switch (item.type) {
    case 'reasoning':
      return halves((item.summary as { text: string }[])[0]?.text ?? '').map((delta) =>
        of('reasoning_summary_text.delta', { summary_index: 0, delta }),
      );
    case 'message': {
      const [content] = item.content as { text?: string; refusal?: string; annotations?: object[] }[];
      const kind = content?.text === undefined ? 'refusal' : 'output_text';
      return [
        ...(content?.refusal === undefined ? text : halves(content.refusal)).map((delta) =>
          of(`${kind}.delta`, { content_index: 0, delta }),
        ),
        ...(content?.annotations ?? []).map((annotation) => of('output_text.annotation.added', { annotation })),
      ];
    }
    case 'function_call':
      return [
        ...halves(String(item.arguments)).map((delta) => of('function_call_arguments.delta', { delta })),
        of('function_call_arguments.done', { arguments: item.arguments }),
      ];
    default:
      return [];
  }
}

const EMPTY: { readonly [type: string]: object } = {
  reasoning: { summary: [], encrypted_content: null },
  message: { content: [], status: 'in_progress' },
  function_call: { arguments: '', status: 'in_progress' },
  image_generation_call: { result: null, status: 'in_progress' },
};

function responseOf(script: Script): object {
  const { input, cached, output, thought } = script.usage;
  return {
    id: 'resp_1',
    object: 'response',
    model: 'answering-model',
    ...(script.short
      ? { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
      : { status: 'completed' }),
    output: itemsOf(script),
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: thought },
      total_tokens: input + output,
    },
  };
}

export const responsesWire: Wire = {
  frames: (script) => [
    named('response.created', {
      response: { id: 'resp_1', model: 'answering-model', status: 'in_progress', output: [] },
    }),
    named('response.in_progress', {
      response: { id: 'resp_1', model: 'answering-model', status: 'in_progress', output: [] },
    }),
    ...itemsOf(script).flatMap((item, index) => [
      named('response.output_item.added', { output_index: index, item: { ...item, ...EMPTY[item.type] } }),
      ...eventsOf(item, index, script.text ?? []),
      named('response.output_item.done', { output_index: index, item }),
    ]),
    named(script.short ? 'response.incomplete' : 'response.completed', { response: responseOf(script) }),
  ],
  whole: responseOf,
};
