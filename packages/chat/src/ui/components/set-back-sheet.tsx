import { Button } from '../controls/buttons.tsx';
import { Sheet } from '../controls/sheet.tsx';
import { usePanel, usePanelState } from '../panel-context.ts';
import { strings } from '../strings.ts';

/** Why no cap begins anew, and what to do; before the ledger's time is set back, it says what that does. */
export function SetBackSheet() {
  const panel = usePanel();
  const ahead = usePanelState((state) => state.host?.ledger.ahead);
  const close = () => panel.openSheet(undefined);
  const words = strings.setBack;
  return (
    <Sheet title={words.title} onClose={close}>
      {/* Another window may have done it, or the clock was corrected. */}
      <p dir="auto">{ahead?.message ?? words.done}</p>
      {ahead && <p dir="auto">{ahead.details}</p>}
      {ahead?.remedy !== undefined && <p dir="auto">{ahead.remedy}</p>}
      <div className="sheet-actions">
        {ahead?.remedy !== undefined && (
          <Button
            tone="danger"
            onClick={() => {
              close();
              void panel.setTimeBack();
            }}
          >
            {words.confirm}
          </Button>
        )}
        <Button onClick={close}>{ahead?.remedy === undefined ? strings.common.close : strings.common.cancel}</Button>
      </div>
    </Sheet>
  );
}
