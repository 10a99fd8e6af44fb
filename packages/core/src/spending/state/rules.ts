import { type Cap, LedgerError, type ReservationRequest, type Settlement } from '../ledger.ts';
import { crossesCap, refusalOf } from './admit.ts';
import { ASK_AT_ONCE, askableIn, isUnsure, mayBeAsked } from './asking.ts';
import {
  type Account,
  type Command,
  type Happening,
  LEDGER_VERSION,
  type Outcomes,
  PATIENCE_MS,
  type StoredReservation,
} from './model.ts';
import { pruneAll, pruneOld } from './prune.ts';
import type { Book } from './reduce.ts';
import { vacatedAt } from './set-back.ts';
import { CAP_WINDOWS, countedOf, newAccount } from './sums.ts';
import { setBackTo } from './windows.ts';

type Rule<T extends Command['type']> = (book: Book, command: Extract<Command, { type: T }>) => Outcomes[T];

/** One rule for each command. What a rule does not append has not happened. */
export const rules: { readonly [T in Command['type']]: Rule<T> } = {
  reserve: (book, { requests, owner }) => {
    check(owner.leaseMs > 0 && Number.isFinite(owner.leaseMs), 'A lease lasts a finite time above zero.');
    for (const request of requests) {
      checkRequest(book, request);
      const account = accountOf(book, request.account);
      const refusal = refusalOf(request, account, book.now);
      if (refusal) return book.undo({ ok: false, ...refusal });
      if (request.policyVersion > account.policyVersion)
        book.append({ type: 'policy', account: request.account, version: request.policyVersion });
      book.append(reserved(request, owner.id));
    }
    const leaseUntil = book.now + owner.leaseMs;
    book.draft.owners.set(owner.id, { v: LEDGER_VERSION, id: owner.id, leaseMs: owner.leaseMs, leaseUntil });
    return { ok: true };
  },

  'mark-sent': (book, { id }) => {
    const { state, account, policyVersion } = known(book, id);
    if (state !== 'reserved') return state === 'sent';
    const { locked, policyVersion: inForce } = accountOf(book, account);
    const holds = !locked && policyVersion === inForce;
    book.append({ type: holds ? 'sent' : 'released', id });
    return holds;
  },

  'note-response': (book, { id, responseId }) => {
    if (known(book, id).responseId !== responseId) book.append({ type: 'response', id, responseId });
    return undefined;
  },

  release: (book, { id }) => {
    if (known(book, id).open) book.append({ type: 'released', id });
    return undefined;
  },

  settle: (book, { id, settlement }) => {
    const before = known(book, id);
    const { amount, source } = settlement;
    check(isAmount(amount), 'A settlement’s amount is a bigint, not negative.');
    const earlier = before.settlement;
    if (earlier && earlier.amount === amount && earlier.source === source)
      return { overrun: before.state === 'overrun' };

    const overrun = amount > before.bound || crossesCap(before, amount, accountOf(book, before.account), book.now);
    const entry = { id, settlement: only(settlement) };
    if (overrun) book.append({ type: 'overrun', ...entry, locks: amount > countedOf(before) });
    else book.append({ type: 'settled', ...entry });
    return { overrun };
  },

  ask: (book, { ids }) => {
    const asked: string[] = [];
    let nextIn = Number.POSITIVE_INFINITY;
    for (const id of new Set(ids)) {
      const bill = book.draft.reservations.get(id);
      if (!bill || !mayBeAsked(bill)) continue;
      const wait = Math.max(0, askableIn(bill, book.now));
      if (wait > 0 || asked.length === ASK_AT_ONCE) nextIn = Math.min(nextIn, wait);
      else {
        book.append({ type: 'asked', id });
        asked.push(id);
      }
    }
    return {
      asked: asked.map((id) => known(book, id)),
      ...(Number.isFinite(nextIn) && { nextIn }),
    };
  },

  repair: (book, { id, settlement }) => {
    const before = known(book, id);
    if (!isUnsure(before)) return undefined;
    rules.settle(book, { type: 'settle', id, settlement });
    return countedOf(before);
  },

  heartbeat: ({ now, draft }, { ownerId }) => {
    const owner = draft.owners.get(ownerId);
    if (owner) draft.owners.set(ownerId, { ...owner, leaseUntil: now + owner.leaseMs });
    return undefined;
  },

  sweep: (book) => {
    const { owners, reservations } = book.draft;
    for (const { id, leaseUntil } of [...owners.values()]) if (leaseUntil < book.now) owners.delete(id);
    for (const reservation of [...reservations.values()]) {
      const happening = fateOf(reservation, owners.has(reservation.ownerId), book.now);
      if (happening) book.append(happening);
    }
    pruneOld(book);
    return [...reservations.values()].filter(({ state }) => state === 'orphaned');
  },

  'raise-policy': (book, { account, atLeast }) => {
    check(Number.isSafeInteger(atLeast), 'A policy version is an integer.');
    const version = Math.max(accountOf(book, account).policyVersion + 1, atLeast);
    book.append({ type: 'policy', account, version });
    return version;
  },

  consent: (book, { account }) => {
    if (accountOf(book, account).locked) book.append({ type: 'consented', account });
    return undefined;
  },

  'set-back': (book) => {
    const at = setBackTo(book.clock, book.now);
    if (at === undefined) return false;
    const { accounts, owners } = book.draft;
    const all = [...accounts.values()].map((one) => ({ account: one.account, vacated: vacatedAt(one, book.now, at) }));
    book.append({ type: 'set-back', accounts: all }, at);
    // A lease that lasts until then would keep what a dead owner holds for as long.
    for (const owner of [...owners.values()]) {
      owners.set(owner.id, { ...owner, leaseUntil: Math.min(owner.leaseUntil, at + owner.leaseMs) });
    }
    return true;
  },

  forget: (book) => {
    pruneAll(book);
    return undefined;
  },
};

