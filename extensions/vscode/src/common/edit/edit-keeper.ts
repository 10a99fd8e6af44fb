import { parseStoredEdit, type StoredEdit } from './stored-edit.ts';

/** Where edits are kept, one text for each document. */
export interface EditFiles {
  /** Texts of all that are kept; what cannot be read is left out. */
  read(): Promise<readonly string[]>;
  write(uri: string, text: string): Promise<void>;
  remove(uri: string): Promise<void>;
}

/** Keeps edits that wait for the user's word, so that a window that is closed or reloaded leaves nobody half-decided lines. */
export interface EditKeeper {
  /** What was kept before. */
  kept(): Promise<readonly StoredEdit[]>;
  /**
   * Keeps an edit as it is a moment later: it may change with each key.
   * @param now undefined where there is nothing to keep
   */
  keep(uri: string, now: () => StoredEdit | undefined): void;
  /** It was decided. */
  forget(uri: string): void;
  /** Writes at once what waits for its moment. */
  flush(): void;
}

/** ms between two writes of one edit. */
const PAUSE = 200;
/** ms after which nobody misses a decision any more. */
const TOO_OLD = 30 * 24 * 3600 * 1000;

/** What cannot be written is not kept; the edit itself does without. */
export function createEditKeeper(files: EditFiles, now: () => number): EditKeeper {
  const waiting = new Map<
    string,
    { readonly timer: ReturnType<typeof setTimeout>; now: () => StoredEdit | undefined }
  >();
  let last: Promise<unknown> = Promise.resolve();
  const next = (work: () => Promise<unknown>) => {
    last = last.then(work).catch(() => undefined);
  };
  const write = (uri: string) => {
    const one = waiting.get(uri);
    waiting.delete(uri);
    clearTimeout(one?.timer);
    const edit = one?.now();
    if (edit) next(() => files.write(uri, JSON.stringify(edit)));
  };
  return {
    kept: async () => {
      const edits = (await files.read().catch(() => [])).flatMap((text) => parsed(text) ?? []);
      const old = edits.filter(({ savedAt }) => savedAt < now() - TOO_OLD);
      for (const { uri } of old) next(() => files.remove(uri));
      return edits.filter((edit) => !old.includes(edit));
    },
    keep: (uri, latest) => {
      const one = waiting.get(uri);
      if (one) one.now = latest;
      else waiting.set(uri, { timer: setTimeout(() => write(uri), PAUSE), now: latest });
    },
    forget: (uri) => {
      clearTimeout(waiting.get(uri)?.timer);
      waiting.delete(uri);
      next(() => files.remove(uri));
    },
    flush: () => {
      for (const uri of [...waiting.keys()]) write(uri);
    },
  };
}

function parsed(text: string): StoredEdit | undefined {
  try {
    return parseStoredEdit(JSON.parse(text));
  } catch {
    // Half written by a window that was ended.
    return undefined;
  }
}
