import { entryOf, LEDGER_BOUND, ledgerIdOf, NOTHING, type Opened } from './access.ts';
import type { VaultDatabase } from './database.ts';
import { sealEntry } from './envelopes.ts';
import { type MetaRecord, RECORD_VERSION } from './schema.ts';
import { createDataKey, createDeviceKey, importDataKey, seal, wrapDataKey } from './seal.ts';
import type { SessionContents, SessionState } from './session-state.ts';

/** What everything is to be sealed with from now on. */
export type NewSeal =
  | { readonly mode: 'device' }
  | {
      readonly mode: 'passphrase';
      readonly passphrase: string;
      readonly iterations: number;
      readonly autoLockMinutes: number | undefined;
    }
  | { readonly mode: 'session' };

/**
 * Moves everything under a fresh key, or into the session area. A kill at any moment leaves either the old form or the
 * new one, whole: the database's one transaction decides, and names the generation that the session area must match.
 */
export async function reseal(
  database: VaultDatabase,
  session: SessionState,
  opened: Opened,
  to: NewSeal,
  generation: string,
  now: number,
): Promise<void> {
  const contents = await everything(opened);
  if (to.mode === 'session') {
    // Ignored until the meta record names its generation.
    await session.keep(generation, contents);
    await database.replace(opened.meta, { v: RECORD_VERSION, mode: 'session', generation, revision: 0 }, []);
    await afterwards(() => session.lock());
    return;
  }

  const bytes = createDataKey();
  const dataKey = to.mode === 'passphrase' ? await importDataKey(bytes) : await createDeviceKey();
  const meta: MetaRecord = {
    v: RECORD_VERSION,
    mode: to.mode,
    generation,
    revision: 0,
    ...(to.mode === 'device' && { deviceKey: dataKey }),
    ...(to.mode === 'passphrase' && { wrapped: await wrapDataKey(bytes, to.passphrase, to.iterations) }),
    ...(to.mode === 'passphrase' && to.autoLockMinutes !== undefined && { autoLockMinutes: to.autoLockMinutes }),
    ...(contents.ledgerId !== undefined && { ledgerId: await seal(dataKey, contents.ledgerId, LEDGER_BOUND) }),
  };
  const records = await Promise.all(contents.entries.map((entry) => sealEntry(dataKey, entry)));
  await database.replace(opened.meta, meta, records);
  await afterwards(async () => {
    if (to.mode === 'passphrase') {
      await session.use(now);
      await session.unlock(generation, bytes);
    } else await session.lock();
    await session.drop();
  });
  bytes.fill(0);
}

async function everything(opened: Opened): Promise<SessionContents> {
  if (opened.kind === 'session') return opened.contents;
  const ledgerId = await ledgerIdOf(opened);
  return {
    ...NOTHING,
    ...(ledgerId !== undefined && { ledgerId }),
    entries: await Promise.all(opened.records.map((record) => entryOf(opened, record.id))),
  };
}

/** Best effort once the database has committed: a session area that fails leaves a vault locked, never broken. */
async function afterwards(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch {
    // What is left over names a generation that is no longer in force, so nothing ever reads it.
  }
}
