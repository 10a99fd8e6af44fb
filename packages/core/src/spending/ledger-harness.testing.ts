import { type Cap, type LeaseOwner, type Ledger, LedgerError, type ReservationRequest } from './ledger.ts';
import type { Row as LedgerRow } from './state/model.ts';

/** One storage under test; what it holds outlives the ledgers opened on it. */
export interface LedgerHarness {
  /** Another instance on the same storage; never closing one is how a crash looks to it. */
  open(options?: { readonly vault?: RememberedLedger }): Ledger;
  /** The whole book, where the storage can show it: then the invariant is checked after every single row. */
  rows?(): Promise<readonly LedgerRow[]>;
  dispose(): void;
}

/** The part of a vault that a ledger is bound by. */
export interface RememberedLedger {
  ledgerId(): Promise<string | undefined>;
  setLedgerId(id: string): Promise<void>;
}

/** @param now the clock that every instance reads, ms since epoch */
export type MakeHarness = (now: () => number) => LedgerHarness;

export interface LedgerCase {
  readonly name: string;
  readonly run: (make: MakeHarness) => Promise<void>;
}

/** Noon of Wednesday, 19 August 2026, UTC. */
export const NOON = Date.UTC(2026, 7, 19, 12);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const ACCOUNT = 'account-a';
export const OWNER: LeaseOwner = { id: 'owner-a', leaseMs: 60_000 };
export const DAILY: Cap = { limit: 100n, window: 'day' };

/** A case on a fresh storage, ending with an audit: whatever happened, the rows and the sums must agree. */
export function across(
  body: (context: { ledger: Ledger; open: LedgerHarness['open']; clock: { now: number } }) => Promise<void>,
): LedgerCase['run'] {
  return async (make) => {
    const clock = { now: NOON };
    const harness = make(() => clock.now);
    try {
      await body({ ledger: harness.open(), open: harness.open, clock });
      equal(await harness.open().audit(), []);
    } finally {
      harness.dispose();
    }
  };
}

/** A request with the usual terms, where a case does not say otherwise. */
export function request(id: string, terms: Partial<ReservationRequest> = {}): ReservationRequest {
  return {
    id,
    account: ACCOUNT,
    policyVersion: 1,
    caps: [DAILY],
    bound: 40n,
    provider: 'openrouter',
    model: 'some/model',
    runId: 'run',
    ...terms,
  };
}

export async function sent(ledger: Ledger, id: string, terms?: Partial<ReservationRequest>): Promise<void> {
  equal(await ledger.reserve([request(id, terms)], OWNER), { ok: true });
  equal(await ledger.markSent(id), true);
}

export async function statesOf(ledger: Ledger): Promise<Record<string, string>> {
  return Object.fromEntries((await ledger.history()).map(({ id, state }) => [id, state]));
}

export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof LedgerError ? error.code : `not a LedgerError: ${String(error)}`),
  );
}

export function rememberedLedger(id?: string): RememberedLedger {
  let remembered = id;
  return {
    ledgerId: async () => remembered,
    setLedgerId: async (next) => {
      remembered = next;
    },
  };
}

/** Throws unless both say the same, bigints and missing fields told apart. */
export function equal(actual: unknown, expected: unknown, what = 'value'): void {
  const [is, should] = [text(actual), text(expected)];
  if (is !== should) throw new Error(`The ${what} is ${is}, but should be ${should}.`);
}

function text(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${key}: ${text(field)}`).join(', ')}}`;
}
