import { Button } from '../controls/buttons.tsx';
import { usePanelState } from '../panel-context.ts';

/** Short messages at the foot. The status region says them; here they can be read, and undone. */
export function Toasts() {
  const toasts = usePanelState((state) => state.toasts);
  if (toasts.length === 0) return null;
  return (
    <div className="toasts">
      {toasts.map((toast) => (
        <div key={toast.id} className="toast">
          <span>{toast.text}</span>
          {toast.action && <Button onClick={toast.action.run}>{toast.action.label}</Button>}
        </div>
      ))}
    </div>
  );
}
