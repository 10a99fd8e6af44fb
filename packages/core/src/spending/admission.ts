import type { Price } from '../catalog/model.ts';
import type { Failure } from '../chat/failure.ts';
import type { Key } from '../keys/key.ts';
import { inputTokensAtMost, largestAnswerThatFits, type MediaSize, requestBound } from './bound.ts';
import type { Cap, LeaseOwner, Ledger, NanoUsd, ReserveRefusal } from './ledger.ts';
import { displayUsd } from './money.ts';

/** Below this many tokens an answer is of no use, so a cap that holds less refuses (unless less was asked for). */
export const SMALLEST_USEFUL_ANSWER = 128;

/** Another request may take what was left between reading it and reserving it. */
const MOST_TRIES = 5;

/** A body, encoded for a given maximum answer. */
export interface Encoding {
  readonly body: string;
}

export interface AdmissionInput<E extends Encoding> {
  readonly reservationId: string;
  readonly runId: string;
  readonly key: Key;
  readonly providerName: string;
  readonly modelId: string;
  /** The same for people. */
  readonly modelName: string;
  /** Undefined: unknown. */
  readonly price: Price | undefined;
  readonly maxOutputTokens: number;
  readonly smallestOutputTokens: number;
  /** Tools or a form of the answer are asked for, which providers explain to the model in words of their own. */
  readonly addsPrompt: boolean;
  readonly media: readonly MediaSize[];
  readonly encode: (maxOutputTokens: number) => E;
  /** A count of this body that is tighter than its length, where somebody offers one. Asked once, before a refusal. */
  readonly countInput?: (body: string) => Promise<number | undefined>;
  readonly ledger: Ledger;
  readonly owner: LeaseOwner;
  /**
   * The key as it is now, read again where its policy was edited meanwhile; or why it may not be used any more.
   * Undefined: it is gone.
   */
  readonly reread: () => Promise<Key | Failure | undefined>;
}

/** Leave to send, and what was reserved for it. */
export interface Admitted<E extends Encoding = Encoding> {
  readonly ok: true;
  readonly encoded: E;
  readonly price: Price;
  /** Caps in force when it was reserved. */
  readonly caps: readonly Cap[];
  readonly bound: NanoUsd;
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
  /** Where the caps held less than what was asked for. */
  readonly shrunk?: { readonly from: number; readonly by: string };
}

export type Admission<E extends Encoding> = Admitted<E> | { readonly ok: false; readonly failure: Failure };

/** For answers that no key pays for: nothing is reserved, since nothing can be charged. */
export function admitUnpaid<E extends Encoding>(encoded: E, maxOutputTokens: number): Admitted<E> {
  return {
    ok: true,
    encoded,
    price: { input: '0', output: '0' },
    caps: [],
    bound: 0n,
    inputTokens: 0,
    maxOutputTokens,
  };
}

/**
 * The admission invariant's one door: encodes the request, bounds these very bytes, and reserves the bound on every cap
 * in force. Where the caps hold less, asks for the largest answer that fits; below a useful one it refuses, and says
 * what would have fitted. Nothing is sent from here.
 */
export async function admit<E extends Encoding>(input: AdmissionInput<E>): Promise<Admission<E>> {
  const { price } = input;
  if (!price) return refused(priceUnknown(input));

  let { key } = input;
  let maxOutputTokens = input.maxOutputTokens;
  let shrunkBy: string | undefined;
  let counted = Number.POSITIVE_INFINITY;
  let hasCounted = false;
  const floor = Math.min(input.maxOutputTokens, Math.max(SMALLEST_USEFUL_ANSWER, input.smallestOutputTokens));

  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const encoded = input.encode(maxOutputTokens);
    const inputTokens = Math.min(inputTokensAtMost(encoded.body, input.media, input.addsPrompt), counted);
    const bound = requestBound({ inputTokens, maxOutputTokens }, price);
    if (bound === undefined) return refused(priceUnknown(input));

    const perRequest = key.policy.scope?.perRequest;
    const outcome =
      perRequest !== undefined && bound > perRequest
        ? { ok: false as const, reason: 'per-request' as const, left: perRequest }
        : await input.ledger.reserve(
            [
              {
                id: input.reservationId,
                account: key.fingerprint,
                policyVersion: key.policy.version,
                caps: key.policy.caps,
                bound,
                provider: key.provider,
                model: input.modelId,
                runId: input.runId,
              },
            ],
            input.owner,
          );

    if (outcome.ok) {
      return {
        ok: true,
        encoded,
        price,
        caps: key.policy.caps,
        bound,
        inputTokens,
        maxOutputTokens,
        ...(shrunkBy !== undefined && { shrunk: { from: input.maxOutputTokens, by: shrunkBy } }),
      };
    }
    if (outcome.reason === 'policy-version') {
      const fresh = await input.reread();
      if (fresh && 'kind' in fresh) return refused(fresh);
      if (!fresh || tries === MOST_TRIES - 1) return refused(policyUnsettled(input));
      key = fresh;
      continue;
    }
    if (outcome.reason !== 'cap' && outcome.reason !== 'per-request') return refused(ledgerRefusal(outcome, input));

    const fits = largestAnswerThatFits(outcome.left, { inputTokens }, price, maxOutputTokens) ?? 0;
    const cap = outcome.reason === 'cap' ? outcome.cap : undefined;
    if (fits < floor && !hasCounted && couldFit(outcome.left, inputTokens, floor, price)) {
      hasCounted = true;
      counted = (await input.countInput?.(encoded.body)) ?? counted;
      // From the start: what was shrunk for the loose bound may not have to be.
      maxOutputTokens = input.maxOutputTokens;
      shrunkBy = undefined;
      if (counted < inputTokens) continue;
    }
    if (fits < floor) return refused(overCap(input, { bound, left: outcome.left, fits, floor, cap, key }));
    maxOutputTokens = Math.min(fits, maxOutputTokens);
    shrunkBy = cap ? `a cap of ${capInWords(cap)}` : `a limit of ${displayUsd(outcome.left)} a request`;
  }
  return refused(crowdedOut(input));
}

