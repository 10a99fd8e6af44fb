import { VaultError, type VaultMode } from '@patchbay/core';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openRouterKey, PASSPHRASE, SECRET } from '../../../core/src/keys/vault.testing.ts';
import { createProfile, type Profile } from './harness.testing.ts';
import { VAULT_DATABASE } from './schema.ts';
import type { SessionArea } from './session-area.ts';

afterEach(() => vi.restoreAllMocks());

const MODES: readonly VaultMode[] = ['device', 'passphrase', 'session'];
const setMode = (profile: Profile, mode: VaultMode, session?: SessionArea) =>
  profile.open(session && { session }).setMode(mode, mode === 'passphrase' ? { passphrase: PASSPHRASE } : {});
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing thrown',
    (error: unknown) => (error instanceof VaultError ? error.code : error),
  );

class Killed extends Error {}

/** Lets `writes` writes through, to disk and session alike, and fails every one after them: the process is gone. */
function killAfter(writes: number, profile: Profile): { session: SessionArea; reached: () => boolean } {
  let left = writes;
  let killed = false;
  const step = () => {
    if (left === 0) killed = true;
    else left -= 1;
    if (killed) throw new Killed();
  };
  for (const method of ['put', 'add', 'clear', 'delete'] as const) {
    const real = IDBObjectStore.prototype[method] as (...args: unknown[]) => unknown;
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: unknown, ...args: unknown[]) {
      step();
      return real.apply(this, args) as never;
    });
  }
  const session: SessionArea = {
    get: (key) => profile.session.get(key),
    set: async (key, value) => {
      step();
      await profile.session.set(key, value);
    },
    remove: async (key) => {
      step();
      await profile.session.remove(key);
    },
  };
  return { session, reached: () => killed };
}

describe('a kill in the middle of a change of mode', () => {
  const changes = MODES.flatMap((from) => MODES.map((to) => [from, to] as const)).filter(
    ([from, to]) => !(from === 'session' && to === 'session'),
  );

  it.each(changes)('from %s to %s loses nothing, whichever write it hits', async (from, to) => {
    let kills = 0;
    for (let writes = 0; ; writes += 1) {
      const profile = createProfile();
      await setMode(profile, from);
      const vault = profile.open();
      const one = await vault.add(openRouterKey);
      const two = await vault.add({ ...openRouterKey, secret: `${SECRET}2`, label: 'Second' });
      await vault.setLedgerId('ledger-1');

      const kill = killAfter(writes, profile);
      await setMode(profile, to, kill.session).catch(() => undefined);
      vi.restoreAllMocks();
      if (!kill.reached()) break;
      kills += 1;

      const after = profile.open();
      const { mode, locked } = await after.status();
      expect([from, to]).toContain(mode);
      if (locked) await after.unlock(PASSPHRASE);
      expect(await after.list(), `after ${writes} writes`).toEqual([one, two]);
      expect((await after.open(one.id)).secret).toBe(SECRET);
      expect((await after.open(two.id)).secret).toBe(`${SECRET}2`);
      expect(await after.ledgerId()).toBe('ledger-1');
      // And it can be done again.
      await setMode(profile, to);
      expect((await profile.open().open(one.id)).secret).toBe(SECRET);
      if (to !== 'session') expect(profile.sessionText()).not.toContain(SECRET);
    }
    expect(kills).toBeGreaterThanOrEqual(3);
  });
});

describe('a kill in the middle of anything else', () => {
  const works: readonly (readonly [
    string,
    (profile: Profile, session: SessionArea, id: string) => Promise<unknown>,
  ])[] = [
    ['adding', (profile, session) => profile.open({ session }).add({ ...openRouterKey, secret: `${SECRET}3` })],
    ['renaming', (profile, session, id) => profile.open({ session }).rename(id, 'Renamed')],
    ['changing caps', (profile, session, id) => profile.open({ session }).setPolicy(id, { version: 0, caps: [] })],
    ['removing another', (profile, session, id) => profile.open({ session }).remove(`${id}-no`)],
    ['locking', (profile, session) => profile.open({ session }).lock()],
  ];

  it.each(works.flatMap(([name, work]) => MODES.map((mode) => [name, mode, work] as const)))(
    '%s (%s) leaves the key there was',
    async (_, mode, work) => {
      for (let writes = 0; ; writes += 1) {
        const profile = createProfile();
        await setMode(profile, mode);
        const key = await profile.open().add(openRouterKey);
        const kill = killAfter(writes, profile);
        await work(profile, kill.session, key.id).catch(() => undefined);
        vi.restoreAllMocks();
        const after = profile.open();
        if ((await after.status()).locked) await after.unlock(PASSPHRASE);
        expect((await after.open(key.id)).secret).toBe(SECRET);
        if (!kill.reached()) break;
      }
    },
  );
});

