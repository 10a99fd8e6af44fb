import type { CapView, KeyView, MessageRecord } from '../../contract/index.ts';
import { lessUsd, parseUsd, permille, sumUsd } from '../format/money.ts';

/** A cap as the meter draws it: shares of the limit in thousandths. */
export interface CapGauge {
  readonly cap: CapView;
  readonly spent: number;
  readonly reserved: number;
  readonly level: 'calm' | 'near' | 'full';
}

/** Where a cap begins to warn, in thousandths of its limit. */
const NEAR = 800;

export function gauge(cap: CapView): CapGauge {
  const limit = parseUsd(cap.limitUsd) ?? 0n;
  const spent = permille(parseUsd(cap.spentUsd) ?? 0n, limit);
  const reserved = Math.min(1000 - spent, permille(parseUsd(cap.reservedUsd) ?? 0n, limit));
  const left = parseUsd(cap.leftUsd) ?? 0n;
  const level = left <= 0n ? 'full' : spent + reserved >= NEAR ? 'near' : 'calm';
  return { cap, spent, reserved, level };
}

/** The cap that will refuse first: the one with the least money left. */
export function tightestCap(key: KeyView | undefined): CapGauge | undefined {
  let tightest: CapView | undefined;
  for (const cap of key?.caps ?? []) {
    if (tightest === undefined || (parseUsd(cap.leftUsd) ?? 0n) < (parseUsd(tightest.leftUsd) ?? 0n)) tightest = cap;
  }
  return tightest && gauge(tightest);
}

/** Whether money went, or counts as gone. */
export const isPaid = ({ usd }: { readonly usd: string }): boolean => (parseUsd(usd) ?? 0n) > 0n;

/** What the attempt that answered cost by itself; its message keeps the sum of all. */
export function ownCost({ cost, hops = [] }: Pick<MessageRecord, 'cost' | 'hops'>): MessageRecord['cost'] {
  const others = hops.flatMap((hop) => (hop.cost ? [hop.cost.usd] : []));
  return cost && others.length > 0 ? { ...cost, usd: lessUsd(cost.usd, others) } : cost;
}

/** What all answers of a conversation cost together, other branches included: they were paid for too. */
export function conversationCost(messages: readonly MessageRecord[]): {
  readonly usd: string;
  readonly answers: number;
} {
  const costs = messages.flatMap((message) => (message.cost ? [message.cost.usd] : []));
  return { usd: sumUsd(costs), answers: costs.length };
}
