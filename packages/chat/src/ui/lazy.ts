import { useEffect, useSyncExternalStore } from 'react';

/** A part of the panel's code that comes in a file of its own. */
export interface Lazy<T> {
  load(): Promise<T>;
  /** The code, or undefined until it is there; asks for it. */
  use(): T | undefined;
}

/**
 * Unlike `React.lazy` it suspends nothing: once loaded, it renders in the same pass as everything else.
 * @param fetchCode an `import()`; where it fails (the product was updated meanwhile), the next look tries again
 */
export function createLazy<T>(fetchCode: () => Promise<T>): Lazy<T> {
  let loaded: T | undefined;
  let loading: Promise<T> | undefined;
  const listeners = new Set<() => void>();
  const load = () => {
    loading ??= fetchCode().then(
      (code) => {
        loaded = code;
        for (const listener of [...listeners]) listener();
        return code;
      },
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    load,
    use: () => {
      const code = useSyncExternalStore(subscribe, () => loaded);
      useEffect(() => {
        // A failure shows as what is missing; there is nothing else to do about it here.
        if (code === undefined) load().catch(() => undefined);
      }, [code]);
      return code;
    },
  };
}
