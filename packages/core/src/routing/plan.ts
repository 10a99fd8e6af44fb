import type { Catalog, Model } from '../catalog/model.ts';
import type { Failure } from '../chat/failure.ts';
import type { ModelChoice } from '../chat/request.ts';
import type { Key, Vault } from '../keys/key.ts';
import { VaultError } from '../keys/key.ts';
import { allows } from '../keys/policy.ts';
import type { Provider } from '../providers/provider.ts';
import { providerOf, resolveProvider } from '../providers/registry.ts';

/** One way to serve a request: this model, at this provider, over this key. */
export interface Candidate {
  readonly provider: Provider;
  readonly modelId: string;
  /** What the catalogue knows of it; undefined where it knows nothing. */
  readonly model: Model | undefined;
  /** Undefined only for providers that need no key. */
  readonly key: Key | undefined;
}

/** A choice that cannot serve the request, and why; nothing was sent. */
export interface PassedOver {
  readonly choice: ModelChoice;
  readonly failure: Failure;
}

export interface Plan {
  /** In the order in which they are to be tried. */
  readonly candidates: readonly Candidate[];
  readonly passedOver: readonly PassedOver[];
}

export interface PlanPorts {
  readonly vault: Pick<Vault, 'list'>;
  readonly catalog: Catalog;
  readonly now: () => number;
}

/**
 * Turns what was asked into the candidates that may serve it, in order, with the reason for each one passed over. It
 * reads keys' labels and policies, never a secret.
 */
export async function planRequest(choices: readonly ModelChoice[], ports: PlanPorts): Promise<Plan> {
  const candidates: Candidate[] = [];
  const passedOver: PassedOver[] = [];
  for (const choice of choices) {
    const outcome = await candidateFor(choice, ports).catch((error: unknown) => ({
      failure: storageFailure(error, choice.model),
    }));
    if ('failure' in outcome) passedOver.push({ choice, failure: outcome.failure });
    else candidates.push(outcome);
  }
  return { candidates, passedOver };
}

async function candidateFor(choice: ModelChoice, ports: PlanPorts): Promise<Candidate | { failure: Failure }> {
  const known = providerOf(choice.provider);
  if (known?.auth === 'none' && choice.keyId === undefined) {
    const model = await ports.catalog.find(known.id, choice.model);
    return { provider: known, modelId: choice.model, model, key: undefined };
  }

  let keys: readonly Key[];
  try {
    keys = await ports.vault.list();
  } catch (error) {
    return { failure: vaultFailure(error, choice.model) };
  }
  const key = keys.find((one) => one.id === choice.keyId);
  if (!key) return { failure: noKey(choice) };

  const provider = resolveProvider(key);
  const model = await ports.catalog.find(key.provider, choice.model, key.id);
  const scope = allows(key.policy, choice.model, ports.now());
  if (!scope.ok) return { failure: outOfScope(choice.model, key.label, scope.reason) };
  return { provider, modelId: choice.model, model, key };
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
