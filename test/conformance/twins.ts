import fc from 'fast-check';
import type { DialectName } from '../../packages/core/src/providers/provider.ts';
import { DONE, frames, named } from './hostile.ts';

/** One answer as a provider sends it in one piece, and as it streams it. */
export interface Twin {
  readonly whole: object;
  readonly stream: string;
}

type Fields = { readonly [field: string]: unknown };

/** Text of every kind; some of it looks like what the wire is made of. */
const words = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 14 }).map((text) => text.toWellFormed()),
  fc.constantFrom('Yes ', ' and\n', 'null', '{"a":1}', '<think>', 'data: x', '[DONE]', '\u2028', '\\n"'),
);
const url = fc.constantFrom('https://a.example/1', 'https://a.example/2?x=1', 'https://b.example');
const name = fc.constantFrom('look', 'get_weather', 'f');
const input = fc.dictionary(
  fc.string({ maxLength: 4 }).filter((key) => key !== '__proto__'),
  fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(null)),
  { maxKeys: 3 },
);
const written = input.map((value) => JSON.stringify(value));
const count = fc.nat(5_000);
/** Characters of a delta. */
const size = fc.integer({ min: 1, max: 5 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const is = fc.constant<string>;

/** The text in deltas. */
function cut(text: string, length: number): string[] {
  const letters = [...text];
  return Array.from({ length: Math.ceil(letters.length / length) }, (_, n) =>
    letters.slice(n * length, (n + 1) * length).join(''),
  );
}

/** Without fields that are undefined, as JSON has it. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

const claudeBlock = (n: number): fc.Arbitrary<Fields> =>
  fc.oneof(
    fc.record({
      type: is('text'),
      text: words,
      citations: maybe(
        fc.array(fc.record({ type: is('web_search_result_location'), url, title: words, cited_text: words }), {
          minLength: 1,
          maxLength: 2,
        }),
      ),
    }),
    fc.record({
      type: is('thinking'),
      thinking: fc.oneof(words, is('')),
      signature: fc.constantFrom('c2ln', ''),
    }),
    fc.record({ type: is('redacted_thinking'), data: words }),
    fc.record({ type: is('tool_use'), id: is(`toolu_${n}`), name, input }),
    fc.record({ type: is('server_tool_use'), id: is(`srvtoolu_${n}`), name: is('web_search'), input }),
    fc.record({
      type: is('web_search_tool_result'),
      tool_use_id: is(`srvtoolu_${n - 1}`),
      content: fc.oneof(
        fc.record({ type: is('web_search_tool_result_error'), error_code: is('unavailable') }),
        fc.array(fc.record({ type: is('web_search_result'), url, title: words }), { maxLength: 2 }),
      ),
    }),
    fc.record({ type: is('compaction'), content: words }),
  );

/** How a block begins, and its deltas. */
function claudeDeltas(block: Fields, length: number): { start: object; deltas: readonly object[] } {
  const pieces = (text: unknown, type: string, field: string) =>
    cut(String(text), length).map((piece) => ({ type, [field]: piece }));
  switch (block.type) {
    case 'text': {
      const citations = (block.citations ?? []) as object[];
      const cited = citations.map((citation) => ({ type: 'citations_delta', citation }));
      return { start: { type: 'text', text: '' }, deltas: [...pieces(block.text, 'text_delta', 'text'), ...cited] };
    }
    case 'thinking':
      return {
        start: { type: 'thinking', thinking: '', signature: '' },
        deltas: [
          ...pieces(block.thinking, 'thinking_delta', 'thinking'),
          { type: 'signature_delta', signature: block.signature },
        ],
      };
    case 'tool_use':
    case 'server_tool_use': {
      const text = JSON.stringify(block.input);
      const told = text === '{}' ? [] : pieces(text, 'input_json_delta', 'partial_json');
      return {
        start: { ...block, input: {} },
        deltas: [{ type: 'input_json_delta', partial_json: '' }, ...told],
      };
    }
    case 'compaction':
      return {
        start: { type: 'compaction', content: null },
        deltas: [{ type: 'compaction_delta', content: block.content }],
      };
    default:
      return { start: block, deltas: [] };
  }
}

const anthropic = fc
  .record({
    blocks: fc.tuple(...[0, 1, 2, 3, 4].map(claudeBlock)),
    most: fc.nat(5),
    size,
    stop: fc.constantFrom('end_turn', 'tool_use', 'max_tokens', 'stop_sequence', 'pause_turn', 'refusal'),
    usage: fc.record({ input_tokens: count, output_tokens: count, cache_read_input_tokens: count }),
  })
  .map(({ blocks, most, size, stop, usage }): Twin => {
    const content = plain(blocks.slice(0, most));
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content, usage };
    const start = { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 0 } };
    const told = content.map((block, index) => {
      const { start, deltas } = claudeDeltas(block, size);
      return [
        named('content_block_start', { index, content_block: start }),
        ...deltas.map((delta) => named('content_block_delta', { index, delta })),
        named('content_block_stop', { index }),
      ].join('');
    });
    const end = named('message_delta', { delta: { stop_reason: stop }, usage }) + named('message_stop');
    return {
      whole: { ...message, stop_reason: stop },
      stream: named('message_start', { message: start }) + told.join('') + end,
    };
  });

