/** The fields of a chunk that matter here; recordings are read loosely on purpose. */
// biome-ignore lint/suspicious/noExplicitAny: recorded JSON of any shape
type Loose = any;

/**
 * The whole answer that a stream is the streamed form of, put together without the product's own code: what the same
 * request would have brought back in one piece.
 */
export function assembleWhole(chunks: readonly Loose[]): object {
  const whole: Loose = { object: 'chat.completion', choices: [] };
  const message: Loose = { role: 'assistant' };
  const choice: Loose = { index: 0, message, finish_reason: null };
  for (const chunk of chunks) {
    for (const name of ['id', 'model', 'provider', 'usage', 'citations', 'search_results', 'x_groq']) {
      if (chunk[name]) whole[name] = chunk[name];
    }
    const streamed = chunk.choices?.[0];
    if (!streamed) continue;
    if (streamed.finish_reason) choice.finish_reason = streamed.finish_reason;
    const delta = streamed.delta ?? {};
    for (const name of ['reasoning_content', 'reasoning', 'refusal']) {
      if (typeof delta[name] === 'string') message[name] = (message[name] ?? '') + delta[name];
    }
    if (typeof delta.content === 'string' && delta.content !== '') addContent(message, delta.content);
    if (Array.isArray(delta.content)) message.content = [...(message.content ?? []), ...delta.content];
    for (const call of delta.tool_calls ?? []) addCall(message, call);
  }
  whole.choices.push(choice);
  return whole;
}

function addContent(message: Loose, text: string): void {
  if (Array.isArray(message.content)) message.content.push({ type: 'text', text });
  else message.content = (message.content ?? '') + text;
}

function addCall(message: Loose, call: Loose): void {
  message.tool_calls ??= [];
  const known = message.tool_calls[call.index ?? 0];
  if (!known) {
    message.tool_calls[call.index ?? 0] = { id: call.id, type: 'function', function: { ...call.function } };
  } else known.function.arguments += call.function?.arguments ?? '';
}

/** The reverse: a stream that says the same as a whole answer, its text in pieces of a few characters. */
export function streamOf(whole: Loose): string[] {
  const { choices, usage, ...head } = whole;
  const { message, finish_reason, logprobs: _logprobs, ...rest } = choices[0];
  const chunk = (delta: object, reason: string | null = null) =>
    JSON.stringify({
      ...head,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, ...rest, delta, finish_reason: reason }],
    });
  const payloads = [chunk({ role: 'assistant' })];
  for (const name of ['reasoning_content', 'reasoning']) {
    for (const piece of pieces(message[name])) payloads.push(chunk({ [name]: piece }));
  }
  if (Array.isArray(message.content)) for (const item of message.content) payloads.push(chunk({ content: [item] }));
  else for (const piece of pieces(message.content)) payloads.push(chunk({ content: piece }));
  (message.tool_calls ?? []).forEach((call: Loose, index: number) => {
    payloads.push(chunk({ tool_calls: [{ ...call, index, function: { name: call.function.name, arguments: '' } }] }));
    for (const piece of pieces(call.function.arguments)) {
      payloads.push(chunk({ tool_calls: [{ index, function: { arguments: piece } }] }));
    }
  });
  payloads.push(chunk({}, finish_reason));
  if (usage) payloads.push(JSON.stringify({ ...head, choices: [], usage }));
  return payloads;
}

function pieces(text: unknown): string[] {
  return typeof text === 'string' ? (text.match(/[\s\S]{1,5}/gu) ?? []) : [];
}
