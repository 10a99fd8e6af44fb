import type { Json } from '../../chat/json.ts';
import type { ChatRequest, ReasoningEffort, ResponseFormat } from '../../chat/request.ts';
import type { EncodedRequest, EncodeInput } from '../dialect.ts';
import { bodyText, createScribe, familyOf, type Scribe, type Wire } from '../encoding.ts';
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
  const reasons = model?.reasoning !== undefined || familyOf(input)?.reasoning === true;
  const body: Wire = {
    ...provider.body,
    model: request.choice.model,
    ...(request.system && { instructions: request.system }),
    input: encodeInput(scribe),
    stream: !input.whole,
    store: false,
    // Only models that think have something to encrypt; others refuse the question.
    ...(reasons && { include: ['reasoning.encrypted_content'] }),
    max_output_tokens: Math.max(maxOutputTokens, provider.flags.minOutputTokens ?? 1),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.topP !== undefined && { top_p: request.topP }),
    ...(request.reasoningEffort !== undefined && {
      reasoning: { effort: effortWord(input, request.reasoningEffort, scribe) },
    }),
    ...toolFields(request),
    ...(request.responseFormat && { text: { format: formatOf(request.responseFormat, scribe) } }),
    ...(request.sessionId !== undefined && { prompt_cache_key: request.sessionId.slice(0, MAX_CACHE_KEY) }),
  };
  for (const field of ['stop', 'seed'] as const) {
    const given = request[field];
    if (given === undefined || (Array.isArray(given) && given.length === 0)) continue;
    scribe.notify(
      'parameter-dropped',
      `${provider.name} takes no ${field === 'stop' ? 'stop texts' : 'seed'} over this protocol: left out.`,
      field,
    );
  }
  return {
    path: '/responses',
    headers: { accept: 'text/event-stream' },
    body: bodyText(body),
    notices: scribe.notices,
  };
}

/** `max` is no word of OpenAI's: above `high` it has `xhigh`, and not every model knows it. */
function effortWord(input: EncodeInput, effort: ReasoningEffort, { notify }: Scribe): string {
  const known = input.model?.reasoning?.efforts ?? familyOf(input)?.efforts;
  if (effort !== 'max' || known?.includes('max')) return effort;
  const word = known?.includes('xhigh') ? 'xhigh' : 'high';
  notify('parameter-adapted', `The effort “max” was sent as “${word}”.`, 'reasoningEffort');
  return word;
}

function toolFields(request: ChatRequest): Wire {
  if (!request.tools || request.tools.length === 0) return {};
  const { toolChoice } = request;
  return {
    // Unless told otherwise, this protocol holds tools to the strict form, which refuses optional fields (quirk 53).
    tools: request.tools.map((tool) => ({
      type: 'function',
      name: tool.name,
      ...(tool.description !== undefined && { description: tool.description }),
      parameters: tool.parameters,
      strict: false,
    })),
    ...(toolChoice !== undefined && {
      tool_choice: typeof toolChoice === 'string' ? toolChoice : { type: 'function', name: toolChoice.name },
    }),
    ...(request.parallelToolCalls !== undefined && { parallel_tool_calls: request.parallelToolCalls }),
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
