import { Sheet } from '../controls/sheet.tsx';
import { usePanel, usePanelState } from '../panel-context.ts';
import { strings } from '../strings.ts';

/** Every key that does something. */
export function ShortcutsSheet() {
  const panel = usePanel();
  const enterSends = usePanelState((state) => state.host?.settings.enterSends ?? true);
  const { keys, does } = strings.shortcuts;
  const rows: readonly (readonly [string, string])[] = [
    [enterSends ? keys.enter : keys.modEnter, does.send],
    [enterSends ? keys.shiftEnter : keys.enter, does.newline],
    [keys.escape, does.stop],
    [keys.up, does.editLast],
    [keys.model, does.model],
    [keys.pinned, does.pinned],
    [keys.create, does.create],
    [keys.find, does.find],
    [keys.settings, does.settings],
    [keys.help, does.help],
    [keys.actions, does.actions],
    [keys.pickOnce, does.pickOnce],
    [keys.pin, does.pin],
  ];
  return (
    <Sheet title={strings.shortcuts.title} onClose={() => panel.openSheet(undefined)}>
      <dl className="shortcuts">
        {rows.map(([key, what]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              <kbd dir="ltr">{key}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
