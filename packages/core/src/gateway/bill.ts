import type { ChatEvent } from '../chat/event.ts';
import type { GatewayPorts } from '../ports.ts';
import type { Candidate } from '../routing/plan.ts';
import type { Admitted } from '../spending/admission.ts';
import { createHold, FREE_HOLD } from '../spending/hold.ts';
import type { AccountStatus, Settlement } from '../spending/ledger.ts';
import { displayUsd, formatUsd } from '../spending/money.ts';
import type { Repairs } from '../spending/repair.ts';
import { type BillingOutcome, settlementOf } from '../spending/settlement.ts';
import type { AnswerTally } from './tally.ts';

type CostEvent = Extract<ChatEvent, { type: 'cost' }>;

export interface BillInput {
  readonly ports: GatewayPorts;
  readonly keepLease: () => () => void;
  readonly repairs: Repairs;
  readonly reservationId: string;
  readonly candidate: Candidate;
  readonly admitted: Admitted;
}

/** The money side of one attempt, from the granted reservation to the last correction. */
export interface Bill {
  markSent(): Promise<boolean>;
  /** Keeps the provider's id for the answer, for repair after a crash. */
  noteResponse(responseId: string): void;
  /** Certainly not billed. */
  release(): Promise<void>;
  /** The connection ended before any answer: whether it is billed nobody knows, so it counts. */
  settleUnanswered(): Promise<readonly ChatEvent[]>;
  /** Settles an answer, whole or cut; returns its `cost` and what there is to notice about it. */
  settle(tally: AnswerTally): Promise<readonly ChatEvent[]>;
  /** For every other way out. */
  close(): Promise<void>;
}

const CAP_WARNING_PERCENT = 80n;

export function createBill(input: BillInput): Bill {
  const { ports, candidate, admitted, reservationId } = input;
  const { provider, modelId, key } = candidate;
  const hold = key ? createHold(ports.ledger, reservationId, admitted.bound, input.keepLease) : FREE_HOLD;
  const named = key ? { reservationId } : {};
  let sentAt = ports.now();
  let responseId: string | undefined;

  const settleAt = async (settlement: Settlement): Promise<ChatEvent[]> => {
    const { overrun } = await hold.settle(settlement);
    const events: ChatEvent[] = [];
    if (settlement.source === 'estimate' || settlement.source === 'bound') {
      events.push({ type: 'notice', code: 'cost-estimated', message: inWords(settlement) });
    }
    // It is settled: a look at the caps that fails takes nothing back.
    const status = key && (await ports.ledger.status(key.fingerprint, admitted.caps).catch(() => undefined));
    if (overrun && key) {
      events.push({
        type: 'notice',
        code: 'overrun',
        message: `${candidate.model?.name ?? modelId} cost ${displayUsd(settlement.amount)}, more than the ${displayUsd(admitted.bound)} that could be foreseen. The key “${key.label}” is locked until you agree.`,
      });
    } else if (status) events.push(...capWarnings(status, settlement.amount));
    events.push({ ...costEvent(settlement, status), ...named });
    return events;
  };

  const settleAs = async (outcome: BillingOutcome, tally: AnswerTally | undefined): Promise<readonly ChatEvent[]> => {
    const settlement = settlementOf({
      outcome,
      usage: tally?.usage(),
      price: admitted.price,
      provider,
      upstream: tally?.upstream(),
      bound: admitted.bound,
      inputTokens: admitted.inputTokens,
      outputBytes: tally?.bytes() ?? 0,
      mayThinkUnseen: mayThink(candidate),
      at: sentAt,
      until: ports.now(),
    });
    let events: readonly ChatEvent[];
    try {
      events = await settleAt(settlement);
    } catch (error) {
      // The answer stands. What was reserved for it counts in full until somebody can write again.
      return unsettled(error);
    }
    const isUnsure = settlement.source === 'bound' || settlement.source === 'estimate';
    if (key && isUnsure && responseId !== undefined) input.repairs.later(reservationId, key);
    else if (!isUnsure) input.repairs.retry();
    return events;
  };

  return {
    markSent: () => {
      sentAt = ports.now();
      return hold.markSent();
    },
    noteResponse: (id) => {
      responseId = id;
      hold.noteResponse(id);
    },
    release: hold.release,
    settleUnanswered: () => settleAs({ kind: 'cut' }, undefined),
    settle: async (tally) => {
      const failure = tally.finish()?.failure;
      const events = await settleAs(outcomeOf(failure?.kind), tally);
      const counted = tally.usage()?.outputTokens !== undefined;
      if (failure || counted || !key) return events;
      return [
        { type: 'notice', code: 'usage-missing', message: `${provider.name} did not say how many tokens it counted.` },
        ...events,
      ];
    },
    close: async () => {
      if ((await hold.close()) && key && responseId !== undefined) input.repairs.later(reservationId, key);
    },
  };

  function unsettled(error: unknown): readonly ChatEvent[] {
    const why = error instanceof Error ? ` (${error.message.replace(/\.$/, '')})` : '';
    return [
      {
        type: 'notice',
        code: 'cost-estimated',
        message: `What this cost could not be recorded${why}. The ${displayUsd(admitted.bound)} reserved for it stay counted.`,
      },
      { type: 'cost', usd: formatUsd(admitted.bound), source: 'bound', ...named },
    ];
  }

  function inWords({ source, amount }: Settlement): string {
    return source === 'bound'
      ? `${provider.name} has not said what this cost. The ${displayUsd(amount)} reserved for it stay counted.`
      : `${provider.name} has not said what this cost. Counted is the most that the tokens seen can have cost, ${displayUsd(amount)}.`;
  }
}

/** After these the connection was closed from here or broke, and the provider may go on generating. */
function outcomeOf(failureKind: string | undefined): BillingOutcome {
  if (failureKind === undefined) return { kind: 'finished' };
  const cut = ['aborted', 'truncated', 'stalled', 'network', 'malformed-output'].includes(failureKind);
  return { kind: cut ? 'cut' : 'error-in-stream' };
}

/** Unknown counts as yes: what was seen then bounds nothing. */
function mayThink({ model, provider }: Candidate): boolean {
  if (provider.dialect === 'guide') return false;
  if (!model || model.reasoning) return true;
  return model.parameters === undefined || model.parameters.some((name) => /^(include_)?reasoning/.test(name));
}

function costEvent(settlement: Settlement, status: AccountStatus | undefined): CostEvent {
  const left = status?.caps.reduce<bigint | undefined>(
    (least, cap) => (least === undefined || cap.left < least ? cap.left : least),
    undefined,
  );
  return {
    type: 'cost',
    usd: formatUsd(settlement.amount),
    source: settlement.source,
    ...(left !== undefined && { capLeftUsd: formatUsd(left) }),
  };
}

/** One warning for each cap that this very answer took across its last fifth. */
function capWarnings(status: AccountStatus, amount: bigint): ChatEvent[] {
  return status.caps.flatMap(({ cap, spent, left }) => {
    const line = (cap.limit * CAP_WARNING_PERCENT) / 100n;
    if (spent < line || spent - amount >= line) return [];
    const window = cap.window === 'total' ? 'in all' : `this ${cap.window}`;
    return [
      {
        type: 'notice' as const,
        code: 'cap-warning' as const,
        message: `${displayUsd(spent)} of ${displayUsd(cap.limit)} ${window} are spent; ${displayUsd(left)} are left.`,
      },
    ];
  });
}
