import type { Catalog, Model } from '../catalog/model.ts';
import { isFree } from '../catalog/openrouter-price.ts';
import type { Failure } from '../chat/failure.ts';
import type { ChatRequest, ModelChoice } from '../chat/request.ts';
import type { Key, Vault } from '../keys/key.ts';
import { VaultError } from '../keys/key.ts';
import { allows } from '../keys/policy.ts';
import type { Provider } from '../providers/provider.ts';
import { providerFor, providerOf } from '../providers/registry.ts';
import { maxPriceFor } from '../spending/bound.ts';
import { parseUsd } from '../spending/money.ts';
import type { Health } from './health.ts';
import { otherRoutes } from './routes.ts';

/** One way to serve a request: this model, at this provider, over this key. */
export interface Candidate {
  readonly choice: ModelChoice;
  readonly provider: Provider;
  readonly modelId: string;
  /** What the catalogue knows of it; undefined where it knows nothing. */
  readonly model: Model | undefined;
  /** Undefined only for providers that need no key. */
  readonly key: Key | undefined;
  /** It does not stream: asked for its answer in one piece. */
  readonly whole?: boolean;
  /** A wait that it asked for was waited out. */
  readonly waited?: boolean;
}

/** A choice that is not to be tried, and why; nothing was sent. */
export interface PassedOver {
  readonly choice: ModelChoice;
  readonly failure: Failure;
}

/** What was asked for, in order; never empty. */
export type Plan = readonly (Candidate | PassedOver)[];

export interface PlanPorts {
  readonly vault: Pick<Vault, 'list'>;
  readonly catalog: Catalog;
  readonly now: () => number;
  /** Models that are known not to stream. */
  readonly wholeOnly?: { readonly has: (choice: ModelChoice) => Promise<boolean> };
  /** What earlier requests learned; absent: nothing. */
  readonly health?: Health;
}

/**
 * Turns what was asked into the candidates that may serve it, in order, with the reason for each one passed over: each
 * model that was named, and behind it, where the user allows that, its other routes. It reads keys' labels and policies,
 * never a secret. Without alternatives the user's own choice is tried whatever happened before; with them, a place that
 * asked us to wait is passed over until the wait is over.
 */
export async function planRequest(
  request: Pick<ChatRequest, 'choice' | 'fallbacks' | 'allowDearer' | 'otherRoutes'>,
  ports: PlanPorts,
): Promise<Plan> {
  const plan: (Candidate | PassedOver)[] = [];
  let first: Candidate | undefined;
  const choices = distinct(await routesOf([request.choice, ...(request.fallbacks ?? [])], request, ports));
  for (const choice of choices) {
    const outcome = await candidateFor(choice, ports).catch((error: unknown) => ({
      failure: storageFailure(error, choice.model),
    }));
    if ('failure' in outcome) {
      plan.push({ choice, failure: outcome.failure });
      continue;
    }
    const failure = reasonToPass(outcome, choices.length > 1, first, request, ports);
    const whole = !failure && (await ports.wholeOnly?.has(choice).catch(() => false));
    plan.push(failure ? { choice, failure } : whole ? { ...outcome, whole } : outcome);
    first ??= outcome;
  }
  return plan;
}

async function routesOf(
  named: readonly ModelChoice[],
  { otherRoutes: allowed }: Pick<ChatRequest, 'otherRoutes'>,
  { vault, catalog }: PlanPorts,
): Promise<readonly ModelChoice[]> {
  if (!allowed) return named;
  try {
    const keys = await vault.list();
    return (await Promise.all(named.map(async (one) => [one, ...(await otherRoutes(one, keys, catalog))]))).flat();
  } catch {
    // Whatever keeps the keys or lists from being read keeps each candidate from it, which says so.
    return named;
  }
}

function distinct(choices: readonly ModelChoice[]): readonly ModelChoice[] {
  const seen = new Set<string>();
  return choices.filter(({ provider, model, keyId = '' }) => {
    const id = `${provider} ${keyId} ${model}`;
    return !seen.has(id) && seen.add(id);
  });
}

/** Why a candidate that could serve the request is not to be tried. */
function reasonToPass(
  candidate: Candidate,
  hasAlternatives: boolean,
  first: Candidate | undefined,
  { allowDearer }: Pick<ChatRequest, 'allowDearer'>,
  ports: PlanPorts,
): Failure | undefined {
  const rest = hasAlternatives ? ports.health?.restOf(candidate, ports.now()) : undefined;
  if (rest !== undefined) return resting(candidate, rest);
  // The guide is no model: nothing but the user's own choice reaches it.
  if (first && candidate.provider.dialect === 'guide') return notAModel(candidate);
  if (first && !allowDearer && !isNoDearer(candidate, first)) return dearer(candidate, first);
  return undefined;
}

