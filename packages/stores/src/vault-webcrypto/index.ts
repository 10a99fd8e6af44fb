export type { Locks } from './exclusive.ts';
export { VAULT_DATABASE } from './schema.ts';
export { createMemorySessionArea, type SessionArea } from './session-area.ts';
export { createWebCryptoVault, type WebCryptoVaultOptions } from './vault.ts';
