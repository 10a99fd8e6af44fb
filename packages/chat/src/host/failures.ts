import { type Failure, type FailureKind, LedgerError, StoreError, type UserAction, VaultError } from '@patchbay/core';

/** Thrown inside the host where a request is refused: the panel gets the failure. */
export class Refusal extends Error {
  readonly failure: Failure;
  constructor(kind: FailureKind, message: string, userAction: UserAction = 'none') {
    super(message);
    this.name = 'Refusal';
    this.failure = failureOf(kind, message, userAction);
  }
}

export function failureOf(kind: FailureKind, message: string, userAction: UserAction): Failure {
  return { kind, retryable: userAction === 'retry', fallbackable: false, message, userAction };
}

const STORE_ACTION: { readonly [code in StoreError['code']]: UserAction } = {
  full: 'free-space',
  newer: 'reload',
  closed: 'reload',
  unreadable: 'reload',
  conflict: 'none',
  missing: 'none',
};

const VAULT_KIND: { readonly [code in VaultError['code']]: readonly [FailureKind, UserAction] } = {
  locked: ['vault-locked', 'unlock'],
  'wrong-passphrase': ['vault-locked', 'unlock'],
  'not-found': ['auth', 'check-key'],
  unreadable: ['storage', 'check-key'],
  'storage-full': ['storage', 'free-space'],
  'origin-changed': ['auth', 'check-key'],
  newer: ['storage', 'reload'],
  invalid: ['auth', 'check-key'],
};

/** What the user is told of an error, whatever threw it. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Refusal) return error.failure;
  if (error instanceof StoreError) return failureOf('storage', error.message, STORE_ACTION[error.code]);
  if (error instanceof VaultError)
    return failureOf(VAULT_KIND[error.code][0], error.message, VAULT_KIND[error.code][1]);
  if (error instanceof LedgerError) return failureOf('ledger-locked', error.message, 'reload');
  const name = error instanceof Error ? error.name : typeof error;
  return failureOf(
    'internal',
    `Something went wrong inside Patchbay (${name}). Try again, or reload the panel.`,
    'retry',
  );
}
