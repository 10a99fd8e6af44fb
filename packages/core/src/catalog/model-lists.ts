import * as z from 'zod/mini';
import { isPlainText, plainText } from '../chat/plain-text.ts';
import type { ListedModel, Modality } from './model.ts';
import { isFree, openRouterPrice } from './openrouter-price.ts';

/** What a list held, and how many of its entries were no models. */
export interface ParsedList {
  readonly models: readonly ListedModel[];
  readonly dropped: number;
}

const MODALITIES = new Set<string>(['text', 'image', 'file', 'audio', 'video']);
const LONGEST_ID = 300;
const LONGEST_NAME = 200;
const LONGEST_DESCRIPTION = 400;

/** A field that is not what it should be is unknown; it costs the model nothing else (a list drifts all the time). */
export const lenient = <T extends z.ZodMiniType>(schema: T) => z.catch(z.optional(schema), undefined);
const text = z.string().check(z.minLength(1));
/** For people: one line that reads as what it is, and not endless. */
export const shownText = z.pipe(
  text,
  z.transform((name: string) => plainText(name.slice(0, LONGEST_NAME))),
);
const tokens = z.int().check(z.gt(0));
export const words = z.array(z.string());

/** Sent back as it is, and shown: one that would read as another is no model's. */
export const listedId = text.check(z.maxLength(LONGEST_ID), z.refine(isPlainText));

const openRouterModel = z.object({
  id: listedId,
  canonical_slug: lenient(text),
  name: lenient(shownText),
  description: lenient(text),
  context_length: lenient(tokens),
  architecture: lenient(z.object({ input_modalities: lenient(words), output_modalities: lenient(words) })),
  pricing: z.optional(z.unknown()),
  top_provider: lenient(z.object({ context_length: lenient(tokens), max_completion_tokens: lenient(tokens) })),
  supported_parameters: lenient(words),
  expiration_date: lenient(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}/))),
  reasoning: lenient(
    z.object({
      mandatory: lenient(z.boolean()),
      supported_efforts: lenient(words),
      default_enabled: lenient(z.boolean()),
    }),
  ),
});

/** OpenAI's own list holds ids; compatible servers add a window under one of these names. */
const openAiModel = z.object({
  id: listedId,
  name: lenient(shownText),
  context_length: lenient(tokens),
  context_window: lenient(tokens),
  max_model_len: lenient(tokens),
  max_context_length: lenient(tokens),
  max_completion_tokens: lenient(tokens),
});

/** Reads OpenRouter's `/models`. Undefined where the answer is no list of models at all. */
export function parseOpenRouterModels(answer: unknown): ParsedList | undefined {
  return parseEach(answer, (entry) => {
    const parsed = openRouterModel.safeParse(entry);
    return parsed.success ? fromOpenRouter(parsed.data) : undefined;
  });
}

/** Reads an OpenAI-style `/models`: `{data: […]}`, `{models: […]}` or a bare array. */
export function parseOpenAiModels(answer: unknown): ParsedList | undefined {
  return parseEach(answer, (entry) => {
    const parsed = openAiModel.safeParse(entry);
    if (!parsed.success) return undefined;
    const model = parsed.data;
    const windows = [model.context_length, model.context_window, model.max_model_len, model.max_context_length];
    return {
      id: model.id,
      ...(model.name !== undefined && model.name !== model.id && { name: model.name }),
      ...windowOf(windows),
      ...(model.max_completion_tokens !== undefined && { maxOutputTokens: model.max_completion_tokens }),
    };
  });
}

/** Reads the entries of a list one by one, in whichever of the usual wrappings it comes. */
export function parseEach(answer: unknown, read: (entry: unknown) => ListedModel | undefined): ParsedList | undefined {
  const entries = entriesOf(answer);
  if (!entries) return undefined;
  const models = new Map<string, ListedModel>();
  let dropped = 0;
  for (const entry of entries) {
    const model = read(entry);
    if (model) models.set(model.id, model);
    else dropped += 1;
  }
  return { models: [...models.values()], dropped };
}

function entriesOf(answer: unknown): readonly unknown[] | undefined {
  if (Array.isArray(answer)) return answer;
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { data, models } = answer as { data?: unknown; models?: unknown };
  if (Array.isArray(data)) return data;
  return Array.isArray(models) ? models : undefined;
}

function fromOpenRouter(model: z.infer<typeof openRouterModel>): ListedModel {
  const price = openRouterPrice(model.pricing);
  const { reasoning } = model;
  const input = modalities(model.architecture?.input_modalities);
  const output = modalities(model.architecture?.output_modalities);
  return {
    id: model.id,
    ...(model.name !== undefined && { name: model.name }),
    ...(model.description !== undefined && { description: firstSentences(model.description) }),
    ...windowOf([model.context_length, model.top_provider?.context_length]),
    ...(model.top_provider?.max_completion_tokens !== undefined && {
      maxOutputTokens: model.top_provider.max_completion_tokens,
    }),
    ...(input && { input }),
    ...(output && { output }),
    ...(model.supported_parameters && { parameters: model.supported_parameters }),
    ...(reasoning && {
      reasoning: {
        ...(reasoning.mandatory !== undefined && { mandatory: reasoning.mandatory }),
        ...(reasoning.supported_efforts && { efforts: reasoning.supported_efforts }),
        ...(reasoning.default_enabled !== undefined && { defaultEnabled: reasoning.default_enabled }),
      },
    }),
    ...(price && { price }),
    ...((isFree(price) || model.id.endsWith(':free')) && { free: true }),
    ...(model.expiration_date !== undefined && { expires: model.expiration_date.slice(0, 10) }),
    ...(model.canonical_slug !== undefined &&
      model.canonical_slug !== model.id &&
      !model.id.includes(':') && { aliases: [model.canonical_slug] }),
  };
}

function windowOf(windows: readonly (number | undefined)[]): Pick<ListedModel, 'contextTokens' | 'maxContextTokens'> {
  const known = windows.filter((window) => window !== undefined);
  if (known.length === 0) return {};
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return { contextTokens: least, ...(most > least && { maxContextTokens: most }) };
}

/** What is known here of the kinds that a list names; undefined for none. */
export function modalities(names: readonly string[] | undefined): readonly Modality[] | undefined {
  const known = names?.filter((name): name is Modality => MODALITIES.has(name));
  return known && known.length > 0 ? known : undefined;
}

/** Of a description as it was published, so much as a picker shows. */
export function firstSentences(description: string): string {
  const text = plainText(description.slice(0, 2 * LONGEST_DESCRIPTION));
  return text.length > LONGEST_DESCRIPTION ? `${text.slice(0, LONGEST_DESCRIPTION - 1)}…` : text;
}
