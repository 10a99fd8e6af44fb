import { StoreError } from '@patchbay/core';
import { markLost } from './ledger-schema.ts';
import { type Migration, migrations } from './migrations.ts';
import { hasLevelDb, retireLog } from './torn-log.ts';

/** The one database of a Patchbay installation; everything but secrets lives in it. */
export const DATABASE_NAME = 'patchbay';

/** The newest schema this code knows; numbers only grow. */
export const DATABASE_VERSION: number = migrations.length;

export interface DatabaseOptions {
  /** Default `patchbay`. */
  readonly name?: string;
  /** Default the platform's own. */
  readonly factory?: IDBFactory;
  /** Of another database than the installation's own; their number is its version. */
  readonly migrations?: readonly Migration[];
  /** Without it a lost database is not told from a first use, and Chromium goes on with the log it finds. */
  readonly outside?: Outside;
}

/** What is remembered outside of IndexedDB, so that a database the browser threw away is not taken for a first use. */
export interface Outside {
  /**
   * Does `work` once after each start of the browser, whoever asks; the others wait until it is done.
   * @throws what `work` throws; then it is done at the next call
   */
  afterStart(work: () => Promise<void>): Promise<void>;
  /** Whether `made` was ever called for a database of this name on this installation. */
  wasMade(name: string): Promise<boolean>;
  made(name: string): Promise<void>;
}

export interface TransactionOptions {
  readonly stores: readonly string[];
  readonly mode: 'readonly' | 'readwrite';
  /** `strict`: on disk when it resolves (money). Default is the browser's own, which may lose the last moments at a power cut. */
  readonly durability?: 'default' | 'strict' | 'relaxed';
  /**
   * Reads a database of newer code too, instead of throwing `newer`: for records that carry their own version. Money never
   * does. Only with `readonly`.
   */
  readonly newer?: 'read';
}

/** A connection that opens itself on first use, and again after the browser or an upgrade elsewhere closed it. */
export interface Database {
  /**
   * Runs `body` in one transaction and resolves once it is committed: all or nothing. `body` may await requests of this
   * transaction and nothing else, or the browser commits it early. A throw in `body` undoes everything and is rethrown.
   * @throws StoreError `full` (quota), `newer` (written by a newer version), `unreadable`, `closed`
   */
  transaction<T>(options: TransactionOptions, body: (transaction: IDBTransaction) => Promise<T> | T): Promise<T>;
  /** Ends the connection for good; later calls throw `closed`. */
  close(): void;
}

/** Several stores share one. Nothing is opened before the first transaction. */
export function createDatabase(options: DatabaseOptions = {}): Database {
  const name = options.name ?? DATABASE_NAME;
  const steps = options.migrations ?? migrations;
  let connecting: Promise<IDBDatabase> | undefined;
  let connectingNewer: Promise<IDBDatabase> | undefined;
  let closed = false;

  const connect = (): Promise<IDBDatabase> => {
    if (closed) return Promise.reject(closedError());
    if (connecting) return connecting;
    // A failed or lost connection is forgotten, so that the next call tries again.
    const forget = () => {
      if (connecting === attempt) connecting = undefined;
    };
    const factory = options.factory ?? indexedDB;
    const attempt = prepared(factory, name, options.outside, (wasMade) => open(factory, name, steps, forget, wasMade));
    connecting = attempt;
    attempt.catch(forget);
    return attempt;
  };

  /** Whatever version there is; asked only where ours is too old for it. */
  const connectNewer = (): Promise<IDBDatabase> => {
    if (connectingNewer) return connectingNewer;
    const forget = () => {
      connectingNewer = undefined;
    };
    connectingNewer = open(options.factory ?? indexedDB, name, undefined, forget);
    connectingNewer.catch(forget);
    return connectingNewer;
  };

  return {
    transaction: async (how, body) => {
      const begin = async (): Promise<IDBTransaction> => {
        const db = await connect().catch((error: unknown) => {
          if (how.newer === 'read' && how.mode === 'readonly' && nameOf(error) === 'VersionError')
            return connectNewer();
          throw error;
        });
        return db.transaction(how.stores, how.mode, { durability: how.durability ?? 'default' });
      };
      let transaction: IDBTransaction;
      try {
        transaction = await begin().catch((error: unknown) => {
          // Closed between connecting and here (an upgrade in another window): once more, on a new connection.
          if (!closed && nameOf(error) === 'InvalidStateError') {
            connecting = undefined;
            connectingNewer = undefined;
            return begin();
          }
          throw error;
        });
      } catch (error) {
        throw storeError(error);
      }
      return run(transaction, body);
    },
    close: () => {
      closed = true;
      for (const connection of [connecting, connectingNewer]) {
        connection?.then(
          (db) => db.close(),
          () => undefined,
        );
      }
      connecting = undefined;
      connectingNewer = undefined;
    },
  };
}

