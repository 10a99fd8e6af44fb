import type { Json } from '../../chat/json.ts';
import type { ChatRequest, ResponseFormat } from '../../chat/request.ts';
import type { EncodedRequest, EncodeInput } from '../dialect.ts';
import { createScribe, effortWord, familyOf, leaveOut, type Scribe, type Wire, written } from '../encoding.ts';
import { isStrictSchema } from '../openai-chat/strict-schema.ts';
import { encodeInput } from './input.ts';

/** Longest cache key taken. */
const MAX_CACHE_KEY = 64;

/**
 * A request in OpenAI's Responses protocol. Nothing is stored at the provider's: what a model wants back is asked for and
 * sent along each time (quirk 69).
 */
export function encodeOpenAiResponses(input: EncodeInput): EncodedRequest {
  const { request, provider, model, maxOutputTokens } = input;
  const scribe = createScribe(input);
  const family = familyOf(input);
  const reasons = model?.reasoning !== undefined || family?.reasoning === true;
  const effort = effortWord(request.reasoningEffort, model?.reasoning?.efforts ?? family?.efforts, scribe);
  const body: Wire = {
    ...provider.body,
    model: request.choice.model,
    instructions: request.system || undefined,
    input: encodeInput(scribe),
    stream: !input.whole,
    store: false,
    // Only models that think have something to encrypt; others refuse the question.
    include: reasons ? ['reasoning.encrypted_content'] : undefined,
    max_output_tokens: Math.max(maxOutputTokens, provider.flags.minOutputTokens ?? 1),
    temperature: request.temperature,
    top_p: request.topP,
    reasoning: effort && { effort },
    ...toolFields(request),
    text: request.responseFormat && { format: formatOf(request.responseFormat, scribe) },
    prompt_cache_key: request.sessionId?.slice(0, MAX_CACHE_KEY),
  };
  for (const field of ['stop', 'seed'] as const) {
    if ([request[field] ?? []].flat().length > 0) leaveOut(scribe, field, `${field} over this protocol`);
  }
  return written(scribe, '/responses', body);
}

function toolFields(request: ChatRequest): Wire {
  if (!request.tools || request.tools.length === 0) return {};
  const { toolChoice } = request;
  return {
    // Unless told otherwise, this protocol holds tools to the strict form, which refuses optional fields (quirk 53).
    tools: request.tools.map((tool) => ({
      type: 'function',
      name: tool.name,
      description: tool.description,
      parameters: tool.parameters,
      strict: false,
    })),
    tool_choice: typeof toolChoice === 'object' ? { type: 'function', name: toolChoice.name } : toolChoice,
    parallel_tool_calls: request.parallelToolCalls,
  };
}

function formatOf(format: ResponseFormat, { notify }: Scribe): Json {
  if (format.type === 'json') return { type: 'json_object' };
  const strict = format.strict === true && isStrictSchema(format.schema);
  if (format.strict && !strict) {
    notify(
      'parameter-adapted',
      'The answer’s schema has optional or open fields, so it was not asked for strictly.',
      'responseFormat',
    );
  }
  return { type: 'json_schema', name: format.name, schema: format.schema, strict };
}
