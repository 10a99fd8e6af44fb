import { type Key, originChanged, type Policy, policyFromJson, policyToJson } from '@patchbay/core';
import { damagedKey } from './errors.ts';
import { type KeyRecord, RECORD_VERSION } from './schema.ts';
import { type Sealed, seal, unseal } from './seal.ts';

/** A key with its secret in clear: in memory only, while it is sealed anew or sent. */
export interface Entry {
  readonly key: Key;
  readonly secret: string;
}

/** Two envelopes for one key; its provider and origin open the secret's, so that neither can be exchanged. */
export async function sealEntry(dataKey: CryptoKey, { key, secret }: Entry): Promise<KeyRecord> {
  const { policy, ...open } = key;
  return {
    ...open,
    v: RECORD_VERSION,
    policyVersion: policy.version,
    secret: await seal(dataKey, secret, secretBound(key)),
    policy: await sealPolicy(dataKey, key, policy),
  };
}

/** The origin stands in it as well: where the secret's envelope fails, this one tells why. */
export async function sealPolicy(dataKey: CryptoKey, key: Pick<Key, 'id' | 'origin'>, policy: Policy): Promise<Sealed> {
  const text = JSON.stringify({ origin: key.origin, policy: policyToJson(policy) });
  return seal(dataKey, text, policyBound(key.id, policy.version));
}

/** What may be known of a key. One that cannot be read is listed all the same, with a policy that allows nothing. */
export async function openKey(dataKey: CryptoKey, record: KeyRecord): Promise<Key> {
  const { v: _, policyVersion, secret: __, policy: ___, ...open } = record;
  const sealed = await openPolicy(dataKey, record);
  if (sealed) return { ...open, policy: sealed.policy };
  return {
    ...open,
    policy: { version: policyVersion, caps: [{ limit: 0n, window: 'total' }], scope: { models: [] } },
    damaged: true,
  };
}

/** Throws `origin-changed` where the address was exchanged, `unreadable` for any other damage. */
export async function openEntry(dataKey: CryptoKey, record: KeyRecord): Promise<Entry> {
  const sealed = await openPolicy(dataKey, record);
  if (!sealed) throw damagedKey(record.label);
  if (sealed.origin !== record.origin) throw originChanged(record.label);
  const secret = await unsealSafely(dataKey, record.secret, secretBound(record));
  if (secret === undefined) throw damagedKey(record.label);
  return { key: await openKey(dataKey, record), secret };
}

async function openPolicy(
  dataKey: CryptoKey,
  record: KeyRecord,
): Promise<{ readonly origin: string; readonly policy: Policy } | undefined> {
  const text = await unsealSafely(dataKey, record.policy, policyBound(record.id, record.policyVersion));
  if (record.v !== RECORD_VERSION || text === undefined) return undefined;
  const { origin, policy } = JSON.parse(text) as { origin: string; policy: unknown };
  const read = policyFromJson(policy);
  return read && { origin, policy: read };
}

async function unsealSafely(
  dataKey: CryptoKey,
  sealed: Sealed | undefined,
  bound: readonly (string | number)[],
): Promise<string | undefined> {
  return sealed && unseal(dataKey, sealed, bound);
}

function secretBound({ id, provider, origin }: Pick<Key, 'id' | 'provider' | 'origin'>) {
  return ['secret', id, provider, origin];
}

function policyBound(id: string, version: number) {
  return ['policy', id, version];
}
