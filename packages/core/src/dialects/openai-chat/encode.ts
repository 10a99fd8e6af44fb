import type { Json } from '../../chat/json.ts';
import type { ChatRequest, ReasoningEffort, ResponseFormat } from '../../chat/request.ts';
import type { ProviderFlags } from '../../providers/provider.ts';
import type { EncodedRequest, EncodeInput } from '../dialect.ts';
import { bodyText, createScribe, familyOf, JSON_ONLY, type Scribe, type Wire } from '../encoding.ts';
import { isStrictSchema } from './strict-schema.ts';
import { encodeMessages } from './transcript.ts';

/**
 * A request in OpenAI's chat protocol, with the provider's oddities read from its flags. Streamed where the model streams, and always
 * with a maximum, so that the bill has a bound.
 */
export function encodeOpenAiChat(input: EncodeInput): EncodedRequest {
  const { request, provider, maxOutputTokens } = input;
  const { flags } = provider;
  const scribe = createScribe(input);
  const messages = encodeMessages(scribe, instructionFor(request, flags));
  const last = messages.at(-1);
  // Who would not go on with it by itself is not handed an answer at the end.
  const begun = (last?.role === 'assistant' && (familyOf(input)?.prefill ?? flags.prefill)) || undefined;
  if (last) Object.assign(last, begun?.message);
  const body: Wire = {
    ...provider.body,
    model: request.choice.model,
    messages,
    stream: !input.whole,
    ...(!input.whole && flags.streamOptions !== false && { stream_options: { include_usage: true } }), // quirks 36, 37
    [maxTokensField(input)]: maxOutputTokens,
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.topP !== undefined && { top_p: request.topP }),
    ...(request.stop && request.stop.length > 0 && { stop: request.stop }),
    ...seedField(scribe),
    ...reasoningField(scribe),
    ...toolFields(request, scribe),
    ...(request.responseFormat && { response_format: responseFormat(request.responseFormat, scribe) }),
    ...(request.sessionId !== undefined &&
      flags.sessionField !== undefined && { [flags.sessionField]: request.sessionId.slice(0, MAX_SESSION_ID) }),
    ...(flags.sendsMaxPrice && input.maxPrice && { provider: withMaxPrice(provider.body?.provider, input.maxPrice) }),
    ...begun?.request,
  };
  return {
    path: '/chat/completions',
    headers: { accept: 'text/event-stream' },
    body: bodyText(body),
    notices: scribe.notices,
  };
}

/** Longest `session_id` that OpenRouter takes. */
const MAX_SESSION_ID = 256;

/** Quirk 149: some know one name, some the other; a router's models list what they take. */
function maxTokensField({ provider, model }: EncodeInput): string {
  const field = provider.flags.maxTokensField ?? 'max_completion_tokens';
  if (field !== 'by-model') return field;
  const listed = model?.parameters;
  return listed?.includes('max_completion_tokens') && !listed.includes('max_tokens')
    ? 'max_completion_tokens'
    : 'max_tokens';
}

/** Quirks 172 and 198: not everybody calls it so, and not everybody has one. */
function seedField({ input: { request, provider }, notify }: Scribe): Wire {
  if (request.seed === undefined) return {};
  const field = provider.flags.seedField ?? 'seed';
  if (field !== 'none') return { [field]: request.seed };
  notify('parameter-dropped', `${provider.name} takes no seed: it was left out.`, 'seed');
  return {};
}

/** How hard to think. Which efforts a model knows has been settled by validation; here it is only put into words. */
function reasoningField({ input: { request, provider, model }, notify }: Scribe): Wire {
  const effort = request.reasoningEffort;
  if (effort === undefined) return {};
  switch (provider.flags.reasoning ?? 'effort') {
    case 'openrouter':
      return { reasoning: { effort } };
    case 'effort':
      return { reasoning_effort: effortWord(effort, model?.reasoning?.efforts, notify) };
    case 'thinking-type': // quirks 181, 255
      return { thinking: { type: effort === 'none' ? 'disabled' : 'enabled' } };
    case 'enable-thinking': // quirk 256
      return { enable_thinking: effort !== 'none' };
    case 'reasoning-enabled': // quirk 197
      return { reasoning: { enabled: effort !== 'none' } };
    case 'template': // quirk 231
      return { chat_template_kwargs: { enable_thinking: effort !== 'none' } };
    case 'none':
      notify('parameter-dropped', `${provider.name} takes no reasoning effort: it was left out.`, 'reasoningEffort');
      return {};
  }
}

