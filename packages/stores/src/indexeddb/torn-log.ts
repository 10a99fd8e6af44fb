/**
 * Keeps Chromium from deleting everything after a crash.
 *
 * Its IndexedDB appends to a LevelDB log. A browser that is killed in the middle of a write leaves a torn record at the end
 * of it; the next start leaves that record out, and goes on appending behind it (`reuse_logs`). The start after that reads
 * the torn record together with what follows, takes the database for corrupt, and deletes all of the origin's databases
 * (google/leveldb issue 1287; crbug.com/460568). Nothing is lost if the log is retired before anything of worth is behind
 * the torn record: LevelDB does so once about 4 MiB were written to it.
 */

const SCRATCH = 'patchbay-scratch';
const STORE = 'zeros';
/** Larger values would go to files of their own, past the log. */
const VALUE_BYTES = 60_000;
/** 5.4 MB, more than the 4 MiB at which a log is retired. Zeros compress to nothing when LevelDB sorts them away. */
const VALUES = 90;

/** Whether this browser keeps IndexedDB in LevelDB: the property is Chromium's own. */
export function hasLevelDb(): boolean {
  return typeof IDBVersionChangeEvent === 'function' && 'dataLoss' in IDBVersionChangeEvent.prototype;
}

/**
 * Writes zeros into a database of its own until the log that all databases of this origin share is retired, and removes
 * them. Takes about a tenth of a second; wanted once after each start of the browser, before the first write.
 */
export async function retireLog(factory: IDBFactory): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = factory.open(SCRATCH, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  try {
    await written(db, (zeros) => {
      for (let key = 0; key < VALUES; key += 1) zeros.put(new Uint8Array(VALUE_BYTES), key);
    });
    // The log is changed at the first write after it has grown too long.
    await written(db, (zeros) => zeros.clear());
  } finally {
    db.close();
    factory.deleteDatabase(SCRATCH);
  }
}

function written(db: IDBDatabase, write: (zeros: IDBObjectStore) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(STORE, 'readwrite', { durability: 'relaxed' });
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    write(transaction.objectStore(STORE));
  });
}
