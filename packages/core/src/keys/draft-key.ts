import { plainText } from '../chat/plain-text.ts';
import { normalizeBaseUrl } from '../providers/base-url.ts';
import { providerOf } from '../providers/registry.ts';
import type { Policy } from '../spending/ledger.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Key, type NewKey, VaultError, type VaultMode } from './key.ts';
import { policyFromJson, policyToJson } from './policy.ts';

/** A key that may be stored, before it has an id, a policy version and a place. */
export interface KeyDraft {
  readonly key: Omit<Key, 'id' | 'policy' | 'createdAt'>;
  readonly secret: string;
}

const LONGEST_LABEL = 80;
/** Below this length, four characters would give away too much of a secret. */
const SHOWS_LAST_FOUR = 12;
const SHORTEST_PASSPHRASE = 8;

/** Checks and tidies what is to be added. Throws `VaultError` `invalid` with a sentence for the user. */
export async function draftKey(input: NewKey): Promise<KeyDraft> {
  const provider = providerOf(input.provider);
  if (!provider) throw new VaultError('invalid', `This version of Patchbay knows no provider “${input.provider}”.`);
  if (provider.auth === 'none') throw new VaultError('invalid', `${provider.name} needs no key.`);
  const address = normalizeBaseUrl(input.baseUrl === '' ? provider.baseUrl : input.baseUrl);
  if (!address.ok) throw new VaultError('invalid', address.message);
  const secret = input.secret.trim();
  if (secret === '' && !provider.keyOptional) throw new VaultError('invalid', `${provider.name} needs a key.`);
  if (!/^[\x21-\x7e]*$/.test(secret)) {
    throw new VaultError('invalid', 'The key holds a space, a line break or a character that no key has.');
  }
  return {
    key: {
      label: tidyLabel(input.label) || provider.name,
      provider: provider.id,
      origin: address.origin,
      baseUrl: address.baseUrl,
      lastFour: lastFourOf(secret),
      fingerprint: await fingerprintOf(address.origin, secret),
      ...(input.overrides && { overrides: input.overrides }),
    },
    secret,
  };
}

/** Enough of a secret to tell two apart; '' where that would give away too much of it. */
export function lastFourOf(secret: string): string {
  return secret.length < SHOWS_LAST_FOUR ? '' : secret.slice(-4);
}

export function tidyLabel(label: string): string {
  return plainText(label.slice(0, 2 * LONGEST_LABEL)).slice(0, LONGEST_LABEL);
}

/** A key is stored once: two policies for one account would contradict each other. */
export function refuseDuplicate(keys: readonly Pick<Key, 'fingerprint' | 'label'>[], draft: KeyDraft): void {
  const same = keys.find((key) => key.fingerprint === draft.key.fingerprint);
  if (same) throw new VaultError('invalid', `This key is stored already, as “${same.label}”.`);
}

/**
 * The secret goes where the record says, and nowhere else: checked each time it is opened. Throws `origin-changed`.
 */
export function checkOrigin(key: Pick<Key, 'baseUrl' | 'origin' | 'label'>): void {
  if (URL.parse(key.baseUrl)?.origin !== key.origin) throw originChanged(key.label);
}

export function originChanged(label: string): VaultError {
  return new VaultError(
    'origin-changed',
    `The address of “${label}” is not the one its secret was stored for. Delete the key and add it again.`,
  );
}

/** One form of a passphrase, however it was typed. Throws `invalid` for one that protects nothing. */
export function tidyPassphrase(passphrase: string | undefined): string {
  const tidy = (passphrase ?? '').normalize('NFKC');
  if ([...tidy].length < SHORTEST_PASSPHRASE) {
    throw new VaultError('invalid', `A passphrase has at least ${SHORTEST_PASSPHRASE} characters.`);
  }
  return tidy;
}

/** A policy that will be read again as it was written. Throws `invalid` for one that would not, such as a negative cap. */
export function checkPolicy(policy: Policy): Policy {
  const read = policyFromJson(policyToJson(policy));
  if (!read)
    throw new VaultError('invalid', 'These limits cannot be stored: an amount is negative, or a date is no date.');
  return read;
}

export function checkAutoLock(minutes: number | undefined): void {
  if (minutes !== undefined && !(Number.isFinite(minutes) && minutes > 0)) {
    throw new VaultError('invalid', 'The minutes until the keys lock themselves must be more than zero.');
  }
}

export function checkMode(mode: VaultMode): void {
  if (mode !== 'device' && mode !== 'passphrase' && mode !== 'session') {
    throw new VaultError('invalid', `There is no way “${String(mode)}” to keep keys.`);
  }
}

export const lockedError = () => new VaultError('locked', 'Your keys are locked. Unlock them with your passphrase.');
export const wrongPassphraseError = () =>
  new VaultError('wrong-passphrase', 'This is not the passphrase. Try again; it cannot be recovered.');
export const notFoundError = () =>
  new VaultError('not-found', 'This key is no longer stored. Choose another, or add it.');
