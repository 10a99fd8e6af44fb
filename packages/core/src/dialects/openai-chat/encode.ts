import type { Json } from '../../chat/json.ts';
import type { ChatRequest, ResponseFormat, Tool } from '../../chat/request.ts';
import type { ProviderFlags } from '../../providers/provider.ts';
import type { EncodedRequest, EncodeInput } from '../dialect.ts';
import {
  createScribe,
  effortWord,
  familyOf,
  formatInWords,
  functionTool,
  JSON_ONLY,
  leaveOut,
  type Scribe,
  some,
  toolsOfHistory,
  type Wire,
  written,
} from '../encoding.ts';
import { fieldsOf } from '../values.ts';
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
    stream_options: input.whole || flags.streamOptions === false ? undefined : { include_usage: true }, // quirks 36, 37
    [maxTokensField(input)]: maxOutputTokens,
    thinking_budget: input.thinkingBudget, // quirk 256
    temperature: request.temperature,
    top_p: request.topP,
    stop: some(request.stop),
    ...seedField(scribe),
    ...reasoningField(scribe),
    ...toolFields(request, scribe),
    response_format: request.responseFormat && responseFormat(request.responseFormat, scribe),
    ...begun?.request,
  };
  if (flags.sessionField !== undefined) body[flags.sessionField] = request.sessionId?.slice(0, MAX_SESSION_ID);
  if (flags.sendsMaxPrice && input.maxPrice) body.provider = withMaxPrice(provider.body?.provider, input.maxPrice);
  const { sessionHeader } = flags;
  // What a header may not hold is left out.
  const session = sessionHeader && request.sessionId?.replace(/[^\w-]/g, '').slice(0, MAX_SESSION_ID);
  return written(scribe, '/chat/completions', body, session ? { [sessionHeader]: session } : undefined);
}

/** Longest `session_id` that OpenRouter takes. */
const MAX_SESSION_ID = 256;

/** Quirk 149: some know one name, some the other; a router's models list what they take. */
function maxTokensField(input: EncodeInput): string {
  const field = familyOf(input)?.maxTokensField ?? input.provider.flags.maxTokensField ?? 'max_completion_tokens';
  if (field !== 'by-model') return field;
  const listed = input.model?.parameters;
  return listed?.includes('max_completion_tokens') && !listed.includes('max_tokens')
    ? 'max_completion_tokens'
    : 'max_tokens';
}

/** Quirks 172 and 198: not everybody calls it so, and not everybody has one. */
function seedField(scribe: Scribe): Wire {
  const { request, provider } = scribe.input;
  if (request.seed === undefined) return {};
  const field = provider.flags.seedField ?? 'seed';
  if (field !== 'none') return { [field]: request.seed };
  leaveOut(scribe, 'seed', 'seed');
  return {};
}

/** How hard to think. Which efforts a model knows has been settled by validation; here it is only put into words. */
function reasoningField(scribe: Scribe): Wire {
  const { request, provider, model } = scribe.input;
  const effort = request.reasoningEffort;
  if (effort === undefined) return {};
  const family = familyOf(scribe.input);
  switch (family?.knob ?? provider.flags.reasoning ?? 'effort') {
    case 'openrouter':
      return { reasoning: { effort } };
    case 'effort':
      return { reasoning_effort: effortWord(effort, model?.reasoning?.efforts ?? family?.efforts, scribe) };
    case 'thinking-type': // quirks 181, 255
      return { thinking: { type: effort === 'none' ? 'disabled' : 'enabled' } };
    case 'enable-thinking': // quirk 256
      return { enable_thinking: effort !== 'none' };
    case 'reasoning-enabled': // quirk 197
      return { reasoning: { enabled: effort !== 'none' } };
    case 'template': // quirk 231
      return { chat_template_kwargs: { enable_thinking: effort !== 'none' } };
    case 'prompt-mode': // quirk 176
      return { prompt_mode: effort === 'none' ? null : 'reasoning' };
    case 'none':
      leaveOut(scribe, 'reasoningEffort', 'reasoning effort');
      return {};
  }
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
      tools: request.tools.map((tool) =>
        functionTool(flags.plainSchemas ? { ...tool, parameters: withoutDialect(tool.parameters) } : tool),
      ),
      tool_choice: choice && toolChoice(choice, flags),
      parallel_tool_calls: request.parallelToolCalls,
    };
  }
  if (!flags.toolsWithToolHistory) return {}; // quirk 153: never an empty list
  const called = toolsOfHistory(request);
  if (called.length === 0) return {};
  return {
    tools: called.map((name) => functionTool({ name, parameters: { type: 'object' } })),
    tool_choice: 'none',
  };
}

/** Quirk 254. */
function withoutDialect({ $schema: _, ...schema }: Tool['parameters']): Tool['parameters'] {
  return schema;
}

function toolChoice(choice: NonNullable<ChatRequest['toolChoice']>, flags: ProviderFlags): Json {
  if (choice === 'required') return flags.requiredToolWord ?? choice; // quirk 172
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
}

/** What has to be said in words of the answer's format. */
function instructionFor({ responseFormat: format, system, messages }: ChatRequest, flags: ProviderFlags): string {
  if (format?.type === 'json-schema') return flags.jsonSchema === false ? formatInWords(format) : '';
  // Quirk 165: the word has to be there.
  return format && !/json/i.test(JSON.stringify([system, messages])) ? JSON_ONLY : '';
}

function responseFormat(format: ResponseFormat, { notify, input: { provider } }: Scribe): Wire {
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
    json_schema: { name: format.name, schema: format.schema, strict },
  };
}

function withMaxPrice(given: Json | undefined, maxPrice: NonNullable<EncodeInput['maxPrice']>): Json {
  return { ...(fieldsOf(given) as Wire), max_price: { prompt: maxPrice.prompt, completion: maxPrice.completion } };
}