/** A request as a promise; its error becomes a `StoreError`. For use inside `transaction`. */
export function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(storeError(request.error));
  });
}

/** What a `DOMException` of IndexedDB means for the user. */
export function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const detail = error instanceof Error && error.message ? ` (${error.message})` : '';
  switch (nameOf(error)) {
    case 'QuotaExceededError':
      return new StoreError('full', 'The disk or the browser’s storage quota is full. Free some space and try again.');
    case 'VersionError':
      return new StoreError(
        'newer',
        'Patchbay’s data was written by a newer version of Patchbay. Update Patchbay, or reload it if it was just updated.',
      );
    case 'InvalidStateError':
    case 'AbortError':
      return new StoreError('closed', `Patchbay’s database was closed meanwhile. Try again.${detail}`);
    case 'ConstraintError':
      return new StoreError('conflict', `A record of this id exists already.${detail}`);
    default:
      return new StoreError('unreadable', `Patchbay’s database cannot be read or written.${detail}`);
  }
}

/** Opens with what is known outside: after a start of the browser on a fresh log, and told from a first use. */
async function prepared(
  factory: IDBFactory,
  name: string,
  outside: Outside | undefined,
  opens: (wasMade: boolean) => Promise<IDBDatabase>,
): Promise<IDBDatabase> {
  if (!outside) return opens(false);
  // It guards against the next crash only: where it fails (a full disk), the database is still there.
  if (hasLevelDb()) await outside.afterStart(() => retireLog(factory)).catch(() => undefined);
  // What cannot be remembered now (a full disk) is remembered at the next start.
  const wasMade = await outside.wasMade(name).catch(() => false);
  const db = await opens(wasMade);
  if (!wasMade) await outside.made(name).catch(() => undefined);
  return db;
}

/**
 * @param steps undefined: whatever version there is
 * @param wasMade if it has to be made anew, it was lost
 */
function open(
  factory: IDBFactory,
  name: string,
  steps: readonly Migration[] | undefined,
  lost: () => void,
  wasMade = false,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = steps === undefined ? factory.open(name) : factory.open(name, steps.length);
    request.onupgradeneeded = (event) => {
      const transaction = request.transaction;
      if (!transaction) return;
      // Deleted since it was found to be newer: reading must not make an empty one.
      if (steps === undefined) return transaction.abort();
      for (const migrate of steps.slice(event.oldVersion)) migrate(request.result, transaction);
      // Chromium says so itself where it found a database damaged and deleted it, but to the first that asks alone.
      const dataLoss = 'dataLoss' in event && event.dataLoss === 'total';
      if (event.oldVersion === 0 && (wasMade || dataLoss) && steps === migrations) markLost(transaction);
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const db = request.result;
      const end = () => {
        db.close();
        lost();
      };
      // An upgrade or a deletion elsewhere must never wait for us.
      db.onversionchange = end;
      db.onclose = end;
      resolve(db);
    };
  });
}

async function run<T>(transaction: IDBTransaction, body: (transaction: IDBTransaction) => Promise<T> | T): Promise<T> {
  const ended = new Promise<DOMException | 'aborted' | undefined>((resolve) => {
    transaction.oncomplete = () => resolve(undefined);
    // Without an error of its own it was aborted from outside: by us below, or by a connection that went away.
    transaction.onabort = () => resolve(transaction.error ?? 'aborted');
  });
  let value: T;
  try {
    value = await body(transaction);
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // Aborted already, by the very error we are about to report.
    }
    const reason = await ended;
    // The abort's own reason (a full disk) says more than the request error it caused.
    throw reason instanceof DOMException ? storeError(reason) : error;
  }
  const reason = await ended;
  if (reason) throw storeError(reason === 'aborted' ? new DOMException('', 'AbortError') : reason);
  return value;
}

function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
}

function closedError(): StoreError {
  return new StoreError('closed', 'Patchbay’s database was closed. Reload Patchbay.');
}