describe('a disk that is full', () => {
  const full = () => {
    for (const method of ['put', 'add'] as const) {
      vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(() => {
        throw new DOMException('no room', 'QuotaExceededError');
      });
    }
  };

  it('keeps what is there, and says what to do', async () => {
    const profile = createProfile();
    const vault = profile.open();
    const key = await vault.add(openRouterKey);
    full();
    const works = [
      () => vault.add({ ...openRouterKey, secret: `${SECRET}2` }),
      () => vault.rename(key.id, 'x'),
      () => vault.setPolicy(key.id, { version: 0, caps: [] }),
      () => vault.setMode('passphrase', { passphrase: PASSPHRASE }),
      () => vault.setLedgerId('l'),
    ];
    for (const work of works) {
      expect(await codeOf(work())).toBe('storage-full');
      await expect(work()).rejects.toThrow(/quota is full.*Free some space/);
    }
    vi.restoreAllMocks();
    expect((await vault.open(key.id)).secret).toBe(SECRET);
    expect((await vault.status()).mode).toBe('device');
  });

  it('can still be wiped', async () => {
    const profile = createProfile();
    const vault = profile.open();
    await vault.add(openRouterKey);
    full();
    await vault.wipe();
    vi.restoreAllMocks();
    expect(await vault.list()).toEqual([]);
  });
});

describe('a database that cannot be used', () => {
  const broken = (name: string) => {
    const factory = new IDBFactory();
    vi.spyOn(factory, 'open').mockImplementation(() => {
      throw new DOMException('no', name);
    });
    return factory;
  };

  it('is called unreadable', async () => {
    const vault = createProfile().open({ factory: broken('UnknownError') });
    expect(await codeOf(vault.status())).toBe('unreadable');
    expect(await codeOf(vault.list())).toBe('unreadable');
    await expect(vault.add(openRouterKey)).rejects.toThrow(/Reload Patchbay.*What they have spent stays counted/);
  });

  it('of a newer version is left alone, and can be wiped', async () => {
    const profile = createProfile();
    await new Promise<void>((resolve) => {
      const request = profile.factory.open(VAULT_DATABASE, 99);
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
    });
    const vault = profile.open();
    expect(await codeOf(vault.status())).toBe('newer');
    expect(await codeOf(vault.add(openRouterKey))).toBe('newer');
    await expect(vault.list()).rejects.toThrow(/newer version of Patchbay. Update/);
    await vault.wipe();
    expect((await vault.add(openRouterKey)).label).toBe('Work');
  });

  it('that was deleted while it was in use is empty, not broken', async () => {
    const profile = createProfile();
    const vault = profile.open();
    await vault.add(openRouterKey);
    await new Promise<void>((resolve) => {
      profile.factory.deleteDatabase(VAULT_DATABASE).onsuccess = () => resolve();
    });
    expect(await vault.list()).toEqual([]);
    expect((await vault.add(openRouterKey)).policy.version).toBe(2);
  });
});

describe('a session area that fails', () => {
  const failing = (message: string): SessionArea => {
    const fail = () => Promise.reject(new Error(message));
    return { get: fail, set: fail, remove: fail };
  };

  it('does not touch a device vault', async () => {
    const vault = createProfile().open({ session: failing('gone') });
    const key = await vault.add(openRouterKey);
    expect((await vault.open(key.id)).secret).toBe(SECRET);
  });

  it('refuses what needs it, with what to do', async () => {
    const profile = createProfile();
    const key = await profile.open().add(openRouterKey);
    expect(
      await codeOf(profile.open({ session: failing('Session storage quota bytes exceeded') }).setMode('session')),
    ).toBe('storage-full');
    expect(await codeOf(profile.open({ session: failing('gone') }).setMode('session'))).toBe('unreadable');
    expect((await profile.open().open(key.id)).secret).toBe(SECRET);
  });

  it('leaves a vault that has just been given a passphrase locked, not broken', async () => {
    const profile = createProfile();
    const key = await profile.open().add(openRouterKey);
    await profile.open({ session: failing('gone') }).setMode('passphrase', { passphrase: PASSPHRASE });
    const vault = profile.open();
    expect(await vault.status()).toMatchObject({ mode: 'passphrase', locked: true });
    await vault.unlock(PASSPHRASE);
    expect((await vault.open(key.id)).secret).toBe(SECRET);
  });
});

describe('where the platform’s locks do not hold', () => {
  it('a change that was overtaken is done again', async () => {
    const profile = createProfile();
    // A lock that locks nothing: only the revision in the database stands between two windows.
    const locks = { request: <T>(_: string, work: () => Promise<T>) => work() };
    const open = () => profile.open({ locks });
    const key = await open().add(openRouterKey);
    await open().setLedgerId('ledger-1');
    const secrets = Array.from({ length: 6 }, (_, index) => `${SECRET}${index}`);
    await Promise.all([
      ...secrets.map((secret) => open().add({ ...openRouterKey, secret, label: secret.slice(-1) })),
      open().setMode('passphrase', { passphrase: PASSPHRASE }),
    ]);
    const vault = open();
    expect((await vault.list()).length).toBe(7);
    for (const one of await vault.list()) expect((await vault.open(one.id)).secret).toContain(SECRET);
    expect((await vault.open(key.id)).secret).toBe(SECRET);
  });
});
