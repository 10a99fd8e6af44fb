import type { Key } from '../keys/key.ts';
import type { GatewayPorts } from '../ports.ts';
import { authHeaders, resolveProvider } from '../providers/registry.ts';
import { endpointUrl } from '../transport/endpoint-url.ts';
import { usageFromGeneration } from './generation-record.ts';
import type { Reservation, Settlement } from './ledger.ts';
import { formatUsd, nanoUsdUp } from './money.ts';
import { reportedCost } from './price.ts';
import { mayBeAsked } from './state/asking.ts';

/** A router writes its record some seconds after the answer ended; until then it says 404. */
const FIRST_WAITS_MS = [500, 1_500, 4_000, 10_000, 30_000];

/** Later it is there or not. */
const LATER_WAITS_MS = [0, 4_000];

/** How far back of each key's history bills are looked for, in reservations. */
const LOOK_BACK = 500;

/** Until when others have done with what they look for: so long, and so often, a start waits to see to what is left. */
const SOON_MS = 180_000;
const MOST_WAITS = 2;

/** A process that works on tries no more often than this, ms. */
const AGAIN_MS = 60_000;

type RepairPorts = Pick<GatewayPorts, 'fetch' | 'vault' | 'ledger' | 'corrected' | 'online' | 'keepAwake' | 'now'> & {
  /** Waits so many ms; default `setTimeout`. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Longest wait for one answer, ms. Default 15,000. */
  readonly timeoutMs?: number;
};

/**
 * Bills that are counted at the most they can be, because an answer was cut or a process died, and whose provider keeps a
 * record of what they were. All that is needed to look for it is in the ledger, so whoever comes after a crash goes on.
 */
export interface Repairs {
  /** Looks for the record of one bill that was just settled, behind the answer. */
  later(reservationId: string, key: Key): void;
  /** The network works: looks, behind the answer, for what this process could not look for when it tried. */
  retry(): void;
  /**
   * After a start: counts what dead owners left behind, and looks for the records of all that is unsure.
   * @returns how many bills were repaired
   */
  all(): Promise<number>;
}

export function createRepairs(ports: RepairPorts): Repairs {
  const { ledger } = ports;
  const pause = ports.sleep ?? sleep;
  /** When this process may try again; undefined while it knows of nothing unsure. */
  let again: number | undefined;
  const notYet = (ms = 0) => {
    again = ports.now() + Math.max(ms, AGAIN_MS);
  };

  /** Rests on the leave that `ledger.ask` gave. Never throws. */
  const look = async (bill: Reservation, key: Key): Promise<boolean> => {
    for (const wait of (bill.asked?.times ?? 0) > 1 ? LATER_WAITS_MS : FIRST_WAITS_MS) {
      await pause(wait);
      try {
        const settlement = await recordOf(ports, bill, key);
        if (!settlement) continue;
        const from = await ledger.repair(bill.id, settlement);
        if (from === undefined) return false;
        ports.corrected?.({
          runId: bill.runId,
          reservationId: bill.id,
          fromUsd: formatUsd(from),
          usd: formatUsd(settlement.amount),
          source: settlement.source,
        });
        return true;
      } catch {
        // Offline, locked or not written yet: the next try may find it.
      }
    }
    notYet();
    return false;
  };

  const all = async (): Promise<number> => {
    await ledger.sweep();
    let repaired = 0;
    for (let waits = 0; ; ) {
      if (ports.online?.() === false) {
        notYet();
        return repaired;
      }
      const unsure = await unsureBills(ports);
      const { asked, nextIn } = await ledger.ask([...unsure.keys()]);
      const found = await Promise.all(
        asked.map((bill) => {
          const key = unsure.get(bill.id);
          return key !== undefined && look(bill, key);
        }),
      );
      repaired += found.filter(Boolean).length;
      if (asked.length > 0) continue;
      if (nextIn === undefined) return repaired;
      if (nextIn > SOON_MS || waits === MOST_WAITS) {
        notYet(nextIn);
        return repaired;
      }
      // Whoever looks for it now may die over it; then somebody else has to.
      waits += 1;
      await pause(nextIn);
    }
  };

  /** Behind an answer, which has nothing to do with what becomes of this. */
  const behind = (work: Promise<unknown>) => {
    // The vault is locked, say.
    const safe = work.catch(() => notYet());
    ports.keepAwake?.(safe);
  };

  return {
    later: (reservationId, key) => {
      if (resolveProvider(key).generationPath === undefined) return;
      behind(ledger.ask([reservationId]).then(({ asked: [bill] }) => bill && look(bill, key)));
    },
    retry: () => {
      if (again === undefined || ports.now() < again) return;
      again = undefined;
      behind(all());
    },
    all: () =>
      all().catch((error: unknown) => {
        notYet();
        throw error;
      }),
  };
}

/** Every bill that somebody may still look for, and the key that was charged: nobody else is told of it. */
async function unsureBills({ vault, ledger }: RepairPorts): Promise<Map<string, Key>> {
  const bills = new Map<string, Key>();
  for (const key of await vault.list()) {
    if (resolveProvider(key).generationPath === undefined) continue;
    for (const bill of await ledger.history({ account: key.fingerprint, limit: LOOK_BACK })) {
      if (mayBeAsked(bill) && bill.provider === key.provider) bills.set(bill.id, key);
    }
  }
  return bills;
}

/** What the provider's own record says; undefined where it says nothing yet. */
async function recordOf(ports: RepairPorts, { responseId }: Reservation, key: Key): Promise<Settlement | undefined> {
  const provider = resolveProvider(key);
  if (provider.generationPath === undefined || responseId === undefined) return undefined;
  const { secret } = await ports.vault.open(key.id);
  const path = provider.generationPath.replace('{id}', encodeURIComponent(responseId));
  const response = await ports.fetch(endpointUrl(provider.baseUrl, path), {
    headers: { ...provider.headers, ...authHeaders(provider, secret) },
    redirect: 'error',
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    // The process is kept awake for this, so it must end.
    signal: AbortSignal.timeout(ports.timeoutMs ?? 15_000),
  });
  const usage = response.ok ? usageFromGeneration(await response.json()) : undefined;
  const reported = usage && reportedCost(usage);
  if (!reported) return undefined;
  return {
    amount: nanoUsdUp(reported.cost),
    source: reported.source,
    ...(usage.inputTokens !== undefined && { inputTokens: usage.inputTokens }),
    ...(usage.outputTokens !== undefined && { outputTokens: usage.outputTokens }),
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
