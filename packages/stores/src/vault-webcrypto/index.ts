export { VAULT_DATABASE } from './schema.ts';
export { createMemorySessionArea, type SessionArea } from './session-area.ts';
export { createWebCryptoVault, type Locks, type WebCryptoVaultOptions } from './vault.ts';
