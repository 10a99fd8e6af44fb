import type { Json } from '../../chat/json.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { ModelFamily } from '../../providers/provider.ts';
import type { EncodedRequest, EncodeInput } from '../dialect.ts';
import {
  createScribe,
  familyOf,
  formatInWords,
  type Scribe,
  some,
  tellThinking,
  thinkingBudget,
  type Wire,
  written,
} from '../encoding.ts';
import { encodeContents } from './contents.ts';
import { googleSchema, isEmptyObject } from './schema.ts';

/** A request in Google's `generateContent`, streamed as server-sent events (quirk 18), always with a maximum. */
export function encodeGemini(input: EncodeInput): EncodedRequest {
  const { request, provider } = input;
  const family = familyOf(input);
  const scribe = createScribe(input);
  const instruction = instructionOf(request, family, scribe);
  const isTold = family?.system !== false;
  const body: Wire = {
    ...provider.body,
    systemInstruction: instruction !== undefined && isTold ? { parts: [{ text: instruction }] } : undefined,
    // Quirk 122: what knows no system prompt reads it in the first question.
    contents: encodeContents(scribe, family, isTold ? undefined : instruction),
    generationConfig: generationConfig(input, family, scribe),
    ...toolFields(request),
  };
  const method = input.whole ? 'generateContent' : 'streamGenerateContent?alt=sse';
  return written(scribe, `/${pathOf(request.choice.model)}:${method}`, body);
}

/** A model's place: some are kept elsewhere than under `models/`. Whatever else stands in an id stays in it. */
function pathOf(model: string): string {
  const segments = model.split('/').filter((segment) => !/^\.*$/.test(segment));
  return [...(segments.length > 1 ? [] : ['models']), ...segments.map(encodeURIComponent)].join('/');
}

/** Models before Gemini 3 take tools or a format, not both: the format is then asked for in words. */
function saysFormat(request: ChatRequest, family: ModelFamily | undefined): boolean {
  return request.responseFormat !== undefined && (request.tools?.length ?? 0) > 0 && family?.thinking?.form !== 'level';
}

function instructionOf(
  request: ChatRequest,
  family: ModelFamily | undefined,
  { notify, input }: Scribe,
): string | undefined {
  const format = request.responseFormat;
  if (!format || !saysFormat(request, family)) return request.system || undefined;
  notify(
    'parameter-adapted',
    `${input.provider.name} takes tools or a format for this model, not both: the format was asked for in words.`,
    'responseFormat',
  );
  return [request.system, formatInWords(format)].filter(Boolean).join('\n\n');
}

function generationConfig(input: EncodeInput, family: ModelFamily | undefined, scribe: Scribe): Wire {
  const { request, maxOutputTokens } = input;
  const format = saysFormat(request, family) ? undefined : request.responseFormat;
  return {
    maxOutputTokens,
    temperature: request.temperature,
    topP: request.topP,
    seed: request.seed,
    stopSequences: some(request.stop),
    responseMimeType: format && 'application/json',
    responseJsonSchema: format?.type === 'json-schema' ? googleSchema(format.schema) : undefined,
    thinkingConfig: thinkingConfig(input, family, scribe),
  };
}

/** Quirk 124: a level from Gemini 3 on, a budget before; some cannot be told not to think. */
function thinkingConfig(
  { request, maxOutputTokens }: EncodeInput,
  family: ModelFamily | undefined,
  scribe: Scribe,
): Json | undefined {
  const effort = request.reasoningEffort;
  const thinking = family?.thinking;
  if (!thinking) {
    if (effort !== undefined && effort !== 'none' && family?.reasoning !== false) tellThinking(scribe, 'unknown');
    return undefined;
  }
  // Who does not think unless told to has no thoughts to show: Vertex refuses to be asked for them.
  if (effort === undefined) return thinking.default && { includeThoughts: true };
  if (thinking.form === 'level') {
    const known = family?.efforts ?? [];
    const wanted = effort === 'none' ? 'minimal' : effort === 'max' ? 'high' : effort;
    const level = known.includes(wanted) ? wanted : (known[0] ?? wanted);
    if (effort === 'none') tellThinking(scribe, 'always');
    return { thinkingLevel: level.toUpperCase(), includeThoughts: true };
  }
  const [least, most] = thinking.budget ?? [0, maxOutputTokens];
  if (effort !== 'none') {
    const share = Math.max(thinkingBudget(effort, maxOutputTokens), least);
    return { thinkingBudget: Math.min(share, most), includeThoughts: true };
  }
  if (!thinking.mandatory) return { thinkingBudget: 0 };
  tellThinking(scribe, 'always');
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
          description: tool.description || undefined,
          parametersJsonSchema: isEmptyObject(tool.parameters)
            ? undefined
            : googleSchema({ type: 'object', ...tool.parameters }),
        })),
      },
    ],
    toolConfig: request.toolChoice && { functionCallingConfig: callingConfig(request.toolChoice) },
  };
}

function callingConfig(choice: NonNullable<ChatRequest['toolChoice']>): Json {
  if (typeof choice === 'object') return { mode: 'ANY', allowedFunctionNames: [choice.name] };
  return { mode: choice === 'required' ? 'ANY' : choice.toUpperCase() };
}
