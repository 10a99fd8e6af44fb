import type { Failure } from '../chat/failure.ts';
import { factsOfBody } from './error-body.ts';
import { type FailureContext, failure } from './failure.ts';
import { classifyInBand, type InBandFailureInput, now, ofFacts } from './in-band.ts';
import { type HeaderLookup, retryAfterOfHeaders } from './retry-after.ts';
import { EXCEPTIONS, type FailureRule, NO_STREAMING, OF_RESPONSES } from './tables.ts';

/** Everything that can go wrong between a request and its last event. */
export type FailureInput =
  | InBandFailureInput
  | (FailureContext &
      (
        | {
            /** A response with an error status. */
            readonly source: 'http';
            readonly status: number;
            readonly headers?: HeaderLookup;
            readonly body: string;
          }
        /** Whatever `fetch`, or reading its body, threw. */
        | { readonly source: 'exception'; readonly error: unknown }
      ));

/**
 * Names what went wrong, whether trying again or elsewhere can help, and what the user can do. Pure; all knowledge of
 * providers' errors is in `tables.ts`, and the same rules read an error response and an error inside a stream (quirk 23).
 */
export function classifyFailure(input: FailureInput): Failure {
  switch (input.source) {
    case 'http':
      return ofHttp(input);
    case 'exception':
      return ofException(input);
    default:
      return classifyInBand(input);
  }
}

function ofHttp(input: FailureInput & { readonly source: 'http' }): Failure {
  const facts = factsOfBody(input.body, now(input));
  const told = input.headers && retryAfterOfHeaders(input.headers, now(input));
  return ofFacts(
    { ...facts, status: input.status, retryAfterMs: told ?? facts.retryAfterMs },
    input,
    OF_RESPONSES.filter(({ empty }) => !empty || input.body.trim() === ''),
  );
}

function ofException(input: FailureInput & { readonly source: 'exception' }): Failure {
  const words = wordsOf(input.error);
  const rule = EXCEPTIONS.find((one) => one.text.test(words));
  if (rule?.kind === 'auth') return failure(rule, input, {});
  if (rule?.kind === 'stalled') return failure(rule, input, { detail: 'nothing in time' });
  const message = input.error instanceof Error ? input.error.message : String(input.error);
  const says = input.local && rule?.here;
  if (rule) return failure(says ? { ...rule, says } : rule, input, { detail: message });
  return failure(unreached(input), input, { detail: message });
}

/** Whether what `fetch` threw says that nothing can have reached the provider, and so cannot be billed. */
export function neverSent(error: unknown): boolean {
  const words = wordsOf(error);
  return EXCEPTIONS.find((one) => one.text.test(words))?.unsent === true;
}

/**
 * Whether an error status comes from somebody in between who gave up waiting (504, and 524 of Cloudflare's): what was asked
 * may go on behind it, and be billed.
 */
export function gaveUpWaiting(status: number): boolean {
  return status === 504 || status === 524;
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

/** A request that would be served if it were not for streaming: by the model, or by what the account may do. */
export function refusesStreaming({ kind, message, detail = '', providerCode = '' }: Failure): boolean {
  return (
    ['parameter', 'permission', 'unsupported'].includes(kind) &&
    NO_STREAMING.test(`${providerCode} ${detail} ${message}`)
  );
}
