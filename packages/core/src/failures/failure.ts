import type { Failure, UserAction } from '../chat/failure.ts';
import { known } from '../chat/known.ts';
import { plainText } from '../chat/plain-text.ts';
import { KINDS, type ProviderFailureKind } from './kinds.ts';
import { redact } from './redact.ts';

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

/** Longest detail kept; enough for any sentence, too short for an echoed conversation. */
const MAX_DETAIL = 400;
/** Of an error's text, which may be as long as a line of a stream. */
const MOST_READ = 16_384;

interface Told {
  readonly detail?: string | undefined;
  readonly status?: number | undefined;
  readonly providerCode?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly affordableTokens?: number | undefined;
}

/** Kinds for which a wait is worth knowing. */
const WAITS: ReadonlySet<ProviderFailureKind> = new Set([
  'rate-limit',
  'overloaded',
  'unavailable',
  'in-flight-budget',
  'key-limit',
]);

/** A failure as the user reads it, by the rule that holds and what the provider told. */
export function failure(
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
  return known({
    kind: rule.kind,
    retryable: rule.retryable ?? facts.retryable,
    fallbackable: facts.fallbackable,
    status: told.status,
    providerCode: code || undefined,
    message: sentence(context.begun ? brokenOff(rule.says ?? facts.says) : (rule.says ?? facts.says), {
      model: context.model || 'the model',
      provider: context.provider || 'the provider',
      wait: wait === undefined ? '' : ` (for another ${inWords(wait)})`,
      tokens: told.affordableTokens === undefined ? '' : `, only ${told.affordableTokens} tokens`,
      detail: rule.kind === 'stalled' ? detail : detail && ` (${detail.replace(/[.\s]+$/, '')})`,
    }),
    detail: detail || undefined,
    retryAfterMs: wait,
    affordableTokens: told.affordableTokens,
    userAction: rule.action ?? facts.action,
  });
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
