import { StoreError, VaultError } from '@patchbay/core';
import { storeError } from '../indexeddb/database.ts';

/** What a failure of the vault's own database means for the user. */
export function vaultError(error: unknown): unknown {
  // Thrown at once rather than by a request: a value that cannot be stored, such as a CryptoKey in some private windows.
  if (error instanceof DOMException) return vaultError(storeError(error));
  if (!(error instanceof StoreError)) return error;
  switch (error.code) {
    case 'full':
      return new VaultError(
        'storage-full',
        'The disk or the browser’s storage quota is full, so your keys were left as they were. Free some space and try again.',
      );
    case 'newer':
      return new VaultError(
        'newer',
        'Your keys were stored by a newer version of Patchbay. Update Patchbay, or reload it if it was just updated.',
      );
    default:
      return unreadable('Your keys cannot be read or written at the moment.');
  }
}

/** The session area has no error types of its own: a full one says so in words. */
export function sessionError(error: unknown): VaultError {
  const full = error instanceof Error && /quota/i.test(`${error.name} ${error.message}`);
  return full
    ? new VaultError(
        'storage-full',
        'The browser’s session storage is full. Close other extensions’ work, or restart the browser.',
      )
    : unreadable('The browser’s session storage does not answer.');
}

export function unreadable(what: string): VaultError {
  return new VaultError(
    'unreadable',
    `${what} Reload Patchbay; if it stays, delete all keys and add them again. What they have spent stays counted.`,
  );
}

export function damagedKey(label: string): VaultError {
  return new VaultError(
    'unreadable',
    `What is stored of “${label}” is damaged. Delete this key and add it again. What it has spent stays counted.`,
  );
}
