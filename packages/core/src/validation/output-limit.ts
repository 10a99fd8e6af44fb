import type { Failure } from '../chat/failure.ts';
import { adapt, type Draft, notice, reasons, refuse, type Target } from './rule.ts';
import { inputSize } from './sizes.ts';

/** What an answer may be long where nobody says, tokens. */
export const DEFAULT_MAX_OUTPUT = 8_192;
/** The same for a model that thinks, whose thoughts count as output. */
export const DEFAULT_MAX_REASONING_OUTPUT = 16_384;
export const DEFAULT_MAX_HARD_REASONING_OUTPUT = 32_768;

/** However full the window seems, this much is asked for: the estimate may be wrong, and the provider knows. */
const LEAST_ROOM = 1_024;

/** The maximum that is sent along: always one, never above what the model can, and within the window where it is known. */
export function chooseMaximum(draft: Draft, target: Target): { draft: Draft; maxOutputTokens: number } | Failure {
  const { name, model, provider } = target;
  const given = draft.request.maxOutputTokens;
  if (given !== undefined && !(Number.isFinite(given) && given >= 1)) {
    return refuse('parameter', `${name} was not asked: a maximum answer of ${given} tokens is none.`, 'none');
  }

  const size = inputSize(draft.request);
  const window = model?.maxContextTokens ?? model?.contextTokens;
  if (window !== undefined && size.atLeast > window) {
    const message = `${name} was not asked: this conversation has at least ${count(size.atLeast)} tokens, and the model takes ${count(window)}. Shorten it, or choose a model with a larger window.`;
    return refuse('context-length', message, 'shorten');
  }

  const wanted = Math.floor(given ?? defaultMaximum(draft, target));
  const least = provider.flags.minOutputTokens ?? 1;
  const most = Math.min(model?.maxOutputTokens ?? Number.POSITIVE_INFINITY, room(target, size.probably));
  const maxOutputTokens = Math.max(least, Math.min(wanted, most));
  const chosen = adapt(draft, { maxOutputTokens });
  if (given === undefined || maxOutputTokens === given) return { draft: chosen, maxOutputTokens };
  const why =
    maxOutputTokens > given
      ? `${provider.name} takes no maximum below ${count(least)} tokens`
      : maxOutputTokens === model?.maxOutputTokens
        ? `${name} answers in ${count(maxOutputTokens)} tokens at most`
        : maxOutputTokens === wanted
          ? 'A maximum is a whole number of tokens'
          : `Question and answer share a window of ${count(model?.contextTokens ?? 0)} tokens`;
  const message = `${why}: the maximum answer was set to ${count(maxOutputTokens)}.`;
  return { draft: notice(chosen, 'parameter-adapted', message, 'maxOutputTokens'), maxOutputTokens };
}

function defaultMaximum(draft: Draft, target: Target): number {
  const effort = draft.request.reasoningEffort;
  const optional = effort === undefined && target.model?.reasoning?.defaultEnabled === false;
  if (reasons(target) !== true || effort === 'none' || optional) return DEFAULT_MAX_OUTPUT;
  return effort === 'high' || effort === 'max' ? DEFAULT_MAX_HARD_REASONING_OUTPUT : DEFAULT_MAX_REASONING_OUTPUT;
}

/** What the input probably leaves of the smallest window behind the model. */
function room({ model }: Target, input: number): number {
  if (model?.contextTokens === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(model.contextTokens - input, Math.min(LEAST_ROOM, Math.ceil(model.contextTokens / 4)));
}

function count(tokens: number): string {
  return tokens.toLocaleString('en-US');
}