/** Per token in and out, for the shortest and the longest conversation, and per request; what is unknown may be dearer. */
function isNoDearer({ model }: Candidate, than: Candidate): boolean {
  const [price, most] = [model?.price, than.model?.price];
  if (price && isFree(price)) return true;
  if (!price || !most || !isAtMost(price.request ?? '0', most.request ?? '0')) return false;
  return [0, LONGEST].every((tokens) => {
    const [one, other] = [maxPriceFor(price, tokens), maxPriceFor(most, tokens)];
    return isAtMost(one?.prompt, other?.prompt) && isAtMost(one?.completion, other?.completion);
  });
}

function isAtMost(usd: string | undefined, most: string | undefined): boolean {
  const [one, other] = [usd, most].map((text) => (text === undefined ? undefined : parseUsd(text)));
  return one !== undefined && other !== undefined && one <= other;
}

/** Above every tier of every price list, tokens. */
const LONGEST = 100_000_000;

async function candidateFor(choice: ModelChoice, ports: PlanPorts): Promise<Candidate | { failure: Failure }> {
  const known = providerOf(choice.provider);
  if (known?.auth === 'none' && choice.keyId === undefined) {
    const model = await ports.catalog.find(known.id, choice.model);
    return { choice, provider: known, modelId: choice.model, model, key: undefined };
  }

  let keys: readonly Key[];
  try {
    keys = await ports.vault.list();
  } catch (error) {
    return { failure: vaultFailure(error, choice.model) };
  }
  const key = keys.find((one) => one.id === choice.keyId);
  if (!key) return { failure: noKey(choice) };

  const provider = providerFor(key, choice.model);
  const model = await ports.catalog.find(key.provider, choice.model, key.id);
  const failure = outOfScope(key, choice.model, ports.now());
  if (failure) return { failure };
  return { choice, provider, modelId: choice.model, model, key };
}

/** A planned key as it is now, or why it may not serve the model any more. Undefined where it is gone. */
export async function freshKey(
  { id, model }: { readonly id: string; readonly model: string },
  ports: Pick<PlanPorts, 'vault' | 'now'>,
): Promise<Key | Failure | undefined> {
  try {
    const key = (await ports.vault.list()).find((one) => one.id === id);
    return key && (outOfScope(key, model, ports.now()) ?? key);
  } catch (error) {
    return vaultFailure(error, model);
  }
}

function noKey(choice: ModelChoice): Failure {
  return {
    kind: 'auth',
    retryable: false,
    fallbackable: true,
    message: `${choice.model} was not asked: the key it was chosen with is no longer here. Pick the model again, or add a key.`,
    userAction: 'check-key',
  };
}

function dearer(candidate: Candidate, than: Candidate): Failure {
  return {
    kind: 'scope',
    retryable: false,
    fallbackable: true,
    message: `${candidate.modelId} was passed over: it may cost more than ${than.modelId}, and you have not allowed that.`,
    userAction: 'other-model',
  };
}

function notAModel(candidate: Candidate): Failure {
  return {
    kind: 'scope',
    retryable: false,
    fallbackable: true,
    message: `${candidate.provider.name} was passed over: it is no AI model, and answers only when it is asked itself.`,
    userAction: 'other-model',
  };
}

function resting({ modelId, provider }: Candidate, ms: number): Failure {
  return {
    kind: 'rate-limit',
    retryable: true,
    fallbackable: true,
    message: `${modelId} was passed over: ${provider.name} asked to wait for another ${Math.ceil(ms / 1000)} seconds.`,
    retryAfterMs: ms,
    userAction: 'wait',
  };
}

/** Why the key may not be used for this model now, if so. */
function outOfScope({ label, policy }: Key, model: string, now: number): Failure | undefined {
  const scope = allows(policy, model, now);
  if (scope.ok) return undefined;
  return {
    kind: 'scope',
    retryable: false,
    fallbackable: true,
    message: `${model} was not asked: the key “${label}” ${scope.reason}. Choose another key, or change what this one may do.`,
    userAction: 'check-key',
  };
}

/** What a vault says when it cannot hand out a key, as a Failure that names the model. */
export function vaultFailure(error: unknown, model: string): Failure {
  const code = error instanceof VaultError ? error.code : 'unreadable';
  if (code === 'locked')
    return {
      kind: 'vault-locked',
      retryable: true,
      fallbackable: false,
      message: `${model} was not asked: your keys are locked. Unlock them and send again.`,
      userAction: 'unlock',
    };
  if (code === 'not-found') return noKey({ provider: '', model });
  return storageFailure(error, model);
}

function storageFailure(error: unknown, model: string): Failure {
  return {
    kind: 'storage',
    retryable: false,
    fallbackable: false,
    message: `${model} was not asked: what Patchbay keeps about it cannot be read${error instanceof Error ? ` (${error.message.replace(/\.$/, '')})` : ''}. Reload and send again; if it stays, delete its key and add it again. What it has spent stays counted.`,
    userAction: 'check-key',
  };
}
