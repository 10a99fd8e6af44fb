import { usePanelState } from '../panel-context.ts';

/** What a screen reader hears of answers: that one began, ended, failed. The log itself stays silent while it grows. */
export function StatusRegion() {
  const status = usePanelState((state) => state.status);
  return (
    <div className="sr-only" role="status">
      {status}
    </div>
  );
}
