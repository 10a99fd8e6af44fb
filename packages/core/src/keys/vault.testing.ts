import { equal } from '../spending/ledger.testing.ts';
import type { Policy } from '../spending/ledger.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type NewKey, type Vault, VaultError, type VaultMode, type VaultPorts } from './key.ts';

/** One place to keep keys under test; what it holds outlives the vaults opened on it. */
export interface VaultHarness {
  /** Another instance on the same storage: another window, or the same one after its process was killed. */
  open(): Vault;
  /** What closing and starting the browser does to it. */
  restartBrowser(): Promise<void> | void;
}

export type MakeVault = (ports: VaultPorts) => VaultHarness | Promise<VaultHarness>;

export interface VaultCase {
  readonly name: string;
  readonly run: (make: MakeVault) => Promise<void>;
}

export const SECRET = 'sk-or-v1-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';
export const PASSPHRASE = 'correct horse battery';
const OTHER = 'sk-proj-another-secret-of-the-user';
const NOON = Date.UTC(2026, 7, 19, 12);
const MINUTE = 60_000;

export const openRouterKey: NewKey = {
  label: 'Work',
  provider: 'openrouter',
  baseUrl: '',
  secret: SECRET,
  caps: [{ limit: 10_000_000n, window: 'day' }],
  scope: { models: ['openai/*'], perRequest: 5n, notAfter: NOON },
};
const openAiKey: NewKey = { label: 'Home', provider: 'openai', baseUrl: '', secret: OTHER };

/** What a case has at hand. */
interface Stage {
  readonly vault: Vault;
  readonly harness: VaultHarness;
  readonly clock: { now: number };
  /** Accounts whose policy was raised, oldest first. */
  readonly raised: string[];
  /** While true, the ledger refuses. */
  readonly ledger: { down: boolean; before?: () => Promise<void> };
}

function on(body: (stage: Stage) => Promise<void>): VaultCase['run'] {
  return async (make) => {
    const clock = { now: NOON };
    const raised: string[] = [];
    const ledger: Stage['ledger'] = { down: false };
    const versions = new Map<string, number>();
    let ids = 0;
    const harness = await make({
      now: () => clock.now,
      newId: () => `id-${++ids}`,
      raisePolicy: async (account, atLeast) => {
        await ledger.before?.();
        if (ledger.down) throw new Error('the ledger is down');
        raised.push(account);
        const version = Math.max((versions.get(account) ?? 0) + 1, atLeast);
        versions.set(account, version);
        return version;
      },
    });
    await body({ vault: harness.open(), harness, clock, raised, ledger });
  };
}

/** The code of a `VaultError`; anything else thrown, or nothing, fails the case. No message may hold a secret. */
async function codeOf(work: Promise<unknown>): Promise<VaultError['code']> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    for (const secret of [SECRET, OTHER, PASSPHRASE, 'hunter2']) {
      if (`${error.message}${error.stack}`.includes(secret))
        throw new Error('an error holds a secret', { cause: error });
    }
    return error.code;
  }
  throw new Error('nothing was thrown');
}

async function setMode(vault: Vault, mode: VaultMode): Promise<void> {
  await vault.setMode(mode, mode === 'passphrase' ? { passphrase: PASSPHRASE } : {});
}

const MODES: readonly VaultMode[] = ['device', 'passphrase', 'session'];

/**
 * What every vault does, whatever it stores on: runs under any test runner, and in a browser's page without one. The
 * cases throw where something is not as it should be.
 */
