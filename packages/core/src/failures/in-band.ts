import type { Failure } from '../chat/failure.ts';
import type { EndCause } from '../dialects/dialect.ts';
import { type ErrorFacts, factsOf, factsOfBody } from './error-body.ts';
import { type FailureContext, failure } from './failure.ts';
import { type FailureRule, RULES } from './tables.ts';

/** What can go wrong in a response that began well. */
export type InBandFailureInput = FailureContext &
  (
    | {
        /** An error told inside of it (quirks 15–23): the JSON value of the error. */
        readonly source: 'stream';
        readonly error: unknown;
      }
    /** It ended before its own end marker. */
    | { readonly source: 'end'; readonly cause?: EndCause | undefined }
    /** It holds text that is no answer. */
    | { readonly source: 'unreadable'; readonly text: string }
  );

/** The part of `classifyFailure` that decoders need: what goes wrong behind a good status. */
export function classifyInBand(input: InBandFailureInput): Failure {
  switch (input.source) {
    case 'stream':
      return ofFacts(factsOf(input.error, now(input)), input);
    case 'end':
      return ofEnd(input.cause, input);
    case 'unreadable':
      return ofUnreadable(input);
  }
}

/** When it is, ms since epoch. */
export function now(context: FailureContext): number {
  return context.now ?? Date.now();
}

/**
 * By the rules for everything that providers say.
 * @param first rules that go before them
 */
export function ofFacts(facts: ErrorFacts, context: FailureContext, first: readonly FailureRule[] = []): Failure {
  const otherwise = facts.status !== undefined && facts.status < 500 ? 'parameter' : 'unavailable';
  const codes = facts.codes.map((code) => code.toLowerCase());
  const rule = [...first, ...RULES].find((one) => holds(one, facts, codes, context)) ?? { kind: otherwise };
  return failure(rule, context, {
    detail: facts.message,
    status: facts.status,
    providerCode: facts.codes[0],
    retryAfterMs: facts.retryAfterMs,
    affordableTokens: rule.kind === 'affordability' ? affordableTokens(facts.text) : undefined,
  });
}

function holds(rule: FailureRule, facts: ErrorFacts, codes: readonly string[], context: FailureContext): boolean {
  if (rule.provider && !(context.providerId && rule.provider.includes(context.providerId))) return false;
  if (rule.status && !(facts.status !== undefined && rule.status.includes(facts.status))) return false;
  if (rule.html && !facts.html) return false;
  const isSaid = rule.code?.some((code) => codes.includes(code)) || rule.text?.test(facts.text);
  if ((rule.code || rule.text) && !isSaid) return false;
  return !rule.unless?.test(facts.text);
}

/** "can only afford 1234" (402): the largest answer that the credit covers. */
function affordableTokens(text: string): number | undefined {
  const told = /can only afford ([\d,]+)/i.exec(text)?.[1]?.replaceAll(',', '');
  const tokens = told ? Number(told) : Number.NaN;
  return Number.isSafeInteger(tokens) ? tokens : undefined;
}

function ofEnd(cause: EndCause | undefined, context: FailureContext): Failure {
  switch (cause?.kind) {
    case 'aborted':
      return failure({ kind: 'aborted' }, context, {});
    case 'stalled':
      return failure({ kind: 'stalled' }, context, { detail: cause.message });
    case 'looping':
      return failure({ kind: 'malformed-output', action: 'continue', says: LOOPING }, context, {});
    case 'reset':
      return failure(cutOff(context), context, { detail: cause.message });
    case undefined:
      return failure(cutOff(context), context, {});
  }
}

/** There is nothing to continue where nothing came. */
function cutOff({ begun }: FailureContext): FailureRule {
  return begun === false ? { kind: 'truncated', action: 'retry', says: NOTHING_CAME } : { kind: 'truncated' };
}

const NOTHING_CAME =
  '{model} did not answer: the connection to {provider} ended before anything of it came{detail}. Try again, or choose another model.';

const LOOPING =
  '{model} was stopped: it sent the same piece of text again and again. What came is kept. Continue it with another model, or try again.';

function ofUnreadable(input: InBandFailureInput & { readonly source: 'unreadable' }): Failure {
  const facts = factsOfBody(input.text, now(input));
  if (!facts.html) return failure({ kind: 'malformed-output' }, input, { detail: facts.message });
  return failure(
    {
      kind: 'malformed-output',
      retryable: false,
      action: 'check-key',
      says: 'The address of {provider} answered with a web page instead of {model}{detail}. Check the address, and whether your network wants you to sign in first.',
    },
    input,
    { detail: facts.message },
  );
}
