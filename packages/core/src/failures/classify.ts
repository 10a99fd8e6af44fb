import type { Failure, UserAction } from '../chat/failure.ts';
import { plainText } from '../chat/plain-text.ts';
import type { EndCause } from '../dialects/dialect.ts';
import { type ErrorFacts, factsOf, factsOfBody } from './error-body.ts';
import { KINDS, type ProviderFailureKind } from './kinds.ts';
import { redact } from './redact.ts';
import { type HeaderLookup, retryAfterOfHeaders } from './retry-after.ts';
import { EXCEPTIONS, type FailureRule, NO_STREAMING, RULES } from './tables.ts';

/** Whom the request went to: for the message, and for rules that hold for one provider alone. */
export interface FailureContext {
  /** Name for the user, such as `OpenRouter`. */
  readonly provider?: string | undefined;
  /** Id as in `providers/`, such as `openrouter`. */
  readonly providerId?: string | undefined;
  readonly model?: string | undefined;
  /** Can a browser read this provider's answers without a permission for its origin? Absent outside of browsers. */
  readonly browser?: 'open' | 'closed' | 'unknown' | undefined;
  /** Has anything of the answer been seen? Absent: nothing can have been, or nobody knows. */
  readonly begun?: boolean | undefined;
  /** It runs on the user's own machine. */
  readonly local?: boolean | undefined;
  /** The secret that was sent: taken out of everything shown, whatever its shape. */
  readonly secret?: string | undefined;
  /** ms since epoch, default `Date.now()`: for waits told as a point in time. */
  readonly now?: number | undefined;
}

/** Everything that can go wrong between a request and its last event. */
export type FailureInput = FailureContext &
  (
    | {
        /** A response with an error status. */
        readonly source: 'http';
        readonly status: number;
        readonly headers?: HeaderLookup;
        readonly body: string;
      }
    /** An error told inside a response that began well (quirks 15–23): the JSON value of the error. */
    | { readonly source: 'stream'; readonly error: unknown }
    /** Whatever `fetch`, or reading its body, threw. */
    | { readonly source: 'exception'; readonly error: unknown }
    /** The response ended before its own end marker. */
    | { readonly source: 'end'; readonly cause?: EndCause | undefined }
    /** The response holds text that is no answer. */
    | { readonly source: 'unreadable'; readonly text: string }
  );

/**
 * Names what went wrong, whether trying again or elsewhere can help, and what the user can do. Pure; all knowledge of
 * providers' errors is in `tables.ts`, and the same rules read an error response and an error inside a stream (quirk 23).
 */
export function classifyFailure(input: FailureInput): Failure {
  switch (input.source) {
    case 'http':
      return ofHttp(input);
    case 'stream':
      return ofFacts(factsOf(input.error, now(input)), input);
    case 'exception':
      return ofException(input);
    case 'end':
      return ofEnd(input.cause, input);
    case 'unreadable':
      return ofUnreadable(input);
  }
}

function now(context: FailureContext): number {
  return context.now ?? Date.now();
}

function ofHttp(input: FailureInput & { readonly source: 'http' }): Failure {
  const facts = factsOfBody(input.body, now(input));
  const told = input.headers ? retryAfterOfHeaders(input.headers, now(input)) : undefined;
  const wait = told ?? facts.retryAfterMs;
  return ofFacts(
    { ...facts, status: input.status, ...(wait !== undefined && { retryAfterMs: wait }) },
    input,
    input.body.trim() === '',
  );
}

function ofFacts(facts: ErrorFacts, context: FailureContext, empty: boolean = false): Failure {
  const otherwise = facts.status !== undefined && facts.status < 500 ? 'parameter' : 'unavailable';
  const codes = facts.codes.map((code) => code.toLowerCase());
  const rule = RULES.find((one) => holds(one, facts, codes, empty, context)) ?? { kind: otherwise };
  const affordable = rule.kind === 'affordability' ? affordableTokens(facts.text) : undefined;
  return failure(rule, context, {
    detail: facts.message,
    ...(facts.status !== undefined && { status: facts.status }),
    ...(facts.codes[0] !== undefined && { providerCode: facts.codes[0] }),
    ...(facts.retryAfterMs !== undefined && { retryAfterMs: facts.retryAfterMs }),
    ...(affordable !== undefined && { affordableTokens: affordable }),
  });
}

function holds(
  rule: FailureRule,
  facts: ErrorFacts,
  codes: readonly string[],
  empty: boolean,
  context: FailureContext,
): boolean {
  if (rule.provider && !(context.providerId && rule.provider.includes(context.providerId))) return false;
  if (rule.status && !(facts.status !== undefined && rule.status.includes(facts.status))) return false;
  if (rule.code && !rule.code.some((code) => codes.includes(code))) return false;
  if (rule.empty && !empty) return false;
  if (rule.html && !facts.html) return false;
  if (rule.text && !rule.text.test(facts.text)) return false;
  return !rule.unless?.test(facts.text);
}

/** "can only afford 1234" (402): the largest answer that the credit covers. */
function affordableTokens(text: string): number | undefined {
  const told = /can only afford ([\d,]+)/i.exec(text)?.[1]?.replaceAll(',', '');
  const tokens = told ? Number(told) : Number.NaN;
  return Number.isSafeInteger(tokens) ? tokens : undefined;
}