/**
 * What time makes of an open reservation. What was never marked as sent was certainly not sent, and cannot be sent any
 * more once it is released, so nothing of it counts.
 */
function fateOf(reservation: StoredReservation, ownerLives: boolean, now: number): Happening | undefined {
  const { id, state, bound, reservedAt, changedAt } = reservation;
  const abandoned = !ownerLives || now - reservedAt >= PATIENCE_MS;
  if (state === 'reserved' && abandoned) return { type: 'released', id };
  if (state === 'sent' && abandoned) return { type: 'orphaned', id };
  if (state === 'orphaned' && now - changedAt >= PATIENCE_MS)
    return { type: 'settled', id, settlement: { amount: bound, source: 'bound' } };
  return undefined;
}

function accountOf({ draft }: Book, name: string): Account {
  return draft.accounts.get(name) ?? newAccount(name);
}

function known({ draft }: Book, id: string): StoredReservation {
  const reservation = draft.reservations.get(id);
  if (!reservation) throw new LedgerError('unknown-reservation', `Nothing is reserved as ${id}.`);
  return reservation;
}

function checkRequest({ draft }: Book, { id, bound, caps, policyVersion }: ReservationRequest): void {
  if (draft.reservations.has(id)) throw new LedgerError('duplicate-reservation', `${id} is reserved already.`);
  check(isAmount(bound), 'A bound is a bigint, not negative.');
  check(Number.isSafeInteger(policyVersion), 'A policy version is an integer.');
  check(caps.every(isCap), 'A cap has a limit that is a bigint, not negative, and one of the known windows.');
}

function isCap({ limit, window }: Cap): boolean {
  return isAmount(limit) && CAP_WINDOWS.includes(window);
}

function isAmount(value: unknown): boolean {
  return typeof value === 'bigint' && value >= 0n;
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new LedgerError('invalid', message);
}

/** Fields are named one by one, so that nothing a caller adds is kept for good. */
function reserved(request: ReservationRequest, ownerId: string): Happening {
  const { id, account, policyVersion, bound, provider, model, runId } = request;
  const caps = request.caps.map(({ limit, window }) => ({ limit, window }));
  return { type: 'reserved', id, account, policyVersion, caps, bound, provider, model, runId, ownerId };
}

function only({ amount, source, inputTokens, outputTokens }: Settlement): Settlement {
  return {
    amount,
    source,
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
  };
}
