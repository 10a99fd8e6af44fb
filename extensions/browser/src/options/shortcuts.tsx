import { useEffect, useState } from 'react';
import { Complaint } from './complaint.tsx';
import { useAction } from './use-action.ts';
import type { OptionsWorld, Shortcut } from './world.ts';

/** Which keys open Patchbay. A browser gives none, without a word, where another use has them already. */
export function Shortcuts({ world }: { readonly world: OptionsWorld }) {
  const [shortcuts, setShortcuts] = useState<readonly Shortcut[]>();
  const action = useAction();
  useEffect(() => {
    const read = () => void world.shortcuts().then(setShortcuts, () => setShortcuts([]));
    read();
    // They are changed on a page of the browser's own: look again when the user comes back from there.
    window.addEventListener('focus', read);
    return () => window.removeEventListener('focus', read);
  }, [world]);
  return (
    <>
      <ul className="shortcuts">
        {shortcuts?.map((shortcut) => (
          <li key={shortcut.description}>
            <span>{shortcut.description}</span>
            {shortcut.keys ? (
              <kbd>{shortcut.keys}</kbd>
            ) : (
              <span className="notice bad">
                No keys: the browser or another extension uses the ones Patchbay asked for. Choose others.
              </span>
            )}
          </li>
        ))}
      </ul>
      <div className="actions">
        <button type="button" onClick={() => void action.run(world.openShortcuts)}>
          Change shortcuts
        </button>
        <button type="button" onClick={() => void action.run(world.openPanelAsTab)}>
          Open Patchbay in a tab
        </button>
      </div>
      <Complaint text={action.error} />
    </>
  );
}
