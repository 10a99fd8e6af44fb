/** One closed taxonomy for everything that can go wrong with a request. */
export type FailureKind =
  | 'auth' // the key is wrong, revoked or malformed
  | 'key-limit' // the provider's own limit on this key is reached
  | 'credit' // the account has no credit left
  | 'affordability' // the account could pay for a smaller answer, see `affordableTokens`
  | 'in-flight-budget' // too much money is reserved by running requests; wait
  | 'rate-limit'
  | 'overloaded'
  | 'unavailable'
  | 'context-length'
  | 'content-policy' // input or output blocked by the provider's policy
  | 'refusal' // the model itself declined
  | 'model-gone' // unknown, retired or not offered to this account
  | 'region'
  | 'permission' // the key may not do this (guardrail, data policy, endpoint)
  | 'parameter' // a request field the model does not take
  | 'malformed-output' // the answer cannot be read
  | 'truncated' // the stream ended before the provider said it was done
  | 'stalled' // one of our timeouts ran out
  | 'network' // no connection, DNS, TLS, CORS
  | 'aborted' // the user stopped it
  | 'cap' // a spend cap of the user refused it; nothing was sent
  | 'price-unknown' // no price known and no worst case set; nothing was sent
  | 'scope' // the key is not allowed for this model, site or workspace; nothing was sent
  | 'vault-locked'
  | 'ledger-locked' // the ledger is missing, unreadable, newer than the code, or locked by an overrun
  | 'storage' // a store of ours failed: full disk, unreadable database
  | 'unsupported' // the request needs what the model does not have (validation refused it); nothing was sent
  | 'internal';

/** What the user can do about it: a word the UI turns into a button. */
export type UserAction =
  | 'retry'
  | 'wait'
  | 'other-model'
  | 'check-key'
  | 'add-credit'
  | 'raise-provider-limit'
  | 'raise-cap'
  | 'lower-max-tokens'
  | 'shorten'
  | 'set-price'
  | 'unlock'
  | 'confirm-ledger'
  | 'grant-permission'
  | 'free-space'
  | 'reload'
  | 'continue'
  | 'none';

export interface Failure {
  readonly kind: FailureKind;
  /** The same request to the same place may work, perhaps after `retryAfterMs`. */
  readonly retryable: boolean;
  /** Another model, provider or key may serve the request. */
  readonly fallbackable: boolean;
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** The provider's own word for it, such as `insufficient_quota`. */
  readonly providerCode?: string;
  /** A full sentence for the user: model, cause, what to do. Never contains a secret. */
  readonly message: string;
  /** The provider's own message, trimmed, secrets redacted. */
  readonly detail?: string;
  readonly retryAfterMs?: number;
  /** `affordability` and `cap`: the largest answer, in tokens, that would fit. */
  readonly affordableTokens?: number;
  readonly userAction: UserAction;
}