function ofException(input: FailureInput & { readonly source: 'exception' }): Failure {
  const words = wordsOf(input.error);
  const rule = EXCEPTIONS.find((one) => one.text.test(words));
  if (rule?.kind === 'auth') return failure(rule, input, {});
  if (rule?.kind === 'stalled') return failure(rule, input, { detail: 'nothing in time' });
  const message = input.error instanceof Error ? input.error.message : String(input.error);
  if (rule) return failure(rule, input, { detail: message });
  return failure(unreached(input), input, { detail: message });
}

/** Whether what `fetch` threw says that nothing can have reached the provider, and so cannot be billed. */
export function neverSent(error: unknown): boolean {
  const words = wordsOf(error);
  return EXCEPTIONS.find((one) => one.text.test(words))?.unsent === true;
}

/** A browser tells a page nothing but "failed to fetch": no connection and an unreadable answer look the same. */
function unreached(context: FailureContext): FailureRule {
  if (context.local) {
    return {
      kind: 'network',
      says: '{model} was not reached: {provider} does not answer on this machine. Start it, check its address, and see that it lets a browser extension in.',
      ...(context.browser && context.browser !== 'open' && { action: 'grant-permission' as const }),
    };
  }
  if (context.browser === 'closed' || context.browser === 'unknown') {
    return {
      kind: 'network',
      action: 'grant-permission',
      says: '{model} was not reached: there is no connection to {provider}, or the browser needs your permission to read its answers. Grant it, or check your connection.',
    };
  }
  return { kind: 'network' };
}

/** Name, message and code of an error and of what caused it, on one line. */
function wordsOf(error: unknown): string {
  const words: string[] = [];
  let at: unknown = error;
  for (let depth = 0; depth < 4 && typeof at === 'object' && at !== null; depth++) {
    const { name, message, code, cause } = at as { name?: unknown; message?: unknown; code?: unknown; cause?: unknown };
    for (const word of [name, message, code]) if (typeof word === 'string') words.push(word);
    at = cause;
  }
  return words.length > 0 ? words.join(' ') : String(error);
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
      return failure(cutOff(context), context, { detail: cause.message ?? '' });
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

/** A request that would be served if it were not for streaming: by the model, or by what the account may do. */
export function refusesStreaming({ kind, message, detail = '', providerCode = '' }: Failure): boolean {
  return (
    ['parameter', 'permission', 'unsupported'].includes(kind) &&
    NO_STREAMING.test(`${providerCode} ${detail} ${message}`)
  );
}

function ofUnreadable(input: FailureInput & { readonly source: 'unreadable' }): Failure {
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

/** Longest detail kept; enough for any sentence, too short for an echoed conversation. */
const MAX_DETAIL = 400;
/** Of an error's text, which may be as long as a line of a stream. */
const MOST_READ = 16_384;

interface Told {
  readonly detail?: string;
  readonly status?: number;
  readonly providerCode?: string;
  readonly retryAfterMs?: number;
  readonly affordableTokens?: number;
}

/** Kinds for which a wait is worth knowing. */
const WAITS: ReadonlySet<ProviderFailureKind> = new Set([
  'rate-limit',
  'overloaded',
  'unavailable',
  'in-flight-budget',
  'key-limit',
]);

function failure(
  rule: {
    readonly kind: ProviderFailureKind;
    readonly retryable?: boolean;
    readonly action?: UserAction;
    readonly says?: string;
  },
  context: FailureContext,
  told: Told,
): Failure {
  const facts = KINDS[rule.kind];
  const detail = clean(told.detail ?? '', context.secret);
  const wait = WAITS.has(rule.kind) ? told.retryAfterMs : undefined;
  const code = told.providerCode === undefined ? undefined : clean(told.providerCode, context.secret);
  return {
    kind: rule.kind,
    retryable: rule.retryable ?? facts.retryable,
    fallbackable: facts.fallbackable,
    ...(told.status !== undefined && { status: told.status }),
    ...(code && { providerCode: code }),
    message: sentence(context.begun ? brokenOff(rule.says ?? facts.says) : (rule.says ?? facts.says), {
      model: context.model || 'the model',
      provider: context.provider || 'the provider',
      wait: wait === undefined ? '' : ` (for another ${inWords(wait)})`,
      tokens: told.affordableTokens === undefined ? '' : `, only ${told.affordableTokens} tokens`,
      detail: rule.kind === 'stalled' ? detail : detail && ` (${detail.replace(/[.\s]+$/, '')})`,
    }),
    ...(detail && { detail }),
    ...(wait !== undefined && { retryAfterMs: wait }),
    ...(told.affordableTokens !== undefined && { affordableTokens: told.affordableTokens }),
    userAction: rule.action ?? facts.action,
  };
}

/** Of an answer whose beginning stands above the sentence, nobody says that it did not come. */
function brokenOff(says: string): string {
  return says.replace('{model} did not answer:', '{model} broke off:');
}

function sentence(template: string, values: { readonly [name: string]: string }): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  return filled.startsWith('the ') ? `T${filled.slice(1)}` : filled;
}

/** A provider's text fit to be shown: one line, no control characters, no secret, not endless. */
function clean(text: string, secret: string | undefined): string {
  const shown = plainText(redact(text.slice(0, MOST_READ), secret));
  return shown.length > MAX_DETAIL ? `${shown.slice(0, MAX_DETAIL - 1).trimEnd()}…` : shown;
}

/** A wait as a person says it. */
function inWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  const [amount, unit] =
    seconds < 90
      ? [seconds, 'second']
      : seconds < 90 * 60
        ? [Math.round(seconds / 60), 'minute']
        : [Math.round(seconds / 3_600), 'hour'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
