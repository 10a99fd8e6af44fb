import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { StoreError } from '@patchbay/core';
import { type Migration, migrations } from './migrations.ts';

/** The newest schema this code knows; numbers only grow. */
export const DATABASE_VERSION: number = migrations.length;

/** How long one window waits for another's transaction before it gives up, ms. They last a few milliseconds each. */
const PATIENCE_MS = 15_000;

/**
 * How much of that SQLite may wait by itself where something is written, ms: it stops the whole process, and with it every
 * other extension. Only what holds the file for longer than any of us does (a backup, a disk that sleeps) is waited for in
 * turns. Reading waits for no writer.
 */
const BUSY_TIMEOUT_MS = 250;

/** In turns it stops the process for this long and then leaves it alone for that long, ms. */
const TURN_BUSY_MS = 10;
const TURN_MS = 50;

export interface DatabaseOptions {
  /** Path of the database file; its folder is made if need be. */
  readonly path: string;
  /** For tests of old code on new data. Default: all. */
  readonly migrations?: readonly Migration[];
  /** How long a write waits for another process, ms. Default 15,000. */
  readonly patienceMs?: number;
}

export interface TransactionOptions {
  /** `full`: on disk when it returns. `checkpoint`: survives the end of the process, may be lost at a power cut. */
  readonly durability?: 'full' | 'checkpoint';
}

/**
 * One connection to a database that several processes share. It opens on first use, and again after a failure. Between
 * the begin and the end of a transaction no other code of this process runs; only for another process to let go of the
 * file a write waits without stopping this one.
 */
export interface Database {
  /**
   * Runs `body` as one transaction that no other writer interrupts: all or nothing, once, and before it returns unless
   * the file is held by somebody else. Writes keep their order. A throw undoes everything and is rethrown.
   * @throws StoreError `full`, `newer` (newer code wrote it: this connection only reads), `unreadable`, `closed`
   */
  write<T>(body: (db: Connection) => T, options?: TransactionOptions): Promise<T>;
  /** Reads one state of the data; also of a database that newer code wrote. */
  read<T>(body: (db: Connection) => T): T;
  close(): void;
}

/** Statements, prepared once. */
export interface Connection {
  /** Rows of a query. */
  all(sql: string, ...values: Value[]): Row[];
  get(sql: string, ...values: Value[]): Row | undefined;
  run(sql: string, ...values: Value[]): void;
}

export type Value = string | number | bigint | Uint8Array | null;
export type Row = Readonly<Record<string, Value>>;

