import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { StatusRegion } from '../components/status-region.tsx';
import { Toasts } from '../components/toasts.tsx';
import { strings } from '../strings.ts';
import { IconButton } from './buttons.tsx';

/**
 * A modal part of the panel, on the browser's own dialog: it keeps the focus inside, closes on Escape and gives the
 * focus back to where it came from. The element with `data-autofocus` is focused first.
 */
export function Sheet(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** `start`: a drawer at the reading edge. */
  readonly side?: 'bottom' | 'start';
  readonly className?: string;
  /** Stands beside the close button. */
  readonly actions?: ReactNode;
}) {
  const { title, onClose, children, side = 'bottom', className, actions } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    element.showModal();
    element.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    // Closing, not vanishing, is what gives the focus back.
    return () => element.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`sheet sheet-${side}${className ? ` ${className}` : ''}`}
      aria-labelledby={heading}
      // Leaving the page is what closes it, at once: the browser's own `close` comes a task later, when another sheet
      // may have been asked for already.
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={(event) => {
        if (event.currentTarget.isConnected) onClose();
      }}
      onKeyDown={(event) => {
        // What closes a sheet must not stop an answer as well.
        if (event.key === 'Escape') event.stopPropagation();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="sheet-body">
        <header className="sheet-head">
          <h2 id={heading}>{title}</h2>
          {actions}
          <IconButton icon="close" label={strings.common.close} onClick={onClose} />
        </header>
        {children}
        <Toasts />
        <StatusRegion />
      </div>
    </dialog>
  );
}
