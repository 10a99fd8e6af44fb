import type { Json } from '../../chat/json.ts';
import type { ChatRequest, ReasoningEffort } from '../../chat/request.ts';
import type { ModelFamily } from '../../providers/provider.ts';
import type { EncodedRequest, EncodeInput } from '../dialect.ts';
import { bodyText, createScribe, familyOf, JSON_ONLY, type Scribe, type Wire } from '../encoding.ts';
import { encodeContents } from './contents.ts';
import { googleSchema, isEmptyObject } from './schema.ts';

/** A request in Google's `generateContent`, streamed as server-sent events (quirk 18), always with a maximum. */
export function encodeGemini(input: EncodeInput): EncodedRequest {
  const { request, provider } = input;
  const family = familyOf(input);
  const scribe = createScribe(input);
  const instruction = instructionOf(request, family, scribe);
  const tools = toolFields(request);
  const body: Wire = {
    ...provider.body,
    ...(instruction !== undefined &&
      family?.system !== false && { systemInstruction: { parts: [{ text: instruction }] } }),
    // Quirk 122: what knows no system prompt reads it in the first question.
    contents: encodeContents(scribe, family, family?.system === false ? instruction : undefined),
    generationConfig: generationConfig(input, family, scribe),
    ...tools,
  };
  const { model } = request.choice;
  return {
    path: `/${pathOf(model)}:${input.whole ? 'generateContent' : 'streamGenerateContent?alt=sse'}`,
    headers: { accept: 'text/event-stream' },
    body: bodyText(body),
    notices: scribe.notices,
  };
}

/** A model's place: some are kept elsewhere than under `models/`. Whatever else stands in an id stays in it. */
function pathOf(model: string): string {
  const segments = model.split('/').filter((segment) => !/^\.*$/.test(segment));
  return [...(segments.length > 1 ? [] : ['models']), ...segments.map(encodeURIComponent)].join('/');
}

/** Models before Gemini 3 take tools or a format, not both: the format is then asked for in words. */
function formatInWords(request: ChatRequest, family: ModelFamily | undefined): boolean {
  return request.responseFormat !== undefined && (request.tools?.length ?? 0) > 0 && family?.thinking?.form !== 'level';
}

function instructionOf(
  request: ChatRequest,
  family: ModelFamily | undefined,
  { notify, input }: Scribe,
): string | undefined {
  const format = request.responseFormat;
  if (!format || !formatInWords(request, family)) return request.system || undefined;
  notify(
    'parameter-adapted',
    `${input.provider.name} takes tools or a format for this model, not both: the format was asked for in words.`,
    'responseFormat',
  );
  const words =
    format.type === 'json' ? JSON_ONLY : `${JSON_ONLY} It follows this JSON Schema: ${JSON.stringify(format.schema)}`;
  return request.system ? `${request.system}\n\n${words}` : words;
}

function generationConfig(input: EncodeInput, family: ModelFamily | undefined, scribe: Scribe): Wire {
  const { request, maxOutputTokens } = input;
  const format = formatInWords(request, family) ? undefined : request.responseFormat;
  const thinking = thinkingConfig(input, family, scribe);
  return {
    maxOutputTokens,
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.topP !== undefined && { topP: request.topP }),
    ...(request.seed !== undefined && { seed: request.seed }),
    ...(request.stop && request.stop.length > 0 && { stopSequences: request.stop }),
    ...(format && { responseMimeType: 'application/json' }),
    ...(format?.type === 'json-schema' && { responseJsonSchema: googleSchema(format.schema) }),
    ...(thinking && { thinkingConfig: thinking }),
  };
}

const LEVELS: Readonly<Record<ReasoningEffort, string>> = {
  none: 'minimal',
  minimal: 'minimal',
  low: 'low',
  medium: 'medium',
  high: 'high',
  max: 'high',
};

/** Share of the maximum answer that may be thought, where the model takes a budget. */
const SHARES: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number>> = {
  minimal: 0.1,
  low: 0.2,
  medium: 0.5,
  high: 0.75,
  max: 0.9,
};

/** Quirk 124: a level from Gemini 3 on, a budget before; some cannot be told not to think. */
function thinkingConfig(
  { request, maxOutputTokens, model }: EncodeInput,
  family: ModelFamily | undefined,
  scribe: Scribe,
): Json | undefined {
  const effort = request.reasoningEffort;
  const thinking = family?.thinking;
  const name = model?.name ?? request.choice.model;
  if (!thinking) {
    if (effort !== undefined && effort !== 'none' && family?.reasoning !== false) {
      scribe.notify(
        'parameter-dropped',
        `It is not known how ${name} is told to think: the effort was left out.`,
        'reasoningEffort',
      );
    }
    return undefined;
  }
  if (effort === undefined) return { includeThoughts: true };
  if (thinking.form === 'level') {
    const known = family?.efforts ?? [];
    const level = known.includes(LEVELS[effort]) ? LEVELS[effort] : (known[0] ?? LEVELS[effort]);
    if (effort === 'none') {
      scribe.notify(
        'parameter-adapted',
        `${name} always thinks before it answers: it was asked to think as little as it can.`,
        'reasoningEffort',
      );
    }
    return { thinkingLevel: level.toUpperCase(), includeThoughts: true };
  }
  const [least, most] = thinking.budget ?? [0, maxOutputTokens];
  if (effort !== 'none') {
    const share = Math.floor(maxOutputTokens * SHARES[effort]);
    return { thinkingBudget: Math.min(Math.max(share, least), most), includeThoughts: true };
  }
  if (!thinking.mandatory) return { thinkingBudget: 0 };
  scribe.notify(
    'parameter-adapted',
    `${name} always thinks before it answers: it was asked to think as little as it can.`,
    'reasoningEffort',
  );
  return { thinkingBudget: least, includeThoughts: true };
}

function toolFields(request: ChatRequest): Wire {
  const declared = request.tools ?? [];
  if (declared.length === 0) return {};
  return {
    tools: [
      {
        functionDeclarations: declared.map((tool) => ({
          name: tool.name,
          ...(tool.description !== undefined && tool.description !== '' && { description: tool.description }),
          ...(!isEmptyObject(tool.parameters) && {
            parametersJsonSchema: googleSchema({ type: 'object', ...tool.parameters }),
          }),
        })),
      },
    ],
    ...(request.toolChoice !== undefined && {
      toolConfig: { functionCallingConfig: callingConfig(request.toolChoice) },
    }),
  };
}

function callingConfig(choice: NonNullable<ChatRequest['toolChoice']>): Json {
  if (typeof choice === 'object') return { mode: 'ANY', allowedFunctionNames: [choice.name] };
  return { mode: choice === 'required' ? 'ANY' : choice.toUpperCase() };
}
