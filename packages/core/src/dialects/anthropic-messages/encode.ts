import type { Json } from '../../chat/json.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { ModelFamily } from '../../providers/provider.ts';
import type { EncodedRequest, EncodeInput } from '../dialect.ts';
import {
  atMostOne,
  createScribe,
  familyOf,
  JSON_ONLY,
  leaveOut,
  type Scribe,
  some,
  tellThinking,
  thinkingBudget,
  toolsOfHistory,
  type Wire,
  written,
} from '../encoding.ts';
import { type ConversationTurn, cacheMark, encodeConversation, mayThink } from './conversation.ts';
import { closedSchema } from './schema.ts';

/** The version of the API that all of this speaks. */
const VERSION = '2023-06-01';
/** Least budget for thinking that is taken. */
const LEAST_BUDGET = 1_024;

/**
 * A request in Anthropic's Messages protocol (quirks 96–99). Streamed where the model streams, and always with a maximum, which this
 * protocol demands anyway.
 */
export function encodeAnthropic(input: EncodeInput): EncodedRequest {
  const { request, provider, maxOutputTokens } = input;
  const scribe = createScribe(input);
  const family = familyOf(input);
  const conversation = encodeConversation(scribe);
  const thinking = thinkingOf(input, family, conversation, scribe);
  const format = request.responseFormat;
  if (format?.type === 'json') {
    scribe.notify(
      'parameter-adapted',
      `${provider.name} has no JSON mode: the model was told to answer in JSON.`,
      'responseFormat',
    );
  }
  const system = [request.system, format?.type === 'json' ? JSON_ONLY : undefined].filter((text) => text).join('\n\n');
  const body: Wire = {
    ...provider.body,
    model: request.choice.model,
    max_tokens: maxOutputTokens,
    system: system === '' ? undefined : [{ type: 'text', text: system, ...cacheMark(request) }],
    messages: conversation,
    stream: !input.whole,
    ...sampling(request, thinking.thinks, scribe),
    stop_sequences: some(request.stop)?.filter((text) => text.trim() !== ''),
    thinking: thinking.field,
    ...toolFields(request, family, thinking.thinks, scribe),
  };
  const schema = format?.type === 'json-schema' ? closedSchema(format.schema) : undefined;
  if (thinking.effort || schema) {
    body.output_config = { effort: thinking.effort, format: schema && { type: 'json_schema', schema } };
  }
  if (request.seed !== undefined) leaveOut(scribe, 'seed', 'seed');
  return written(scribe, '/messages', body, { 'anthropic-version': VERSION });
}

interface Thinking {
  readonly field?: Json;
  readonly effort?: string;
  readonly thinks: boolean;
}

/** Quirk 96: the forms in which a model may be told how hard to think, and the ones it refuses. */
function thinkingOf(
  { request, maxOutputTokens, model }: EncodeInput,
  family: ModelFamily | undefined,
  conversation: readonly ConversationTurn[],
  scribe: Scribe,
): Thinking {
  const effort = request.reasoningEffort;
  const form = family?.thinking?.form;
  const name = model?.name ?? request.choice.model;
  if (form === undefined) {
    if (effort !== undefined && effort !== 'none') tellThinking(scribe, 'unknown');
    return { thinks: false };
  }
  const byItself = family?.thinking?.default === 'on';
  if (effort === 'none') {
    if (!byItself) return { thinks: false };
    if (!family?.thinking?.mandatory) return { field: { type: 'disabled' }, thinks: false };
    tellThinking(scribe, 'always');
    return { field: ADAPTIVE, effort: 'low', thinks: true };
  }
  if (form === 'adaptive') {
    if (effort !== undefined) return { field: ADAPTIVE, effort: effort === 'minimal' ? 'low' : effort, thinks: true };
    return byItself ? { field: ADAPTIVE, thinks: true } : { thinks: false };
  }
  if (effort === undefined) return { thinks: false };
  const without = (why: string) => {
    scribe.notify('parameter-dropped', `${name} ${why}: it was asked without.`, 'reasoningEffort');
    return { thinks: false };
  };
  if (!mayThink(conversation)) return without('cannot begin to think in the middle of an answer');
  const budget = Math.min(Math.max(thinkingBudget(effort, maxOutputTokens), LEAST_BUDGET), 64_000);
  if (budget >= maxOutputTokens) {
    return without(`needs a maximum answer of more than ${LEAST_BUDGET} tokens to think`);
  }
  return { field: { type: 'enabled', budget_tokens: budget }, thinks: true };
}

/** Thinking is billed whether or not it is shown; newer models hide it unless they are asked. */
const ADAPTIVE: Json = { type: 'adaptive', display: 'summarized' };

/** Quirk 96: a temperature up to 1, never beside top_p, and neither while the model thinks. */
function sampling(request: ChatRequest, thinks: boolean, scribe: Scribe): Wire {
  const { notify, input } = scribe;
  const { temperature, topP } = request;
  if (thinks) {
    if ((temperature ?? topP) !== undefined) {
      leaveOut(scribe, 'temperature', 'temperature and no top p while a model thinks');
    }
    return {};
  }
  if (temperature === undefined) return { top_p: topP };
  if (topP !== undefined) {
    notify(
      'parameter-dropped',
      `${input.provider.name} takes a temperature or a top p: the top p was left out.`,
      'topP',
    );
  }
  return { temperature: atMostOne(temperature, scribe) };
}

function toolFields(request: ChatRequest, family: ModelFamily | undefined, thinks: boolean, scribe: Scribe): Wire {
  const declared = request.tools ?? [];
  if (declared.length === 0) {
    const called = toolsOfHistory(request);
    if (called.length === 0) return {};
    return {
      tools: called.map((name) => ({ name, input_schema: { type: 'object' } })),
      tool_choice: { type: 'none' },
    };
  }
  let choice = request.toolChoice;
  const forced = choice === 'required' || typeof choice === 'object';
  if (forced && thinks && (family?.thinking?.form === 'budget' || family?.refuses?.includes('tool_choice'))) {
    scribe.notify(
      'parameter-adapted',
      'While it thinks, this model decides about tools by itself: the choice of a tool was left out.',
      'toolChoice',
    );
    choice = 'auto';
  }
  const alone = request.parallelToolCalls === false && choice !== 'none';
  const tools = declared.map(
    (tool, index): Wire => ({
      name: tool.name,
      description: tool.description || undefined,
      input_schema: { type: 'object', ...tool.parameters },
      ...(index === declared.length - 1 && !request.system && cacheMark(request)),
    }),
  );
  return {
    tools,
    tool_choice:
      choice !== undefined || alone
        ? { ...toolChoice(choice ?? 'auto'), disable_parallel_tool_use: alone || undefined }
        : undefined,
  };
}

function toolChoice(choice: NonNullable<ChatRequest['toolChoice']>): Wire {
  if (typeof choice === 'object') return { type: 'tool', name: choice.name };
  return { type: choice === 'required' ? 'any' : choice };
}
