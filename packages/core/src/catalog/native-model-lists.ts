import * as z from 'zod/mini';
import type { Modality } from './model.ts';
import {
  firstSentences,
  lenient,
  listedId,
  modalities,
  type ParsedList,
  parseEach,
  shownText,
  words,
} from './model-lists.ts';

const text = z.string().check(z.minLength(1));
const tokens = z.int().check(z.gt(0));

const anthropicModel = z.object({
  id: listedId,
  display_name: lenient(shownText),
  max_input_tokens: lenient(tokens),
  max_tokens: lenient(tokens),
});

/** Reads Anthropic's `/models`: ids and names, and on newer accounts limits. Prices and abilities are not in it. */
export function parseAnthropicModels(answer: unknown): ParsedList | undefined {
  return parseEach(answer, (entry) => {
    const parsed = anthropicModel.safeParse(entry);
    if (!parsed.success) return undefined;
    const { display_name: name, max_input_tokens: context, max_tokens: output } = parsed.data;
    return {
      id: parsed.data.id,
      ...(name !== undefined && { name }),
      ...(context !== undefined && { contextTokens: context }),
      ...(output !== undefined && { maxOutputTokens: output }),
      input: TAKEN_BY_CLAUDE,
      output: ['text'],
    };
  });
}

/** Every model in Anthropic's list reads text, images and PDFs (platform.claude.com, models overview). */
const TAKEN_BY_CLAUDE: readonly Modality[] = ['text', 'image', 'file'];

const googleModel = z.object({
  name: listedId,
  displayName: lenient(shownText),
  description: lenient(text),
  inputTokenLimit: lenient(tokens),
  outputTokenLimit: lenient(tokens),
  supportedGenerationMethods: lenient(z.array(z.string())),
  thinking: lenient(z.boolean()),
});

/** Reads Google's `/models`: names under `models/`, limits, and by which methods each is asked. */
export function parseGoogleModels(answer: unknown): ParsedList | undefined {
  return parseEach(answer, (entry) => {
    const parsed = googleModel.safeParse(entry);
    if (!parsed.success) return undefined;
    const model = parsed.data;
    const methods = model.supportedGenerationMethods;
    return {
      id: model.name.replace(/^models\//, ''),
      ...(model.displayName !== undefined && { name: model.displayName }),
      ...(model.description !== undefined && { description: firstSentences(model.description) }),
      ...(model.inputTokenLimit !== undefined && { contextTokens: model.inputTokenLimit }),
      ...(model.outputTokenLimit !== undefined && { maxOutputTokens: model.outputTokenLimit }),
      ...(model.thinking && { reasoning: {} }),
      ...(methods && !methods.includes('generateContent') && { chat: false as const }),
    };
  });
}

const cohereModel = z.object({
  name: listedId,
  endpoints: lenient(words),
  context_length: lenient(tokens),
});

/** Reads Cohere's `/v1/models`: names, windows, and at which of its endpoints each is asked. */
export function parseCohereModels(answer: unknown): ParsedList | undefined {
  return parseEach(answer, (entry) => {
    const parsed = cohereModel.safeParse(entry);
    if (!parsed.success) return undefined;
    const { name: id, endpoints, context_length: context } = parsed.data;
    return {
      id,
      ...(context !== undefined && { contextTokens: context }),
      ...(endpoints && !endpoints.includes('chat') && { chat: false as const }),
    };
  });
}

const gitHubModel = z.object({
  id: listedId,
  name: lenient(shownText),
  summary: lenient(text),
  capabilities: lenient(words),
  limits: lenient(z.object({ max_input_tokens: lenient(tokens), max_output_tokens: lenient(tokens) })),
  supported_input_modalities: lenient(words),
  supported_output_modalities: lenient(words),
});

/** Reads the catalogue of GitHub Models: a bare array of names, limits and modalities. */
export function parseGitHubModels(answer: unknown): ParsedList | undefined {
  return parseEach(answer, (entry) => {
    const parsed = gitHubModel.safeParse(entry);
    if (!parsed.success) return undefined;
    const model = parsed.data;
    const input = modalities(model.supported_input_modalities);
    const output = modalities(model.supported_output_modalities);
    return {
      id: model.id,
      ...(model.name !== undefined && { name: model.name }),
      ...(model.summary !== undefined && { description: firstSentences(model.summary) }),
      ...(model.limits?.max_input_tokens !== undefined && { contextTokens: model.limits.max_input_tokens }),
      ...(model.limits?.max_output_tokens !== undefined && { maxOutputTokens: model.limits.max_output_tokens }),
      ...(input && { input }),
      ...(output && { output }),
      ...(model.capabilities?.includes('reasoning') && { reasoning: {} }),
      // Those that embed have an output of another kind.
      ...(model.supported_output_modalities?.includes('text') === false && { chat: false as const }),
    };
  });
}
