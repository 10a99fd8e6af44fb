import type { Catalog, Model } from '../catalog/model.ts';
import { isFree } from '../catalog/openrouter-price.ts';
import type { Failure } from '../chat/failure.ts';
import type { ChatRequest, ModelChoice } from '../chat/request.ts';
import type { Key, Vault } from '../keys/key.ts';
import { VaultError } from '../keys/key.ts';
import { allows } from '../keys/policy.ts';
import type { Provider } from '../providers/provider.ts';
import { providerFor, providerOf } from '../providers/registry.ts';
import { parseUsd } from '../spending/money.ts';
import type { Health } from './health.ts';

/** One way to serve a request: this model, at this provider, over this key. */
export interface Candidate {
  readonly choice: ModelChoice;
  readonly provider: Provider;
  readonly modelId: string;
  /** What the catalogue knows of it; undefined where it knows nothing. */
  readonly model: Model | undefined;
  /** Undefined only for providers that need no key. */
  readonly key: Key | undefined;
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
  /** What earlier requests learned; absent: nothing. */
  readonly health?: Health;
}

/**
 * Turns what was asked into the candidates that may serve it, in order, with the reason for each one passed over. It
 * reads keys' labels and policies, never a secret. Without fallbacks the user's own choice is tried whatever happened
 * before; with them, a place that asked us to wait is passed over until the wait is over.
 */
export async function planRequest(
  request: Pick<ChatRequest, 'choice' | 'fallbacks' | 'allowDearer'>,
  ports: PlanPorts,
): Promise<Plan> {
  const plan: (Candidate | PassedOver)[] = [];
  let first: Candidate | undefined;
  const choices = distinct([request.choice, ...(request.fallbacks ?? [])]);
  for (const choice of choices) {
    const outcome = await candidateFor(choice, ports).catch((error: unknown) => ({
      failure: storageFailure(error, choice.model),
    }));
    if ('failure' in outcome) {
      plan.push({ choice, failure: outcome.failure });
      continue;
    }
    const failure = reasonToPass(outcome, choices.length > 1, first, request, ports);
    plan.push(failure ? { choice, failure } : outcome);
    first ??= outcome;
  }
  return plan;
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
  const until = hasAlternatives ? ports.health?.restUntil(candidate) : undefined;
  if (until !== undefined && until > ports.now()) return resting(candidate, until - ports.now());
  // The guide is no model: nothing but the user's own choice reaches it.
  if (first && candidate.provider.dialect === 'guide') return notAModel(candidate);
  if (first && !allowDearer && !isNoDearer(candidate, first)) return dearer(candidate, first);
  return undefined;
}

/** Per token in and out; what is unknown on either side may be dearer. */
function isNoDearer(candidate: Candidate, than: Candidate): boolean {
  const price = candidate.model?.price;
  if (price && isFree(price)) return true;
  const [input, output] = [perToken(candidate, 'input'), perToken(candidate, 'output')];
  const [mostInput, mostOutput] = [perToken(than, 'input'), perToken(than, 'output')];
  if (input === undefined || output === undefined || mostInput === undefined || mostOutput === undefined) return false;
  return input <= mostInput && output <= mostOutput;
}

function perToken({ model }: Candidate, field: 'input' | 'output'): bigint | undefined {
  const published = model?.price?.[field];
  return published === undefined ? undefined : parseUsd(published);
}

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
  const scope = allows(key.policy, choice.model, ports.now());
  if (!scope.ok) return { failure: outOfScope(choice.model, key.label, scope.reason) };
  return { choice, provider, modelId: choice.model, model, key };
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

function outOfScope(model: string, label: string, reason: string): Failure {
  return {
    kind: 'scope',
    retryable: false,
    fallbackable: true,
    message: `${model} was not asked: the key “${label}” ${reason}. Choose another key, or change what this one may do.`,
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