const responsesItem = (n: number): fc.Arbitrary<Fields> =>
  fc.oneof(
    fc.record({
      type: is('message'),
      id: is(`msg_${n}`),
      role: is('assistant'),
      phase: maybe(fc.constantFrom('commentary', 'final_answer')),
      content: fc.array(
        fc.oneof(
          fc.record({
            type: is('output_text'),
            text: words,
            annotations: fc.array(fc.record({ type: is('url_citation'), url, title: words }), { maxLength: 2 }),
          }),
          fc.record({ type: is('refusal'), refusal: words }),
        ),
        { minLength: 1, maxLength: 2 },
      ),
    }),
    fc.record({
      type: is('reasoning'),
      id: is(`rs_${n}`),
      summary: fc.array(fc.record({ type: is('summary_text'), text: words }), { maxLength: 3 }),
      encrypted_content: maybe(words),
    }),
    fc.record({
      type: is('function_call'),
      id: is(`fc_${n}`),
      call_id: is(`call_0123456789abcdef_${n}`),
      name,
      arguments: written,
    }),
    fc.record({ type: is('mcp_call'), id: is(`mcp_${n}`), name, arguments: written, output: fc.option(words) }),
    fc.record({ type: is('web_search_call'), id: is(`ws_${n}`), action: fc.record({ query: words }) }),
    fc.record({ type: is('image_generation_call'), id: is(`ig_${n}`), result: is('aVZCT1I=') }),
  );

/** @param whole texts and arguments come with their ends alone (quirks 63 and 64) */
function responsesEvents(item: Fields, output_index: number, length: number, whole: boolean): string {
  const event = (type: string, rest: object) => named(`response.${type}`, { output_index, item_id: item.id, ...rest });
  const deltas = (type: string, text: unknown, rest: object = {}) =>
    (whole ? [] : cut(String(text), length)).map((delta) => event(`${type}.delta`, { delta, ...rest })).join('');
  const told = () => {
    switch (item.type) {
      case 'message':
        return (item.content as Fields[]).map((part, content_index) => {
          const [kind, field] = part.type === 'refusal' ? ['refusal', 'refusal'] : ['output_text', 'text'];
          const notes = ((part.annotations ?? []) as object[]).map((annotation) =>
            event('output_text.annotation.added', { content_index, annotation }),
          );
          const ends =
            event(`${kind}.done`, { content_index, [field]: part[field] }) +
            event('content_part.done', { content_index, part });
          return deltas(kind, part[field], { content_index }) + notes.join('') + ends;
        });
      case 'reasoning':
        return (item.summary as Fields[]).map(
          (part, summary_index) =>
            deltas('reasoning_summary_text', part.text, { summary_index }) +
            event('reasoning_summary_text.done', { summary_index, text: part.text }) +
            event('reasoning_summary_part.done', { summary_index, part }),
        );
      case 'function_call':
      case 'mcp_call': {
        const type = item.type === 'mcp_call' ? 'mcp_call_arguments' : 'function_call_arguments';
        return [deltas(type, item.arguments), event(`${type}.done`, { arguments: item.arguments })];
      }
      default:
        return [];
    }
  };
  const { content, summary, action, result, output, ...bare } = item;
  const start = { ...bare, ...(item.arguments !== undefined && { arguments: '' }), status: 'in_progress' };
  return event('output_item.added', { item: start }) + told().join('') + event('output_item.done', { item });
}

