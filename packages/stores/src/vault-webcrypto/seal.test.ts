import { describe, expect, it } from 'vitest';
import {
  createDataKey,
  createDeviceKey,
  ITERATIONS,
  importDataKey,
  seal,
  unseal,
  unwrapDataKey,
  wrapDataKey,
} from './seal.ts';

describe('an envelope', () => {
  it('opens with its key and its words, and with nothing else', async () => {
    const [key, other] = [await createDeviceKey(), await createDeviceKey()];
    const sealed = await seal(key, 'ünïcödé 🔑', ['secret', 'id-1', 'https://a.example']);
    expect(await unseal(key, sealed, ['secret', 'id-1', 'https://a.example'])).toBe('ünïcödé 🔑');
    expect(await unseal(other, sealed, ['secret', 'id-1', 'https://a.example'])).toBeUndefined();
    for (const words of [
      ['secret', 'id-1'],
      ['secret', 'id-1', 'https://b.example'],
      ['secret', 'id-1,https://a.example'],
      [],
      ['policy', 'id-1', 'https://a.example'],
    ]) {
      expect(await unseal(key, sealed, words)).toBeUndefined();
    }
  });

  it('is never the same twice', async () => {
    const key = await createDeviceKey();
    const [one, two] = [await seal(key, 'x', []), await seal(key, 'x', [])];
    expect(new Uint8Array(one.data)).not.toEqual(new Uint8Array(two.data));
  });
});

it('no key of ours can be exported', async () => {
  const keys = [await createDeviceKey(), await importDataKey(createDataKey())];
  for (const key of keys) {
    expect(key.extractable).toBe(false);
    expect(key.algorithm).toMatchObject({ name: 'AES-GCM', length: 256 });
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  }
});

describe('a wrapped data key', () => {
  it('comes back for its passphrase alone, at full strength', async () => {
    const dataKey = createDataKey();
    const wrapped = await wrapDataKey(dataKey, 'correct horse', ITERATIONS);
    expect(ITERATIONS).toBe(600_000);
    expect(wrapped).toMatchObject({ iterations: 600_000 });
    expect(wrapped.salt).toHaveLength(16);
    expect(await unwrapDataKey(wrapped, 'correct horse')).toEqual(dataKey);
    expect(await unwrapDataKey(wrapped, 'correct horsf')).toBeUndefined();
    expect(await unwrapDataKey({ ...wrapped, iterations: 1 }, 'correct horse')).toBeUndefined();
  });

  it('has a salt of its own each time', async () => {
    const dataKey = createDataKey();
    const [one, two] = [await wrapDataKey(dataKey, 'p', 1), await wrapDataKey(dataKey, 'p', 1)];
    expect(one.salt).not.toEqual(two.salt);
  });
});
