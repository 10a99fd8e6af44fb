import { useState } from 'react';

/** Something a button starts: whether it is under way, and why it failed last. */
export interface Action {
  readonly busy: boolean;
  readonly error: string | undefined;
  /** Runs it unless it is running already; true where it worked. */
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  return {
    busy,
    error,
    run: async (work) => {
      if (busy) return false;
      setBusy(true);
      setError(undefined);
      try {
        await work();
        return true;
      } catch (thrown) {
        setError(thrown instanceof Error ? thrown.message : String(thrown));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
