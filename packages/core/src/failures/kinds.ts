import type { FailureKind, UserAction } from '../chat/failure.ts';

/** What a kind of failure means, unless a rule says otherwise. */
export interface KindFacts {
  /** The same request to the same place may work. */
  readonly retryable: boolean;
  /** Another model, provider or key may serve it. */
  readonly fallbackable: boolean;
  readonly action: UserAction;
  /** For the user. `{model}`, `{provider}`, `{wait}`, `{tokens}` and `{detail}` are filled in. */
  readonly says: string;
}

/** Kinds that a provider or the way to it can cause; the rest (caps, scopes, the vault) is ours to report. */
export type ProviderFailureKind = Exclude<
  FailureKind,
  'cap' | 'price-unknown' | 'scope' | 'vault-locked' | 'ledger-locked' | 'storage' | 'unsupported' | 'internal'
>;

const kind = (retryable: boolean, action: UserAction, says: string, fallbackable: boolean = true): KindFacts => ({
  retryable,
  fallbackable,
  action,
  says,
});

export const KINDS: Readonly<Record<ProviderFailureKind, KindFacts>> = {
  auth: kind(
    false,
    'check-key',
    '{provider} did not accept the key for {model}: it is wrong, revoked or expired. Check it, or add another one.',
  ),
  'key-limit': kind(
    false,
    'raise-provider-limit',
    '{model} did not answer: your key has reached its own limit at {provider}{wait}. Raise that limit there, or use another key.',
  ),
  credit: kind(
    false,
    'add-credit',
    '{model} did not answer: your account at {provider} has no credit or quota left. Add credit there, or choose a free or local model.',
  ),
  affordability: kind(
    false,
    'lower-max-tokens',
    '{model} did not answer: the credit left at {provider} does not cover the longest answer you allow{tokens}. Lower the maximum answer, or add credit.',
  ),
  'in-flight-budget': kind(
    true,
    'wait',
    '{model} has to wait: {provider} holds your credit back for answers that are still running{wait}. Try again when they are done.',
  ),
  'rate-limit': kind(
    true,
    'wait',
    '{model} did not answer: {provider} takes no more requests from you at the moment{wait}. Wait and try again, or choose another model.',
  ),
  overloaded: kind(
    true,
    'retry',
    '{model} did not answer: {provider} is overloaded{wait}. Try again, or choose another model.',
  ),
  unavailable: kind(
    true,
    'retry',
    '{model} did not answer: {provider} has a fault on its side{detail}. Try again, or choose another model.',
  ),
  'context-length': kind(
    false,
    'shorten',
    'This conversation is too long for {model} at {provider}. Shorten it, start a new one, or choose a model with a larger context.',
  ),
  'content-policy': kind(
    false,
    'other-model',
    '{provider} blocked this for {model} under its content policy. Rephrase the message, or choose another model.',
  ),
  refusal: kind(
    false,
    'other-model',
    '{model} declined to answer. Rephrase the message, or choose another model.',
    false,
  ),
  'model-gone': kind(
    false,
    'other-model',
    '{provider} does not offer {model}, or no longer, or not to your account. Choose another model.',
  ),
  region: kind(false, 'other-model', '{provider} does not offer {model} where you are. Choose another model.'),
  permission: kind(
    false,
    'check-key',
    'Your key may not use {model} at {provider}{detail}. Change that there, or choose another model.',
  ),
  parameter: kind(
    false,
    'other-model',
    '{provider} did not take this request for {model}{detail}. Change that setting, or choose another model.',
  ),
  'malformed-output': kind(
    true,
    'retry',
    'The answer of {model} could not be read: {provider} sent something that is no answer{detail}. Try again, or choose another model.',
  ),
  truncated: kind(
    true,
    'continue',
    'The answer of {model} is cut off: the connection to {provider} ended before it was done{detail}. Continue it, or try again.',
  ),
  stalled: kind(
    true,
    'retry',
    '{model} stopped responding: {provider} sent {detail}. Try again, or choose another model.',
  ),
  network: kind(
    true,
    'retry',
    '{model} was not reached: there is no connection to {provider}. Check your connection and try again.',
  ),
  aborted: kind(false, 'none', 'You stopped {model}. What had arrived is kept.', false),
};
