/** AES-256-GCM: a fresh random IV for each envelope. */
export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

/** A data key under a passphrase. */
export interface WrappedKey extends Sealed {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
}

/** PBKDF2-SHA-256, as OWASP recommends. */
export const ITERATIONS = 600_000;

const IV_BYTES = 12;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** The version stands in every envelope's associated data, so that no later form can be passed off as this one. */
const FORM = ['patchbay-vault', 1];

export function createDeviceKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: KEY_BYTES * 8 }, false, ['encrypt', 'decrypt']);
}

export function createDataKey(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(KEY_BYTES));
}

export function importDataKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/**
 * @param bound what the envelope belongs to: it opens only with the very same words
 */
export async function seal(key: CryptoKey, text: string, bound: readonly (string | number)[]): Promise<Sealed> {
  return sealBytes(key, new TextEncoder().encode(text), bound);
}

/** Undefined where key, envelope or `bound` are not the ones it was sealed with. */
export async function unseal(
  key: CryptoKey,
  sealed: Sealed,
  bound: readonly (string | number)[],
): Promise<string | undefined> {
  const bytes = await unsealBytes(key, sealed, bound);
  return bytes && new TextDecoder().decode(bytes);
}

export async function wrapDataKey(
  dataKey: Uint8Array<ArrayBuffer>,
  passphrase: string,
  iterations: number,
): Promise<WrappedKey> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const wrapping = await passphraseKey(passphrase, salt, iterations);
  return { ...(await sealBytes(wrapping, dataKey, ['data-key', iterations])), salt, iterations };
}

/** Undefined for the wrong passphrase. */
export async function unwrapDataKey(
  wrapped: WrappedKey,
  passphrase: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const wrapping = await passphraseKey(passphrase, wrapped.salt, wrapped.iterations);
  const bytes = await unsealBytes(wrapping, wrapped, ['data-key', wrapped.iterations]);
  return bytes && new Uint8Array(bytes);
}

async function sealBytes(
  key: CryptoKey,
  bytes: Uint8Array<ArrayBuffer>,
  bound: readonly (string | number)[],
): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: associated(bound) }, key, bytes);
  return { iv, data };
}

async function unsealBytes(
  key: CryptoKey,
  { iv, data }: Sealed,
  bound: readonly (string | number)[],
): Promise<ArrayBuffer | undefined> {
  try {
    return await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: associated(bound) }, key, data);
  } catch {
    // A failed tag, or bytes that are no envelope at all: WebCrypto tells no more, and neither is a fault of ours.
    return undefined;
  }
}

/** JSON keeps the words apart: no two lists of words are the same text. */
function associated(bound: readonly (string | number)[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify([...FORM, ...bound]));
}

async function passphraseKey(
  passphrase: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(passphrase), 'PBKDF2', false, [
    'deriveKey',
  ]);
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations },
    material,
    { name: 'AES-GCM', length: KEY_BYTES * 8 },
    false,
    ['encrypt', 'decrypt'],
  );
}
