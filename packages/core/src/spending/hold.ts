import type { LeaseOwner, Ledger, NanoUsd, Settlement } from './ledger.ts';

/** A granted reservation on its way through one attempt: it ends exactly once, whatever happens on the way. */
export interface Hold {
  readonly id: string;
  /** True once it may be sent; false means that nothing is held any more. */
  markSent(): Promise<boolean>;
  /** Keeps the provider's id for the answer; a failure to keep it must not end the answer. */
  noteResponse(responseId: string): void;
  release(): Promise<void>;
  settle(settlement: Settlement): Promise<{ readonly overrun: boolean }>;
  /**
   * For the way out: releases what was never sent and counts what was sent in full. Does nothing once it ended.
   * @returns whether it was counted in full just now
   */
  close(): Promise<boolean>;
}

/**
 * @param keepAlive counts this hold among those whose lease is renewed; returns what takes it off again
 */
export function createHold(ledger: Ledger, id: string, bound: NanoUsd, keepAlive: () => () => void): Hold {
  let sent = false;
  let over = false;
  let owed: Settlement = { amount: bound, source: 'bound' };
  let noted: Promise<void> = Promise.resolve();
  const letGo = keepAlive();
  const end = () => {
    over = true;
    letGo();
  };
  return {
    id,
    markSent: async () => {
      sent = await ledger.markSent(id);
      if (!sent) end();
      return sent;
    },
    noteResponse: (responseId) => {
      noted = ledger.noteResponse(id, responseId).catch(() => undefined);
    },
    release: async () => {
      await noted;
      await ledger.release(id);
      end();
    },
    settle: async (settlement) => {
      await noted;
      // Should it fail now, `close` tries again; with the bound, unless it is certain to be more.
      if (settlement.amount > bound) owed = settlement;
      const outcome = await ledger.settle(id, settlement);
      end();
      return outcome;
    },
    close: async () => {
      if (over) return false;
      end();
      await noted;
      // Where even this fails, the lease runs out and the ledger counts it in full by itself.
      const ended = sent ? ledger.settle(id, owed) : ledger.release(id);
      return ended.then(() => sent).catch(() => false);
    },
  };
}

/** For answers that no key pays for. */
export const FREE_HOLD: Hold = {
  id: '',
  markSent: () => Promise.resolve(true),
  noteResponse: () => undefined,
  release: () => Promise.resolve(),
  settle: () => Promise.resolve({ overrun: false }),
  close: () => Promise.resolve(false),
};

/** Renews this owner's lease while any hold is open: three times a lease, so that one lost heartbeat does no harm. */
export function createLeaseKeeper(ledger: Ledger, owner: LeaseOwner): () => () => void {
  let open = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  return () => {
    open += 1;
    timer ??= setInterval(() => void ledger.heartbeat(owner.id).catch(() => undefined), owner.leaseMs / 3);
    let done = false;
    return () => {
      if (done) return;
      done = true;
      open -= 1;
      if (open > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
}