/** Nothing is opened before the first use. */
export function createDatabase(options: DatabaseOptions): Database {
  const { path, migrations: list = migrations, patienceMs = PATIENCE_MS } = options;
  let open: Opened | undefined;
  let closed = false;
  /** Settles when no write waits any more. */
  let line: Promise<unknown> | undefined;

  const connect = (): Opened => {
    if (closed) throw closedError();
    open ??= openFile(path, list);
    return open;
  };
  const attempt = <T>(body: () => T): T => {
    try {
      return body();
    } catch (error) {
      if (isOurs(error)) throw error;
      throw sqliteError(error);
    }
  };

  const writeNow = <T>(
    body: (db: Connection) => T,
    durability: TransactionOptions['durability'],
    busyMs: number,
  ): T => {
    const { db, connection, readOnly } = connect();
    if (readOnly || versionOf(db) > list.length) {
      // Newer code upgraded it, now or while we had it open.
      if (!readOnly) {
        db.close();
        open = undefined;
      }
      throw newerError();
    }
    const relaxed = durability === 'checkpoint';
    if (relaxed) db.exec('PRAGMA synchronous = NORMAL');
    db.exec(`PRAGMA busy_timeout = ${busyMs}`);
    try {
      return transaction(db, 'BEGIN IMMEDIATE', () => {
        if (versionOf(db) > list.length) throw newerError();
        return body(connection);
      });
    } finally {
      db.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}`);
      if (relaxed) db.exec('PRAGMA synchronous = FULL');
    }
  };

  return {
    write: async (body, { durability } = {}) => {
      // Counted from here: whoever stands in line behind many does not wait for each of them.
      const end = performance.now() + patienceMs;
      let begun = false;
      const once = (db: Connection) => {
        begun = true;
        return body(db);
      };
      const wait = async () => {
        for (; ; await pause(TURN_MS)) {
          try {
            return writeNow(once, durability, TURN_BUSY_MS);
          } catch (error) {
            if (begun || errcode(error) !== SQLITE_BUSY || performance.now() > end) throw error;
          }
        }
      };
      try {
        if (!line) {
          try {
            return writeNow(once, durability, BUSY_TIMEOUT_MS);
          } catch (error) {
            if (begun || errcode(error) !== SQLITE_BUSY) throw error;
          }
        }
        const turn = line ? line.then(wait) : wait();
        const mine = turn.catch(() => undefined);
        line = mine;
        void mine.then(() => {
          if (line === mine) line = undefined;
        });
        return await turn;
      } catch (error) {
        throw isOurs(error) ? error : sqliteError(error);
      }
    },
    read: (body) =>
      attempt(() => {
        const { db, connection } = connect();
        return transaction(db, 'BEGIN', () => body(connection));
      }),
    close: () => {
      closed = true;
      open?.db.close();
      open = undefined;
    },
  };
}

interface Opened {
  readonly db: DatabaseSync;
  readonly connection: Connection;
  readonly readOnly: boolean;
}

function openFile(path: string, list: readonly Migration[]): Opened {
  mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path);
  try {
    db.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}`);
    if (versionOf(db) > list.length) {
      db.close();
      return openNewer(path);
    }
    // WAL: readers and the writer of several windows do not wait for each other. FULL: money is on disk when it returns.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    if (versionOf(db) < list.length) {
      transaction(db, 'BEGIN IMMEDIATE', () => {
        // Another window may have upgraded it while we waited.
        for (const migrate of list.slice(versionOf(db))) db.exec(migrate);
        if (versionOf(db) < list.length) db.exec(`PRAGMA user_version = ${list.length}`);
      });
    }
    return { db, connection: connectionOf(db), readOnly: false };
  } catch (error) {
    if (db.isOpen) db.close();
    throw error;
  }
}

function openNewer(path: string): Opened {
  const db = new DatabaseSync(path, { readOnly: true });
  db.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}`);
  return { db, connection: connectionOf(db), readOnly: true };
}

function connectionOf(db: DatabaseSync): Connection {
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = db.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  return {
    all: (sql, ...values) => prepare(sql).all(...values) as Row[],
    get: (sql, ...values) => prepare(sql).get(...values) as Row | undefined,
    run: (sql, ...values) => {
      prepare(sql).run(...values);
    },
  };
}

function transaction<T>(db: DatabaseSync, begin: 'BEGIN' | 'BEGIN IMMEDIATE', body: () => T): T {
  db.exec(begin);
  try {
    const value = body();
    db.exec('COMMIT');
    return value;
  } catch (error) {
    // A full disk has rolled back by itself.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(db: DatabaseSync): number {
  const row = db.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Primary result codes, https://www.sqlite.org/rescode.html. */
const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_FULL = 13;

/** What an error of SQLite means for the user. */
export function sqliteError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const detail = error instanceof Error && error.message ? ` (${error.message.replace(/\.$/, '')})` : '';
  switch (errcode(error)) {
    case SQLITE_FULL:
      return new StoreError('full', 'The disk is full. Free some space and try again.');
    case SQLITE_BUSY:
      return new StoreError('closed', 'Another window kept Patchbay’s database busy for too long. Try again.');
    case SQLITE_READONLY:
      return new StoreError(
        'unreadable',
        `Patchbay’s database cannot be written${detail}. Check the permissions of its folder.`,
      );
    default:
      return new StoreError('unreadable', `Patchbay’s database cannot be read or written${detail}.`);
  }
}

/** An error of a store, or of the caller's own: not SQLite's. */
function isOurs(error: unknown): boolean {
  if (error instanceof StoreError) return true;
  return !(error instanceof Error && 'code' in error && String(error.code).match(/^(ERR_SQLITE|E[A-Z]+$)/));
}

/** Without what SQLite adds to say it more exactly. */
function errcode(error: unknown): number {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : 1;
}

function newerError(): StoreError {
  return new StoreError(
    'newer',
    'Patchbay’s data was written by a newer version of Patchbay. Reload this window to use it; until then nothing can be saved here.',
  );
}

function closedError(): StoreError {
  return new StoreError('closed', 'Patchbay’s database was closed. Reload the window.');
}
