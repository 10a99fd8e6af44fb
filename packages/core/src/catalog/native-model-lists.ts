import * as z from 'zod/mini';
import type { Modality } from './model.ts';
import { firstSentences, lenient, listedId, type ParsedList, parseEach, shownText } from './model-lists.ts';

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