export const vaultCases: readonly VaultCase[] = [
  {
    name: 'is empty, open and of mode device at first, and asking changes nothing',
    run: on(async ({ vault }) => {
      for (let times = 0; times < 2; times += 1) {
        equal(await vault.status(), { mode: 'device', locked: false, keyCount: 0 });
        equal(await vault.list(), []);
        equal(await vault.ledgerId(), undefined);
        equal(await codeOf(vault.open('nobody')), 'not-found');
        equal(await codeOf(vault.rename('nobody', 'x')), 'not-found');
        equal(await codeOf(vault.setPolicy('nobody', { version: 1, caps: [] })), 'not-found');
        equal(await codeOf(vault.remove('nobody')), 'not-found');
        await vault.lock();
        await vault.unlock('whatever');
      }
    }),
  },
  {
    name: 'stores a key, shows everything but its secret, and hands the secret out on opening alone',
    run: on(async ({ vault, raised }) => {
      const added = await vault.add(openRouterKey);
      const account = await fingerprintOf('https://openrouter.ai', SECRET);
      equal(added, {
        id: added.id,
        label: 'Work',
        provider: 'openrouter',
        origin: 'https://openrouter.ai',
        baseUrl: 'https://openrouter.ai/api/v1',
        lastFour: 'cdef',
        fingerprint: account,
        policy: { version: 1, caps: openRouterKey.caps, scope: openRouterKey.scope },
        createdAt: NOON,
      });
      equal(raised, [account]);
      equal(await vault.list(), [added]);
      equal(await vault.open(added.id), { key: added, secret: SECRET });
      equal(await vault.status(), { mode: 'device', locked: false, keyCount: 1 });
    }),
  },
  {
    name: 'tidies what it is given',
    run: on(async ({ vault }) => {
      const key = await vault.add({
        label: '   ',
        provider: 'custom',
        baseUrl: ' https://host.example/v1/chat/completions ',
        secret: `  ${OTHER}\n`,
        overrides: { name: 'Mine', flags: { maxTokensField: 'max_tokens' } },
      });
      equal(key.label, 'OpenAI-compatible');
      equal(key.baseUrl, 'https://host.example/v1');
      equal(key.origin, 'https://host.example');
      equal(key.overrides, { name: 'Mine', flags: { maxTokensField: 'max_tokens' } });
      equal((await vault.open(key.id)).secret, OTHER);
    }),
  },
  {
    name: 'takes a local server without a key, and shows nothing of a short secret',
    run: on(async ({ vault }) => {
      const keyless = await vault.add({ label: 'Here', provider: 'ollama', baseUrl: '', secret: '' });
      equal([keyless.lastFour, keyless.baseUrl], ['', 'http://127.0.0.1:11434/v1']);
      equal((await vault.open(keyless.id)).secret, '');
      const short = await vault.add({ label: 'There', provider: 'lmstudio', baseUrl: '', secret: 'hunter2' });
      equal(short.lastFour, '');
      equal((await vault.open(short.id)).secret, 'hunter2');
    }),
  },
  {
    name: 'refuses what cannot be stored, and stores nothing of it',
    run: on(async ({ vault, raised }) => {
      const bad: Partial<NewKey>[] = [
        { provider: 'nobody' },
        { provider: 'guide', secret: '' },
        { secret: '' },
        { secret: '  ' },
        { secret: 'sk-with a space' },
        { secret: 'sk-with\r\nx-evil: header' },
        { secret: 'sk-ключ-ключ' },
        { baseUrl: 'http://host.example/v1' },
        { baseUrl: 'https://me:hunter2@host.example/v1' },
        { baseUrl: 'nonsense nonsense' },
        { provider: 'custom', baseUrl: '' },
        { caps: [{ limit: -1n, window: 'day' }] },
        { scope: { perRequest: -1n } },
        { scope: { notAfter: Number.NaN } },
      ];
      for (const one of bad) equal(await codeOf(vault.add({ ...openRouterKey, ...one })), 'invalid');
      equal(raised, []);
      equal(await vault.list(), []);
    }),
  },
  {
    name: 'stores one secret for one origin once, and leaves the policy of the first in force',
    run: on(async ({ vault, raised }) => {
      const first = await vault.add(openRouterKey);
      equal(await codeOf(vault.add({ ...openRouterKey, label: 'Again' })), 'invalid');
      equal(raised.length, 1);
      const elsewhere = await vault.add({ ...openRouterKey, baseUrl: 'https://eu.openrouter.ai/api/v1' });
      equal(elsewhere.fingerprint === first.fingerprint, false);
      equal((await vault.list()).length, 2);
    }),
  },
  {
    name: 'gives a key that comes back a newer policy version than it ever had',
    run: on(async ({ vault }) => {
      const first = await vault.add(openRouterKey);
      const edited = await vault.setPolicy(first.id, { version: 0, caps: [] });
      await vault.remove(first.id);
      equal(await vault.list(), []);
      const again = await vault.add(openRouterKey);
      equal(again.fingerprint, first.fingerprint);
      equal(again.policy.version > edited.policy.version, true);
      equal(again.id === first.id, false);
    }),
  },
  {
    name: 'renames and removes',
    run: on(async ({ vault, harness }) => {
      const [one, two] = [await vault.add(openRouterKey), await vault.add(openAiKey)];
      equal((await vault.rename(one.id, '  Play ')).label, 'Play');
      equal((await vault.rename(one.id, ' ')).label, 'Play');
      equal((await vault.rename(one.id, 'x'.repeat(500))).label.length, 80);
      await vault.remove(two.id);
      equal(
        (await harness.open().list()).map((key) => key.id),
        [one.id],
      );
      equal((await harness.open().open(one.id)).secret, SECRET);
      equal(await codeOf(vault.open(two.id)), 'not-found');
      equal(await codeOf(vault.remove(two.id)), 'not-found');
    }),
  },
  ...MODES.map(
    (mode): VaultCase => ({
      name: `raises a policy in the ledger before it stores it (${mode})`,
      run: on(async ({ vault, harness, ledger }) => {
        await setMode(vault, mode);
        const key = await vault.add(openRouterKey);
        const policy: Policy = { version: 99, caps: [{ limit: 1n, window: 'total' }] };
        ledger.before = async () => {
          equal((await harness.open().list())[0]?.policy, key.policy);
        };
        const changed = await vault.setPolicy(key.id, policy);
        equal(changed.policy, { ...policy, version: 2 });
        equal((await harness.open().open(key.id)).key, changed);

        delete ledger.before;
        ledger.down = true;
        const refusal = await vault.setPolicy(key.id, { version: 0, caps: [] }).catch((error: Error) => error.message);
        equal(refusal, 'the ledger is down');
        equal((await harness.open().list())[0]?.policy, changed.policy);
        ledger.down = false;
        equal(await codeOf(vault.setPolicy(key.id, { version: 0, caps: [{ limit: -1n, window: 'day' }] })), 'invalid');
        equal((await vault.setPolicy(key.id, { version: 0, caps: [] })).policy, { version: 3, caps: [] });
        equal((await vault.open(key.id)).secret, SECRET);
      }),
    }),
  ),
  {
    name: 'lets the ledger that raises a policy write its id',
    run: on(async ({ vault, harness, ledger }) => {
      ledger.before = () => harness.open().setLedgerId('ledger-1');
      const key = await vault.add(openRouterKey);
      await vault.setPolicy(key.id, { version: 0, caps: [] });
      equal(await vault.ledgerId(), 'ledger-1');
    }),
  },
  ...MODES.map(
    (mode): VaultCase => ({
      name: `shows every instance what another has done (${mode})`,
      run: on(async ({ vault, harness }) => {
        const other = harness.open();
        await setMode(vault, mode);
        const key = await vault.add(openRouterKey);
        equal(await other.list(), [key]);
        await other.rename(key.id, 'Renamed');
        equal((await vault.list())[0]?.label, 'Renamed');
        await vault.setLedgerId('ledger-1');
        equal(await other.ledgerId(), 'ledger-1');
        await other.remove(key.id);
        equal(await vault.list(), []);
      }),
    }),
  ),
  ...MODES.map(
    (mode): VaultCase => ({
      name: `loses nothing when many instances write at once (${mode})`,
      run: on(async ({ vault, harness }) => {
        await setMode(vault, mode);
        const added = await Promise.all(
          Array.from({ length: 8 }, (_, index) =>
            harness.open().add({ ...openRouterKey, secret: `${SECRET}${index}`, label: `Key ${index}` }),
          ),
        );
        await Promise.all(
          added.flatMap((key, index) => [
            harness.open().rename(key.id, `Renamed ${index}`),
            harness.open().setPolicy(key.id, { version: 0, caps: [{ limit: BigInt(index), window: 'day' }] }),
            harness.open().setLedgerId('ledger-1'),
          ]),
        );
        equal((await vault.list()).length, 8);
        for (const [index, key] of added.entries()) {
          const opened = await vault.open(key.id);
          equal(opened.secret, `${SECRET}${index}`);
          equal(opened.key.label, `Renamed ${index}`);
          equal(opened.key.policy, { version: 2, caps: [{ limit: BigInt(index), window: 'day' }] });
        }
        equal(await vault.ledgerId(), 'ledger-1');
      }),
    }),
  ),
  {
    name: 'refuses to store one key twice even when two windows add it at once',
    run: on(async ({ vault, harness, raised }) => {
      const both = await Promise.allSettled([harness.open().add(openRouterKey), harness.open().add(openRouterKey)]);
      equal(both.map((one) => one.status).sort(), ['fulfilled', 'rejected']);
      const [key] = await vault.list();
      equal(raised.length, key?.policy.version);
    }),
  },
  {
    name: 'survives a restart of the browser in mode device',
    run: on(async ({ vault, harness }) => {
      const key = await vault.add(openRouterKey);
      await vault.setLedgerId('ledger-1');
      await harness.restartBrowser();
      const after = harness.open();
      equal(await after.list(), [key]);
      equal((await after.open(key.id)).secret, SECRET);
      equal(await after.ledgerId(), 'ledger-1');
    }),
  },
  {
    name: 'is locked by a restart of the browser in mode passphrase, and says nothing until it is unlocked',
    run: on(async ({ vault, harness }) => {
      const key = await vault.add(openRouterKey);
      await vault.setLedgerId('ledger-1');
      await setMode(vault, 'passphrase');
      equal((await vault.open(key.id)).secret, SECRET);
      equal((await harness.open().open(key.id)).secret, SECRET);
      await harness.restartBrowser();
      const after = harness.open();
      equal(await after.status(), { mode: 'passphrase', locked: true, keyCount: 1 });
      for (const work of [
        () => after.list(),
        () => after.open(key.id),
        () => after.add(openAiKey),
        () => after.rename(key.id, 'x'),
        () => after.setPolicy(key.id, { version: 0, caps: [] }),
        () => after.remove(key.id),
        () => after.ledgerId(),
        () => after.setLedgerId('ledger-2'),
        () => after.setMode('device'),
        () => after.setMode('passphrase', { passphrase: 'a new passphrase' }),
      ]) {
        equal(await codeOf(work()), 'locked');
      }
      equal(await codeOf(after.unlock('not the passphrase')), 'wrong-passphrase');
      equal(await codeOf(after.unlock('')), 'wrong-passphrase');
      equal((await after.status()).locked, true);
      await after.unlock(PASSPHRASE);
      equal(await after.status(), { mode: 'passphrase', locked: false, keyCount: 1 });
      equal((await after.open(key.id)).secret, SECRET);
      equal(await after.ledgerId(), 'ledger-1');
    }),
  },
  {
    name: 'is locked in every window by one of them, and unlocked in every window as well',
    run: on(async ({ vault, harness }) => {
      const key = await vault.add(openRouterKey);
      await setMode(vault, 'passphrase');
      const other = harness.open();
      await other.lock();
      equal(await codeOf(vault.open(key.id)), 'locked');
      await other.unlock(PASSPHRASE);
      equal((await vault.open(key.id)).secret, SECRET);
    }),
  },
  {
    name: 'takes a passphrase however its letters were composed, and none that is too short',
    run: on(async ({ vault, harness }) => {
      const key = await vault.add(openRouterKey);
      for (const passphrase of [undefined, '', 'short', '🔑🔑🔑🔑🔑🔑🔑']) {
        equal(await codeOf(vault.setMode('passphrase', passphrase === undefined ? {} : { passphrase })), 'invalid');
      }
      equal((await vault.status()).mode, 'device');
      await vault.setMode('passphrase', { passphrase: 'gar\u0301c\u0327on ﬁne' });
      await harness.restartBrowser();
      await vault.unlock('ga\u0155\u00e7on fine');
      equal((await vault.open(key.id)).secret, SECRET);
    }),
  },
  {
    name: 'locks itself when it is left alone, not when it is used',
    run: on(async ({ vault, harness, clock }) => {
      const key = await vault.add(openRouterKey);
      await vault.setMode('passphrase', { passphrase: PASSPHRASE, autoLockMinutes: 10 });
      equal(await vault.status(), { mode: 'passphrase', locked: false, keyCount: 1, autoLockMinutes: 10 });
      for (let times = 0; times < 3; times += 1) {
        clock.now += 9 * MINUTE;
        equal((await harness.open().open(key.id)).secret, SECRET);
      }
      clock.now += 9 * MINUTE;
      await vault.list();
      await vault.status();
      clock.now += MINUTE;
      equal((await vault.status()).locked, false);
      clock.now += 1;
      equal((await harness.open().status()).locked, true);
      equal(await codeOf(vault.open(key.id)), 'locked');
      clock.now -= 5 * MINUTE;
      equal(await codeOf(vault.open(key.id)), 'locked');
      await vault.unlock(PASSPHRASE);
      equal((await vault.open(key.id)).secret, SECRET);
    }),
  },
  {
    name: 'changes the minutes alone, and refuses none at all',
    run: on(async ({ vault, harness, clock }) => {
      const key = await vault.add(openRouterKey);
      await setMode(vault, 'passphrase');
      clock.now += 1_000 * MINUTE;
      equal((await vault.open(key.id)).secret, SECRET);
      for (const minutes of [0, -1, Number.NaN]) {
        equal(await codeOf(vault.setMode('passphrase', { autoLockMinutes: minutes })), 'invalid');
      }
      await vault.setMode('passphrase', { autoLockMinutes: 5 });
      equal((await vault.status()).autoLockMinutes, 5);
      clock.now += 5 * MINUTE + 1;
      equal(await codeOf(vault.open(key.id)), 'locked');
      await vault.unlock(PASSPHRASE);
      await vault.setMode('passphrase', {});
      equal(await harness.open().status(), { mode: 'passphrase', locked: false, keyCount: 1 });
    }),
  },
  {
    name: 'takes a new passphrase, and no longer the old one',
    run: on(async ({ vault, harness }) => {
      const key = await vault.add(openRouterKey);
      await setMode(vault, 'passphrase');
      await vault.setMode('passphrase', { passphrase: 'another passphrase' });
      await harness.restartBrowser();
      equal(await codeOf(vault.unlock(PASSPHRASE)), 'wrong-passphrase');
      await vault.unlock('another passphrase');
      equal((await vault.open(key.id)).secret, SECRET);
    }),
  },
  {
    name: 'keeps everything until the browser closes, and no longer, in mode session',
    run: on(async ({ vault, harness }) => {
      await setMode(vault, 'session');
      const key = await vault.add(openRouterKey);
      await vault.setLedgerId('ledger-1');
      const other = harness.open();
      equal(await other.list(), [key]);
      equal((await other.open(key.id)).secret, SECRET);
      equal(await other.status(), { mode: 'session', locked: false, keyCount: 1 });
      await other.lock();
      equal((await vault.open(key.id)).secret, SECRET);
      await harness.restartBrowser();
      equal(await other.status(), { mode: 'session', locked: false, keyCount: 0 });
      equal(await other.list(), []);
      equal(await codeOf(other.open(key.id)), 'not-found');
    }),
  },
  ...MODES.flatMap((from) =>
    MODES.map(
      (to): VaultCase => ({
        name: `carries everything over from mode ${from} to mode ${to}`,
        run: on(async ({ vault, harness }) => {
          await setMode(vault, from);
          await vault.add(openRouterKey);
          await vault.add({ ...openAiKey, overrides: { name: 'Mine' } });
          await vault.setLedgerId('ledger-1');
          const before = await vault.list();
          await setMode(vault, to);
          for (const one of [vault, harness.open()]) {
            equal(await one.status(), { mode: to, locked: false, keyCount: 2 });
            equal(await one.list(), before);
            equal((await one.open(before[0]!.id)).secret, SECRET);
            equal((await one.open(before[1]!.id)).secret, OTHER);
            equal(await one.ledgerId(), 'ledger-1');
          }
        }),
      }),
    ),
  ),
  {
    name: 'knows three modes',
    run: on(async ({ vault }) => {
      equal(await codeOf(vault.setMode('paper' as VaultMode)), 'invalid');
    }),
  },
  ...MODES.map(
    (mode): VaultCase => ({
      name: `leaves nothing behind a wipe, locked or not (${mode})`,
      run: on(async ({ vault, harness }) => {
        await vault.add(openRouterKey);
        await vault.setLedgerId('ledger-1');
        await setMode(vault, mode);
        await vault.lock();
        await vault.wipe();
        for (const one of [vault, harness.open()]) {
          equal(await one.status(), { mode: 'device', locked: false, keyCount: 0 });
          equal(await one.list(), []);
          equal(await one.ledgerId(), undefined);
          await one.unlock(PASSPHRASE);
          equal(await one.list(), []);
        }
        const key = await vault.add(openRouterKey);
        equal(key.policy.version > 1, true);
        equal((await vault.open(key.id)).secret, SECRET);
      }),
    }),
  ),
];