/** Bytes of a token in the densest text there is, about; a count is not asked for where even that would not fit. */
const BYTES_PER_TOKEN_AT_MOST = 6;

const couldFit = (left: NanoUsd, inputTokens: number, floor: number, price: Price): boolean => {
  const size = { inputTokens: Math.floor(inputTokens / BYTES_PER_TOKEN_AT_MOST) };
  return (largestAnswerThatFits(left, size, price, floor) ?? 0) >= floor;
};

const refused = (failure: Failure) => ({ ok: false as const, failure });

const WINDOW_NAMES = { day: 'today', week: 'this week', month: 'this month', total: 'in all' } as const;

/** A cap in words, such as "$0.01 a day". */
function capInWords(cap: Cap): string {
  return cap.window === 'total' ? `${displayUsd(cap.limit)} in all` : `${displayUsd(cap.limit)} a ${cap.window}`;
}

function overCap(
  input: AdmissionInput<Encoding>,
  found: { bound: NanoUsd; left: NanoUsd; fits: number; floor: number; cap: Cap | undefined; key: Key },
): Failure {
  const { modelName, maxOutputTokens } = input;
  const { bound, left, fits, floor, cap, key } = found;
  const limit = cap
    ? `the key “${key.label}” has ${displayUsd(left)} left of its cap of ${capInWords(cap)} (${WINDOW_NAMES[cap.window]}, with what other requests hold)`
    : `the key “${key.label}” allows at most ${displayUsd(left)} a request`;
  const largest =
    fits > 0
      ? `The largest answer that would fit is ${fits} token${fits === 1 ? '' : 's'}, less than the ${floor} that make a useful one.`
      : 'Not even the question alone would fit.';
  return {
    kind: 'cap',
    retryable: false,
    fallbackable: true,
    message: `${modelName} was not asked and nothing was spent: this message with an answer of up to ${maxOutputTokens} tokens could cost ${displayUsd(bound)}, and ${limit}. ${largest} Raise the cap, shorten the conversation, or pick a cheaper model.`,
    affordableTokens: fits,
    userAction: 'raise-cap',
  };
}

function priceUnknown({ modelName, providerName }: AdmissionInput<Encoding>): Failure {
  return {
    kind: 'price-unknown',
    retryable: false,
    fallbackable: true,
    message: `${modelName} was not asked: nobody publishes what it costs at ${providerName}, so no cap could hold. Set the most it may cost, or pick another model.`,
    userAction: 'set-price',
  };
}

function policyUnsettled({ modelName, key }: AdmissionInput<Encoding>): Failure {
  return {
    kind: 'ledger-locked',
    retryable: true,
    fallbackable: false,
    message: `${modelName} was not asked: the caps of the key “${key.label}” are being changed, or a change of them was cut short. Send again; if this stays, save its caps once more.`,
    userAction: 'raise-cap',
  };
}

function crowdedOut({ modelName, key }: AdmissionInput<Encoding>): Failure {
  return {
    kind: 'in-flight-budget',
    retryable: true,
    fallbackable: true,
    message: `${modelName} was not asked and nothing was spent: other requests keep taking what the caps of the key “${key.label}” hold. Send again when they are done.`,
    userAction: 'wait',
  };
}

function ledgerRefusal(
  refusal: Extract<ReserveRefusal, { reason: 'overrun-locked' | 'ledger-locked' }>,
  { modelName, key }: AdmissionInput<Encoding>,
): Failure {
  const why =
    refusal.reason === 'overrun-locked'
      ? `an earlier answer cost more than could be foreseen, so the key “${key.label}” waits for your consent. Look at its spending and unlock it.`
      : `the record of what was spent cannot be used (${refusal.message.replace(/\.$/, '')}), so no cap could hold.`;
  return {
    kind: 'ledger-locked',
    retryable: false,
    fallbackable: false,
    message: `${modelName} was not asked: ${why}`,
    userAction: 'confirm-ledger',
  };
}
