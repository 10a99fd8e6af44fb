import type { Key } from '../keys/key.ts';
import type { GatewayPorts } from '../ports.ts';
import type { Provider } from '../providers/provider.ts';
import { authHeaders, resolveProvider } from '../providers/registry.ts';
import { endpointUrl } from '../transport/endpoint-url.ts';
import { usageFromGeneration } from './generation-record.ts';
import type { Settlement } from './ledger.ts';
import { formatUsd, nanoUsdUp } from './money.ts';
import { reportedCost } from './price.ts';

/** A router writes its record some seconds after the answer ended; until then it says 404. */
const WAITS_MS = [500, 1_500, 4_000, 10_000, 30_000];

type RepairPorts = Pick<GatewayPorts, 'fetch' | 'vault' | 'ledger' | 'corrected'> & {
  /** Waits so many ms; default `setTimeout`. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Longest wait for one answer, ms. Default 15,000. */
  readonly timeoutMs?: number;
};

export interface RepairInput {
  readonly reservationId: string;
  readonly responseId: string;
  readonly key: Key;
  readonly provider: Provider;
}

/**
 * Asks the provider's own record what a cut answer really cost, and settles at that. Undefined where it has no such
 * record or does not answer in time: then what was settled stands. Never throws.
 */
export async function repairBill(ports: RepairPorts, input: RepairInput): Promise<Settlement | undefined> {
  const { provider, key } = input;
  const path = provider.generationPath?.replace('{id}', encodeURIComponent(input.responseId));
  if (path === undefined) return undefined;
  for (const wait of WAITS_MS) {
    await (ports.sleep ?? sleep)(wait);
    try {
      const { secret } = await ports.vault.open(key.id);
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
      if (!reported) continue;
      const settlement: Settlement = {
        amount: nanoUsdUp(reported.cost),
        source: reported.source,
        ...(usage.inputTokens !== undefined && { inputTokens: usage.inputTokens }),
        ...(usage.outputTokens !== undefined && { outputTokens: usage.outputTokens }),
      };
      const before = await ports.ledger.reservation(input.reservationId);
      await ports.ledger.settle(input.reservationId, settlement);
      if (before) {
        ports.corrected?.({
          runId: before.runId,
          reservationId: before.id,
          fromUsd: formatUsd(before.counted),
          usd: formatUsd(settlement.amount),
          source: settlement.source,
        });
      }
      return settlement;
    } catch {
      // Offline, locked or not written yet: the next try may find it.
    }
  }
  return undefined;
}

/**
 * After a start: counts what dead owners left, and asks the providers that keep records what it really cost.
 * @returns how many orphans were repaired
 */
export async function repairOrphans(ports: RepairPorts): Promise<number> {
  const { orphaned } = await ports.ledger.sweep();
  const open = orphaned.filter((one) => one.responseId !== undefined);
  if (open.length === 0) return 0;
  const keys = await ports.vault.list();
  let repaired = 0;
  for (const { id, account, responseId } of open) {
    const key = keys.find((one) => one.fingerprint === account);
    if (!key || responseId === undefined) continue;
    const found = await repairBill(ports, { reservationId: id, responseId, key, provider: resolveProvider(key) });
    if (found) repaired += 1;
  }
  return repaired;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
