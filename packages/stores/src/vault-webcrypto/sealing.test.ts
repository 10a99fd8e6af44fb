import { VaultError, type VaultMode } from '@patchbay/core';
import { describe, expect, it, vi } from 'vitest';
import { openRouterKey, PASSPHRASE, SECRET } from '../../../core/src/keys/vault.testing.ts';
import { createProfile, everythingIn, type Profile } from './harness.testing.ts';

const MODES: readonly VaultMode[] = ['device', 'passphrase', 'session'];
const setMode = (profile: Profile, mode: VaultMode) =>
  profile.open().setMode(mode, mode === 'passphrase' ? { passphrase: PASSPHRASE } : {});
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing thrown',
    (error: unknown) => (error instanceof VaultError ? error.code : error),
  );

describe('what lies on the disk', () => {
  it.each(MODES)('holds no secret, cap or scope in clear (%s)', async (mode) => {
    const profile = createProfile();
    await setMode(profile, mode);
    const vault = profile.open();
    const key = await vault.add({ ...openRouterKey, scope: { models: ['very-private/model'] } });
    await vault.setPolicy(key.id, { ...key.policy, caps: [{ limit: 123_456_789n, window: 'day' }] });
    await vault.setLedgerId('the-ledger-of-this-installation');
    await vault.rename(key.id, 'Renamed');
    const text = everythingIn(await profile.rows());
    for (const hidden of [SECRET, SECRET.slice(4, 20), PASSPHRASE, 'very-private', '123456789', 'the-ledger-of']) {
      expect(text).not.toContain(hidden);
    }
    expect(text).not.toContain('extractable:true');
    if (mode === 'session') expect((await profile.rows()).keys).toEqual([]);
    else expect(text).toContain('Renamed');
  });

  it('keeps no raw data key beside what it opens, in mode passphrase', async () => {
    const profile = createProfile();
    await setMode(profile, 'passphrase');
    await profile.open().add(openRouterKey);
    const { key } = JSON.parse(
      profile
        .sessionText()
        .split('\n')
        .find((line) => line.includes('"key"')) ?? '{}',
    ) as { key: string };
    expect(atob(key)).toHaveLength(32);
    expect(everythingIn(await profile.rows())).not.toContain(atob(key));
    await profile.open().lock();
    expect(profile.sessionText()).not.toContain(key);
  });

  it('leaves nothing of a passphrase vault’s secrets in the session area, and nothing of a session vault after it', async () => {
    const profile = createProfile();
    await profile.open().add(openRouterKey);
    await setMode(profile, 'session');
    expect(profile.sessionText()).toContain(SECRET);
    expect((await profile.rows()).keys).toEqual([]);
    expect(everythingIn((await profile.rows()).meta)).not.toContain('CryptoKey');
    await setMode(profile, 'passphrase');
    expect(profile.sessionText()).not.toContain(SECRET);
    expect(profile.sessionText()).not.toContain(PASSPHRASE);
    await setMode(profile, 'device');
    expect(profile.sessionText()).not.toContain('"key"');
  });

  it('never uses an IV twice', async () => {
    const profile = createProfile();
    const vault = profile.open();
    const seen = new Set<string>();
    let envelopes = 0;
    const collect = async () => {
      for (const { secret, policy } of (await profile.rows()).keys as {
        secret: { iv: Uint8Array };
        policy: { iv: Uint8Array };
      }[]) {
        for (const { iv } of [secret, policy]) {
          expect(iv).toHaveLength(12);
          seen.add(iv.join());
        }
      }
    };
    const key = await vault.add(openRouterKey);
    await collect();
    envelopes += 2;
    for (let times = 0; times < 5; times += 1) {
      await vault.setPolicy(key.id, key.policy);
      await collect();
      envelopes += 1;
    }
    await vault.setMode('device');
    await collect();
    envelopes += 2;
    expect(seen.size).toBe(envelopes);
  });

  it('writes nothing to the console', async () => {
    const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name));
    const profile = createProfile();
    const vault = profile.open();
    const key = await vault.add(openRouterKey);
    await setMode(profile, 'passphrase');
    await codeOf(vault.unlock('wrong wrong wrong'));
    await vault.open(key.id);
    await profile.tamper((row) => ({ ...row, origin: 'https://evil.example' }));
    await codeOf(vault.open(key.id));
    for (const spy of spies) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });
});