const responses = fc
  .record({
    items: fc.tuple(...[0, 1, 2, 3].map(responsesItem)),
    most: fc.nat(4),
    size,
    end: fc.constantFrom('completed', 'completed', 'failed', 'max_output_tokens', 'content_filter'),
    usage: fc.record({ input_tokens: count, output_tokens: count }),
    bare: fc.boolean(),
    silent: fc.boolean(),
  })
  .map(({ items, most, size, end, usage, bare, silent }): Twin => {
    const output = plain(items.slice(0, most));
    const base = { id: 'resp_0123456789abcdef', object: 'response', model: 'gpt', output: [] };
    const status = end === 'completed' || end === 'failed' ? end : 'incomplete';
    const error = end === 'failed' ? { code: 'server_error', message: 'It failed.' } : null;
    const incomplete_details = status === 'incomplete' ? { reason: end } : null;
    const whole = { ...base, status, output, usage, error, incomplete_details };
    return {
      whole,
      stream: [
        named('response.created', { response: { ...base, status: 'in_progress' } }),
        ...output.map((item, index) => responsesEvents(item, index, size, silent)),
        // Quirk 65: some have nothing in it.
        named(`response.${status}`, { response: bare ? { ...whole, output: [] } : whole }),
      ].join(''),
    };
  });

const part = <T>(value: fc.Arbitrary<T>) =>
  fc.tuple(value, maybe(is('c2ln'))).map(([fields, thoughtSignature]) => ({ ...fields, thoughtSignature }));

const gemini = fc
  .record({
    parts: fc.array(
      fc.oneof(
        part(fc.record({ text: words, thought: maybe(fc.constant(true)) })),
        part(fc.record({ text: is('') })),
        part(fc.record({ functionCall: fc.record({ name, args: input, id: maybe(fc.constantFrom('a', 'b')) }) })),
        part(fc.constant({ inlineData: { mimeType: 'image/png', data: 'aVZC' } })),
        fc.constant({ executableCode: { language: 'PYTHON', code: '1' } }),
        fc.constant({ codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } }),
      ),
      { maxLength: 5 },
    ),
    size,
    finishReason: fc.constantFrom('STOP', 'STOP', 'MAX_TOKENS', 'SAFETY', 'MALFORMED_FUNCTION_CALL', 'OTHER'),
    usageMetadata: fc.record({ promptTokenCount: count, candidatesTokenCount: count }),
    sources: fc.array(url, { maxLength: 2 }),
  })
  .map(({ parts: given, size, finishReason, usageMetadata, sources }): Twin => {
    const parts: Fields[] = plain(given);
    const end = {
      index: 0,
      finishReason,
      groundingMetadata: { groundingChunks: sources.map((uri) => ({ web: { uri, title: 'A page' } })) },
    };
    const chunk = (candidate: object, usage: object) => ({
      candidates: [candidate],
      usageMetadata: usage,
      modelVersion: 'gemini',
      responseId: 'r',
    });
    const pieces = parts.flatMap((one) =>
      one.text && !one.thoughtSignature ? cut(String(one.text), size).map((text) => ({ ...one, text })) : [one],
    );
    const { promptTokenCount } = usageMetadata;
    return {
      whole: chunk({ content: { parts, role: 'model' }, ...end }, usageMetadata),
      stream: frames(
        ...pieces.map((one) => chunk({ content: { parts: [one], role: 'model' } }, { promptTokenCount })),
        chunk({ content: { role: 'model' }, ...end }, usageMetadata),
      ).replaceAll('\n', '\r\n'),
    };
  });

