import { Button } from '../controls/buttons.tsx';
import { usePanel, usePanelState } from '../panel-context.ts';
import type { Panel } from '../state/panel.ts';
import type { Toast } from '../state/state.ts';

/** Short messages at the foot. The status region says them; here they can be read, and undone. */
export function Toasts() {
  const panel = usePanel();
  const toasts = usePanelState((state) => state.toasts);
  if (toasts.length === 0) return null;
  return (
    <div className="toasts">
      {toasts.map((toast) => (
        <div key={toast.id} className="toast">
          <span>{toast.text}</span>
          {toast.action && <Button onClick={() => act(panel, toast.action)}>{toast.action.label}</Button>}
        </div>
      ))}
    </div>
  );
}

/** The button goes away with its message, and would take the focus along. */
function act(panel: Panel, action: Toast['action']): void {
  action?.run();
  panel.focusComposer();
}