/** `max` is OpenRouter's word: what OpenAI has above `high` is `xhigh`, and not every model knows it. */
function effortWord(effort: ReasoningEffort, known: readonly string[] | undefined, notify: Scribe['notify']): string {
  if (effort !== 'max' || known?.includes('max')) return effort;
  const word = known?.includes('xhigh') ? 'xhigh' : 'high';
  notify('parameter-adapted', `The effort “max” was sent as “${word}”.`, 'reasoningEffort');
  return word;
}

function toolFields(request: ChatRequest, { input, notify }: Scribe): Wire {
  const { flags, name } = input.provider;
  let choice = request.toolChoice;
  if (flags.toolChoice === false && choice !== undefined && choice !== 'auto') {
    // Quirk 194: nothing to choose from is the one way to say no.
    if (choice === 'none') return {};
    notify(
      'parameter-dropped',
      `${name} lets models decide about tools: the choice of a tool was left out.`,
      'toolChoice',
    );
    choice = undefined;
  }
  if (request.tools && request.tools.length > 0) {
    return {
      tools: request.tools.map((tool) => ({
        type: 'function',
        function: {
          name: tool.name,
          ...(tool.description !== undefined && { description: tool.description }),
          parameters: flags.plainSchemas ? withoutDialect(tool.parameters) : tool.parameters,
        },
      })),
      ...(choice !== undefined && { tool_choice: toolChoice(choice, flags) }),
      ...(request.parallelToolCalls !== undefined && { parallel_tool_calls: request.parallelToolCalls }),
    };
  }
  if (!flags.toolsWithToolHistory) return {}; // quirk 153: never an empty list
  // Quirk 57: declare what the history speaks of, and let none of it be called.
  const called = new Set<string>();
  for (const { parts } of request.messages)
    for (const part of parts) if (part.type === 'tool-call') called.add(part.name);
  if (called.size === 0) return {};
  return {
    tools: [...called].map((name) => ({ type: 'function', function: { name, parameters: { type: 'object' } } })),
    tool_choice: 'none',
  };
}

/** Quirk 254. */
function withoutDialect({ $schema: _, ...schema }: Wire): Wire {
  return schema;
}

function toolChoice(choice: NonNullable<ChatRequest['toolChoice']>, flags: ProviderFlags): Json {
  if (choice === 'required') return flags.requiredToolWord ?? choice; // quirk 172
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
}

/** What has to be said in words of the answer's format. */
function instructionFor({ responseFormat: format, system, messages }: ChatRequest, flags: ProviderFlags): string {
  if (format?.type === 'json-schema')
    return flags.jsonSchema === false
      ? `${JSON_ONLY} It follows this JSON Schema: ${JSON.stringify(format.schema)}`
      : '';
  // Quirk 165: the word has to be there.
  return format && !/json/i.test(JSON.stringify([system, messages])) ? JSON_ONLY : '';
}

function responseFormat(format: ResponseFormat, { notify, input: { provider } }: Scribe): Json {
  if (format.type === 'json') return { type: 'json_object' };
  if (provider.flags.jsonSchema === false) {
    notify(
      'parameter-adapted',
      `${provider.name} takes no schema for an answer: it was asked for JSON, and told the schema in words.`,
      'responseFormat',
    );
    return { type: 'json_object' };
  }
  let strict = format.strict;
  if (strict && !isStrictSchema(format.schema)) {
    // Quirk 53: a strict schema with optional fields is refused outright.
    strict = false;
    notify(
      'parameter-adapted',
      'The answer’s schema has optional or open fields, so it was not asked for strictly.',
      'responseFormat',
    );
  }
  return {
    type: 'json_schema',
    json_schema: { name: format.name, schema: format.schema, ...(strict !== undefined && { strict }) },
  };
}

function withMaxPrice(given: Json | undefined, maxPrice: NonNullable<EncodeInput['maxPrice']>): Json {
  const routing = typeof given === 'object' && given !== null && !Array.isArray(given) ? given : {};
  return { ...routing, max_price: { prompt: maxPrice.prompt, completion: maxPrice.completion } };
}