const cohere = fc
  .record({
    plan: words,
    calls: fc.array(fc.record({ name, arguments: written }), { maxLength: 2 }),
    blocks: fc.array(
      fc.oneof(fc.record({ type: is('text'), text: words }), fc.record({ type: is('thinking'), thinking: words })),
      { maxLength: 3 },
    ),
    sources: fc.array(fc.record({ text: words, url: maybe(url) }), { maxLength: 2 }),
    size,
    finish_reason: fc.constantFrom('COMPLETE', 'MAX_TOKENS', 'STOP_SEQUENCE', 'ERROR'),
    billed_units: fc.record({ input_tokens: count, output_tokens: count }),
  })
  .map(({ plan, calls, blocks, sources, size, finish_reason, billed_units }): Twin => {
    const tool_calls = calls.map((one, n) => ({ id: `${one.name}_${n}`, type: 'function', function: one }));
    const citations = plain(sources.map(({ text, url }) => ({ text, sources: [{ document: { url } }] })));
    const acts = calls.length > 0;
    const message = acts ? { tool_plan: plan, tool_calls } : { content: blocks, citations };
    const event = (type: string, index: number, inside: object) => named(type, { index, delta: { message: inside } });
    const acted = [
      ...cut(plan, size).map((tool_plan) => event('tool-plan-delta', 0, { tool_plan })),
      ...tool_calls.flatMap((call, n) => [
        event('tool-call-start', n, { tool_calls: { ...call, function: { ...call.function, arguments: '' } } }),
        ...cut(call.function.arguments, size).map((piece) =>
          event('tool-call-delta', n, { tool_calls: { function: { arguments: piece } } }),
        ),
        named('tool-call-end', { index: n }),
      ]),
    ];
    const said = [
      ...blocks.flatMap((block: Fields, n) => {
        const field = String(block.type);
        return [
          event('content-start', n, { content: { type: field, [field]: '' } }),
          ...cut(String(block[field]), size).map((piece) => event('content-delta', n, { content: { [field]: piece } })),
          named('content-end', { index: n }),
        ];
      }),
      ...citations.map((one, n) => event('citation-start', n, { citations: one })),
    ];
    const end = { finish_reason, usage: { billed_units } };
    return {
      whole: { id: 'c', message: { role: 'assistant', ...message }, ...end },
      stream: [
        named('message-start', { id: 'c', delta: { message: { role: 'assistant' } } }),
        ...(acts ? acted : said),
        named('message-end', { delta: end }),
      ].join(''),
    };
  });

const chat = fc
  .record({
    thought: maybe(words),
    text: maybe(words),
    calls: fc.array(fc.record({ name, arguments: written }), { maxLength: 3 }),
    field: fc.constantFrom('reasoning', 'reasoning_content'),
    sources: fc.array(url, { maxLength: 2 }),
    refuses: fc.boolean(),
    size,
    finish: fc.constantFrom('stop', 'tool_calls', 'length', 'content_filter'),
    usage: fc.record({ prompt_tokens: count, completion_tokens: count }),
  })
  .map(({ thought, text, calls, field, sources, refuses, size, finish, usage }): Twin => {
    const said = refuses && calls.length === 0 ? 'refusal' : 'content';
    const tool_calls = calls.map((one, index) => ({ index, id: `call_${index}`, type: 'function', function: one }));
    const annotations = sources.map((address) => ({ type: 'url_citation', url_citation: { url: address } }));
    const body = (choice: object) => ({ id: 'x', model: 'gpt', choices: [{ index: 0, ...choice }] });
    const chunk = (delta: object, reason: string | null = null) => body({ delta, finish_reason: reason });
    const pieces = (name: string, value: string | undefined) =>
      cut(value ?? '', size).map((one) => chunk({ [name]: one }));
    return {
      whole: {
        ...body({
          message: plain({ role: 'assistant', [field]: thought, [said]: text ?? null, tool_calls, annotations }),
          finish_reason: finish,
        }),
        usage,
      },
      stream:
        frames(
          chunk({ role: 'assistant', content: '' }),
          ...pieces(field, thought),
          ...pieces(said, text),
          ...tool_calls.map((call) =>
            chunk({ tool_calls: [{ ...call, function: { ...call.function, arguments: '' } }] }),
          ),
          ...tool_calls.flatMap(({ index, function: called }) =>
            cut(called.arguments, size).map((piece) =>
              chunk({ tool_calls: [{ index, function: { arguments: piece } }] }),
            ),
          ),
          chunk({ annotations }),
          chunk({}, finish),
          { id: 'x', model: 'gpt', choices: [], usage },
        ) + DONE,
    };
  });

/** Answers of every kind that the documentation knows, by protocol. */
export const TWINS: readonly (readonly [DialectName, fc.Arbitrary<Twin>])[] = [
  ['openai-chat', chat],
  ['openai-responses', responses],
  ['anthropic-messages', anthropic],
  ['gemini', gemini],
  ['cohere', cohere],
];
