import { type ReactNode, useEffect, useRef } from 'react';
import { Complaint } from './complaint.tsx';

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Escape, a click beside it, or Cancel. */
  readonly onClose: () => void;
}

/** A modal question. The browser's own dialog keeps the focus inside and gives it back. */
export function Dialog({ title, children, onClose }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={ref} aria-label={title} onClose={onClose}>
      <h3>{title}</h3>
      {children}
    </dialog>
  );
}

interface ConfirmProps extends DialogProps {
  readonly action: string;
  readonly busy: boolean;
  readonly error: string | undefined;
  readonly onConfirm: () => void;
}

/** A question whose answer cannot be taken back. */
export function Confirm({ title, children, onClose, action, busy, error, onConfirm }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <Complaint text={error} />
      <div className="actions">
        <button type="button" className="danger" disabled={busy} onClick={onConfirm}>
          {action}
        </button>
        <button type="button" className="quiet" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
