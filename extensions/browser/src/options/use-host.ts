import type { HostState, PanelClient } from '@patchbay/chat/contract';
import { useEffect, useState } from 'react';

/** What the background says of keys, caps, vault and settings, and whether it can be reached. */
export interface HostView {
  /** Undefined until it has answered for the first time. */
  readonly state: HostState | undefined;
  /** Why it cannot be reached at all, as a sentence. */
  readonly failure: string | undefined;
}

export function useHost(client: PanelClient): HostView {
  const [view, setView] = useState<HostView>({ state: undefined, failure: undefined });
  useEffect(() => {
    const end = client.subscribe((event) => {
      if (event.kind === 'state') setView({ state: event.state, failure: undefined });
      if (event.kind === 'connection' && event.state === 'failed') {
        setView((before) => ({ ...before, failure: event.failure.message }));
      }
    });
    client.ready.then(
      (state) => setView((before) => ({ ...before, state: before.state ?? state })),
      () => undefined,
    );
    return end;
  }, [client]);
  return view;
}
