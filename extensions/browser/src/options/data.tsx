import type { PanelClient } from '@patchbay/chat/contract';
import { useState } from 'react';
import { Complaint } from './complaint.tsx';
import { Confirm } from './dialog.tsx';
import { useAction } from './use-action.ts';

/** Everything Patchbay keeps, out of it or away. */
export function YourData({ client }: { readonly client: PanelClient }) {
  const [asking, setAsking] = useState(false);
  const [keys, setKeys] = useState(false);
  const [done, setDone] = useState<string>();
  const exporting = useAction();
  const deleting = useAction();
  return (
    <>
      <p className="hint">
        Conversations, settings and the record of what was spent are kept in this browser profile and nowhere else. An
        export holds all of it but your keys.
      </p>
      <div className="actions">
        <button
          type="button"
          disabled={exporting.busy}
          onClick={() => void exporting.run(async () => saveFile(await collect(client)))}
        >
          {exporting.busy ? 'Collecting …' : 'Export everything'}
        </button>
        <button type="button" className="danger" onClick={() => setAsking(true)}>
          Delete everything …
        </button>
      </div>
      <Complaint text={exporting.error} />
      {done ? (
        <p className="notice good" role="status">
          {done}
        </p>
      ) : null}
      {asking ? (
        <Confirm
          title="Delete everything?"
          action="Delete everything"
          busy={deleting.busy}
          error={deleting.error}
          onClose={() => setAsking(false)}
          onConfirm={() =>
            void deleting.run(async () => {
              await client.request('data.deleteAll', { keys });
              setAsking(false);
              setDone(
                keys ? 'Conversations, settings and keys are deleted.' : 'Conversations and settings are deleted.',
              );
            })
          }
        >
          <p>
            All conversations, attachments and settings are deleted at once and cannot be brought back. Export them
            first if you may want them.
          </p>
          <label className="check">
            <input type="checkbox" checked={keys} onChange={(event) => setKeys(event.target.checked)} />
            Delete my keys and their caps too
          </label>
          <p className="hint">
            The sums that caps still need are kept, without any text, so that deleting does not reset what was spent.
          </p>
        </Confirm>
      ) : null}
    </>
  );
}

/** The export arrives in slices, since no message may be large. */
async function collect(client: PanelClient): Promise<Blob> {
  const slices: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const slice = await client.request('data.export', cursor === undefined ? {} : { cursor });
    slices.push(slice.text);
    if (slice.next === undefined) return new Blob(slices, { type: 'application/json' });
    cursor = slice.next;
  }
}

function saveFile(content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = `patchbay-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  // The download reads the blob after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
