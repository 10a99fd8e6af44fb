import {
  createBlobStore,
  createConversationStore,
  createDatabase,
  createIndexedDbLedger,
  type Database,
} from '@patchbay/stores/indexeddb';
import { blobCases, conversationCases } from '../../packages/core/src/records/records.testing.ts';
import { ledgerCases, type MakeHarness } from '../../packages/core/src/spending/ledger.testing.ts';

/** What a case came to; no `error` means it passed. */
export interface CaseOutcome {
  readonly name: string;
  readonly error?: string;
}

declare global {
  /** Runs every contract case on this browser's own IndexedDB; bundled into a page by `test/e2e/stores.test.ts`. */
  var runStoreCases: () => Promise<readonly CaseOutcome[]>;
}

let databases = 0;

/** A database of its own for each case; `connect` opens another connection to it. */
function createDisk() {
  const name = `case-${++databases}`;
  const opened: Database[] = [];
  return {
    connect: () => {
      const database = createDatabase({ name });
      opened.push(database);
      return database;
    },
    dispose: () => {
      for (const database of opened) database.close();
      indexedDB.deleteDatabase(name);
    },
  };
}

const ledger: MakeHarness = (now) => {
  const disk = createDisk();
  return {
    open: (options) => createIndexedDbLedger(disk.connect(), { now, ...options }),
    dispose: disk.dispose,
  };
};

async function attempt(name: string, run: () => Promise<void>): Promise<CaseOutcome> {
  try {
    await run();
    return { name };
  } catch (error) {
    return { name, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

globalThis.runStoreCases = async () => {
  const outcomes: CaseOutcome[] = [];
  for (const { name, run } of conversationCases) {
    const disk = createDisk();
    const open = async () => {
      const first = disk.connect();
      return {
        store: createConversationStore(first),
        second: createConversationStore(disk.connect()),
        reopen: async () => {
          first.close();
          return createConversationStore(disk.connect());
        },
      };
    };
    outcomes.push(await attempt(`conversations: ${name}`, () => run(open)));
    disk.dispose();
  }
  for (const { name, run } of blobCases) {
    const disk = createDisk();
    const open = async () => {
      const first = disk.connect();
      return {
        store: createBlobStore(first),
        reopen: async () => {
          first.close();
          return createBlobStore(disk.connect());
        },
      };
    };
    outcomes.push(await attempt(`blobs: ${name}`, () => run(open)));
    disk.dispose();
  }
  for (const { name, run } of ledgerCases) outcomes.push(await attempt(`ledger: ${name}`, () => run(ledger)));
  return outcomes;
};
