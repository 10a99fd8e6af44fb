import type { HostState, PanelClient } from '@patchbay/chat/contract';
import { useState } from 'react';
import { Confirm } from './dialog.tsx';
import { useAction } from './use-action.ts';

interface ClockNoticeProps {
  readonly ahead: NonNullable<HostState['ledger']['ahead']>;
  readonly client: PanelClient;
}

/** The record of what was spent is ahead of the clock, so that no cap begins anew: says so, and sets it back if asked to. */
export function ClockNotice({ ahead, client }: ClockNoticeProps) {
  const [asking, setAsking] = useState(false);
  const { busy, error, run } = useAction();
  const setBack = async () => {
    const done = await run(async () => {
      await client.request('ledger.setTimeBack', {});
    });
    if (done) setAsking(false);
  };
  return (
    <div className="notice bad" role="alert">
      <p>{ahead.message}</p>
      <p>{ahead.details}</p>
      {ahead.remedy === undefined ? null : (
        <button type="button" onClick={() => setAsking(true)}>
          Set the record’s time back …
        </button>
      )}
      {asking && ahead.remedy !== undefined ? (
        <Confirm
          title="Set the record’s time back?"
          action="The clock is right: set it back"
          busy={busy}
          error={error}
          onConfirm={() => void setBack()}
          onClose={() => setAsking(false)}
        >
          <p>{ahead.details}</p>
          <p>{ahead.remedy}</p>
        </Confirm>
      ) : null}
    </div>
  );
}
