import {
  type ConversationStore,
  type Failure,
  formatUsd,
  type Ledger,
  type MessageRecord,
  type RunRecord,
  type RunStatus,
  StoreError,
} from '@patchbay/core';

export interface OrphanPorts {
  readonly store: ConversationStore;
  readonly ledger: Pick<Ledger, 'reservation'>;
  readonly ownerId: string;
  /** Nobody else can be alive. */
  readonly soleOwner?: boolean | undefined;
  readonly now: () => number;
  /** This host carries it, or is about to. */
  readonly isOurs: (runId: string) => boolean;
}

export interface OrphanSweep {
  readonly ended: readonly RunRecord[];
  /** When the next of those that may still live is to be looked at, ms since epoch. */
  readonly nextAt?: number;
}

/**
 * Ends the runs whose owner is dead: its lease has run out or cannot be true, or nobody else can be alive. The text that
 * was saved stays, marked interrupted, and the reservation goes on counting until the ledger knows better.
 */
export async function endOrphans(ports: OrphanPorts): Promise<OrphanSweep> {
  const ended: RunRecord[] = [];
  let nextAt: number | undefined;
  for (const run of await ports.store.runs('running')) {
    if (ports.isOurs(run.id)) continue;
    if (!isDead(run, ports)) nextAt = Math.min(nextAt ?? run.leaseUntil, run.leaseUntil);
    else if (await end(run, ports)) ended.push(run);
  }
  return { ended, ...(nextAt !== undefined && { nextAt }) };
}

function isDead(run: RunRecord, { ownerId, soleOwner, now }: OrphanPorts): boolean {
  const left = run.leaseUntil - now();
  return soleOwner || run.ownerId === ownerId || left <= 0 || left > DAY_MS;
}

/** No lease lasts a day: one that does was given by a clock that ran ahead, and its owner would have renewed it since. */
const DAY_MS = 86_400_000;

/** Thrown inside the batch when the owner turns out to live. */
const ALIVE = new Error('alive');

async function end(run: RunRecord, ports: OrphanPorts): Promise<boolean> {
  const { store, now } = ports;
  const message = await store.message(run.assistantMessageId);
  const cost = await costOf(run, ports.ledger);
  const close = (status: RunStatus) => ({
    update: 'run' as const,
    id: run.id,
    change: (before: RunRecord): RunRecord => {
      if (before.status !== 'running' || !isDead(before, ports)) throw ALIVE;
      return { ...before, status, endedAt: now() };
    },
  });
  try {
    if (!message) await store.write([close('interrupted')]);
    else {
      const change = (before: MessageRecord) => (before.status === 'streaming' ? interrupted(before, cost) : before);
      await store.write([close(statusOf(message)), { update: 'message', id: message.id, change }]);
    }
    return true;
  } catch (error) {
    if (error === ALIVE || (error instanceof StoreError && error.code === 'missing')) return false;
    throw error;
  }
}

/** An owner may die between saving the last word and closing its run. */
function statusOf(message: MessageRecord): RunStatus {
  if (message.status === 'complete') return 'done';
  return message.status === 'failed' ? 'failed' : 'interrupted';
}

function interrupted(message: MessageRecord, cost: MessageRecord['cost']): MessageRecord {
  const some = message.parts.length > 0;
  const model = message.asked?.model ?? 'the model';
  const counted = cost ? ` It counts with up to $${cost.usd} against your cap until its real cost is known.` : '';
  const failure: Failure = {
    kind: 'truncated',
    retryable: true,
    fallbackable: true,
    message: some
      ? `The answer of ${model} was cut off because Patchbay was stopped in the middle of it. What had come is kept.${counted}`
      : `${model} had not answered yet when Patchbay was stopped.${counted} Try again.`,
    userAction: some ? 'continue' : 'retry',
  };
  return { ...message, status: 'interrupted', finishReason: 'interrupted', failure, ...(cost && { cost }) };
}

/** What the ledger counts for it now; nothing where nothing was reserved, or where the ledger cannot say. */
async function costOf(run: RunRecord, ledger: OrphanPorts['ledger']): Promise<MessageRecord['cost']> {
  if (run.reservationId === undefined) return undefined;
  const reservation = await ledger.reservation(run.reservationId).catch(() => undefined);
  if (!reservation || reservation.state === 'released') return undefined;
  return { usd: formatUsd(reservation.counted), source: reservation.settlement?.source ?? 'bound' };
}
