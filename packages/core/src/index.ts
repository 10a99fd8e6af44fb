export { type CatalogPorts, createCatalog, GUIDE_MODEL, type UserModel } from './catalog/catalog.ts';
export { createMemoryModelLists } from './catalog/memory-lists.ts';
export type * from './catalog/model.ts';
export { type RankOptions, rankModels, type Searchable } from './catalog/rank.ts';
export { type RefreshOptions, type RefreshOutcome, refreshModels } from './catalog/refresh.ts';
export { createSnapshot, loadSnapshot, type Snapshot } from './catalog/snapshot.ts';
export type * from './chat/event.ts';
export type * from './chat/failure.ts';
export { createFold, type Fold, type FoldedAnswer } from './chat/fold.ts';
export type * from './chat/json.ts';
export type * from './chat/message.ts';
export type * from './chat/part.ts';
export type * from './chat/request.ts';
export type * from './chat/usage.ts';
export { createDecoder } from './dialects/all-decoders.ts';
export type * from './dialects/dialect.ts';
export { classifyFailure, type FailureInput } from './failures/classify.ts';
export type { FailureContext } from './failures/failure.ts';
export { type ChatOptions, createGateway, type Gateway } from './gateway.ts';
export { leftAlone } from './keys/auto-lock.ts';
export { checkKey, type KeyCheck, type KeyCheckInput } from './keys/check.ts';
export {
  checkAutoLock,
  checkMode,
  checkOrigin,
  checkPolicy,
  draftKey,
  lastFourOf,
  lockedError,
  notFoundError,
  originChanged,
  refuseDuplicate,
  tidyLabel,
  tidyPassphrase,
  wrongPassphraseError,
} from './keys/draft-key.ts';
export { fingerprintOf } from './keys/fingerprint.ts';
export * from './keys/key.ts';
export { createMemoryVault, createMemoryVaultStorage, type MemoryVaultStorage } from './keys/memory-vault.ts';
export { policyFromJson, policyToJson } from './keys/policy.ts';
export type * from './ports.ts';
export { type BaseUrlCheck, normalizeBaseUrl } from './providers/base-url.ts';
export type * from './providers/provider.ts';
export { type KeyRecognition, recognizeKey } from './providers/recognize-key.ts';
export { authHeaders, providerOf, providers, resolveProvider } from './providers/registry.ts';
export { createMemoryBlobStore, createMemoryConversationStore } from './records/memory.ts';
export { type RecordKind, type RecordKinds, readRecord } from './records/migrations.ts';
export * from './records/records.ts';
export { searchConversation, searchWords } from './records/search.ts';
export * from './records/store.ts';
export * from './spending/ledger.ts';
export type { Changes, Found, HistoryQuery, LedgerStorage } from './spending/ledger-storage.ts';
export { createMemoryLedger } from './spending/memory-ledger.ts';
export { displayUsd, formatExactUsd, formatUsd, nanoUsdDown, nanoUsdUp, parseUsd } from './spending/money.ts';
export { type Cost, type CostPart, priceOf } from './spending/price.ts';
export type {
  Account as LedgerAccount,
  Meta as LedgerMeta,
  Needs as LedgerNeeds,
  Owner as LedgerOwner,
  Row as LedgerRow,
  StoredReservation,
} from './spending/state/model.ts';
export { createLedger, type LedgerOptions } from './spending/storage-ledger.ts';
export { blobIdsOf, toBase64 } from './transcript/media.ts';