describe('a record that was tampered with', () => {
  async function withKey() {
    const profile = createProfile();
    const vault = profile.open();
    const key = await vault.add(openRouterKey);
    return { profile, vault, key };
  }

  it('never sends its secret to another origin', async () => {
    const { profile, vault, key } = await withKey();
    await profile.tamper((row) => ({ ...row, origin: 'https://evil.example', baseUrl: 'https://evil.example/v1' }));
    expect(await codeOf(vault.open(key.id))).toBe('origin-changed');
    await expect(vault.open(key.id)).rejects.toThrow(/“Work”.*Delete the key and add it again/);
  });

  it('never sends its secret to a base URL of another origin', async () => {
    const { profile, vault, key } = await withKey();
    await profile.tamper((row) => ({ ...row, baseUrl: 'https://evil.example/v1' }));
    expect(await codeOf(vault.open(key.id))).toBe('origin-changed');
    await profile.tamper((row) => ({ ...row, baseUrl: 'not a url' }));
    expect(await codeOf(vault.open(key.id))).toBe('origin-changed');
  });

  it('is not opened for another provider', async () => {
    const { profile, vault, key } = await withKey();
    await profile.tamper((row) => ({ ...row, provider: 'custom' }));
    expect(await codeOf(vault.open(key.id))).toBe('unreadable');
  });

  it.each(['secret', 'policy'])('is not opened with the %s of another key', async (envelope) => {
    const { profile, vault, key } = await withKey();
    const other = await vault.add({ ...openRouterKey, secret: `${SECRET}2`, caps: [] });
    const rows = (await profile.rows()).keys;
    const foreign = rows.find((row) => row.id === other.id)?.[envelope];
    await profile.tamper((row) => (row.id === key.id ? { ...row, [envelope]: foreign } : row));
    expect(await codeOf(vault.open(key.id))).toBe('unreadable');
  });

  it.each([
    ['a flipped bit', (row: Record<string, unknown>) => ({ ...row, policy: flipped(row.policy) })],
    ['an older policy passed off as a newer one', (row: Record<string, unknown>) => ({ ...row, policyVersion: 7 })],
    ['no policy', (row: Record<string, unknown>) => ({ ...row, policy: undefined })],
    ['garbage for a policy', (row: Record<string, unknown>) => ({ ...row, policy: 'none' })],
    ['a later form', (row: Record<string, unknown>) => ({ ...row, v: 2 })],
  ])('with %s is listed so that it can be removed, and may do nothing', async (_, change) => {
    const { profile, vault, key } = await withKey();
    const healthy = await vault.add({ ...openRouterKey, secret: `${SECRET}2` });
    await profile.tamper((row) => (row.id === key.id ? change(row) : row));
    const listed = (await vault.list()).find((one) => one.id === key.id);
    expect(listed).toMatchObject({ label: 'Work', damaged: true });
    expect(listed?.policy.caps).toEqual([{ limit: 0n, window: 'total' }]);
    expect(listed?.policy.scope).toEqual({ models: [] });
    expect(await codeOf(vault.open(key.id))).toBe('unreadable');
    expect(await codeOf(vault.setPolicy(key.id, { version: 0, caps: [] }))).toBe('unreadable');
    expect(await codeOf(vault.setMode('session'))).toBe('unreadable');
    expect((await vault.open(healthy.id)).secret).toBe(`${SECRET}2`);
    await vault.rename(key.id, 'Broken');
    await vault.remove(key.id);
    expect(await vault.list()).toEqual([healthy]);
    await vault.setMode('session');
    expect((await vault.open(healthy.id)).secret).toBe(`${SECRET}2`);
  });

  it('with a damaged secret says so, and names the key', async () => {
    const { profile, vault, key } = await withKey();
    await profile.tamper((row) => ({ ...row, secret: flipped(row.secret) }));
    await expect(vault.open(key.id)).rejects.toThrow(/“Work” is damaged.*What it has spent stays counted/);
  });
});

describe('the vault’s own record', () => {
  it.each([
    ['from a newer version', (row: Record<string, unknown>) => ({ ...row, v: 2 }), 'newer'],
    ['without its key', (row: Record<string, unknown>) => ({ ...row, deviceKey: undefined }), 'unreadable'],
    ['of no known mode', (row: Record<string, unknown>) => ({ ...row, mode: 'paper' }), 'unreadable'],
    ['that is none', () => 'garbage', 'unreadable'],
  ] as const)('%s keeps everything shut until it is wiped', async (_, change, code) => {
    const profile = createProfile();
    const vault = profile.open();
    const key = await vault.add(openRouterKey);
    await profile.tamperMeta(change);
    expect(await codeOf(vault.status())).toBe(code);
    expect(await codeOf(vault.list())).toBe(code);
    expect(await codeOf(vault.open(key.id))).toBe(code);
    expect(await codeOf(vault.add(openRouterKey))).toBe(code);
    await vault.wipe();
    expect(await vault.status()).toEqual({ mode: 'device', locked: false, keyCount: 0 });
    expect((await vault.add(openRouterKey)).lastFour).toBe('cdef');
  });

  it('does not tell a damaged ledger id from a good one by luck', async () => {
    const profile = createProfile();
    await profile.open().setLedgerId('ledger-1');
    await profile.tamperMeta((row) => ({ ...row, ledgerId: flipped(row.ledgerId) }));
    expect(await codeOf(profile.open().ledgerId())).toBe('unreadable');
  });

  it('locks a vault whose wrapped key was swapped for another’s', async () => {
    const [mine, theirs] = [createProfile(), createProfile()];
    await mine.open().add(openRouterKey);
    await setMode(mine, 'passphrase');
    await theirs.open().setMode('passphrase', { passphrase: 'their own passphrase' });
    const foreign = ((await theirs.rows()).meta as { wrapped: unknown }).wrapped;
    await mine.tamperMeta((row) => ({ ...row, wrapped: foreign }));
    mine.restartBrowser();
    const vault = mine.open();
    expect(await codeOf(vault.unlock(PASSPHRASE))).toBe('wrong-passphrase');
    await vault.unlock('their own passphrase');
    const [key] = await vault.list();
    expect(key?.damaged).toBe(true);
    expect(await codeOf(vault.open(key!.id))).toBe('unreadable');
  });
});

function flipped(sealed: unknown) {
  const { iv, data } = sealed as { iv: Uint8Array; data: ArrayBuffer };
  const bytes = new Uint8Array(data.slice(0));
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return { iv, data: bytes.buffer };
}
