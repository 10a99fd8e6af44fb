import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Icon, type IconName } from './icons.tsx';

export interface MenuItem {
  readonly label: string;
  /** Small words behind the label. */
  readonly hint?: string;
  readonly icon?: IconName;
  readonly danger?: boolean;
  readonly checked?: boolean;
  /** A line above it. */
  readonly apart?: boolean;
  readonly onSelect: () => void;
}

/**
 * A button with a menu, after the ARIA practices: arrows move, letters jump, Escape closes, focus goes back to the
 * button. The menu is a popover in the top layer, so no scroll box cuts it off.
 */
export function Menu(props: {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly children: ReactNode;
  readonly className?: string;
  readonly disabled?: boolean;
}) {
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  /** A press on the button of an open menu closes it before the click comes; the click must not open it again. */
  const openAtPress = useRef(false);

  const show = (last = false) => {
    if (!menu.current || !trigger.current) return;
    flushSync(() => setOpen(true));
    menu.current.showPopover();
    place(menu.current, trigger.current);
    const entries = entriesOf(menu.current);
    entries.at(last ? -1 : 0)?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const entries = entriesOf(menu.current);
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const go = (index: number) => {
      event.preventDefault();
      entries.at(index % entries.length)?.focus();
    };
    if (event.key === 'ArrowDown') go(at + 1);
    else if (event.key === 'ArrowUp') go(at - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(-1);
    else if (event.key === 'Tab') menu.current?.hidePopover();
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const letter = event.key.toLowerCase();
      const next = [...entries.slice(at + 1), ...entries.slice(0, at + 1)];
      next.find((entry) => entry.textContent?.trim().toLowerCase().startsWith(letter))?.focus();
    }
    // Escape closes the popover by itself; it must not stop an answer too.
    if (event.key === 'Escape') event.stopPropagation();
  };

  return (
    <>
      <button
        ref={trigger}
        type="button"
        className={props.className ?? 'icon-button'}
        aria-label={props.label}
        title={props.label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        disabled={props.disabled}
        onPointerDown={() => {
          openAtPress.current = open;
        }}
        onClick={() => {
          if (openAtPress.current || open) menu.current?.hidePopover();
          else show();
          openAtPress.current = false;
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          show(event.key === 'ArrowUp');
        }}
      >
        {props.children}
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        tabIndex={-1}
        className="menu"
        aria-label={props.label}
        onKeyDown={onKeyDown}
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        {open &&
          props.items.map((item) => (
            <button
              key={item.label}
              type="button"
              {...(item.checked === undefined
                ? { role: 'menuitem' }
                : { role: 'menuitemradio', 'aria-checked': item.checked })}
              tabIndex={-1}
              className={item.danger ? 'menu-item danger' : 'menu-item'}
              data-apart={item.apart || undefined}
              onClick={() => {
                menu.current?.hidePopover();
                item.onSelect();
              }}
            >
              {item.checked !== undefined ? (
                <span className="menu-mark">{item.checked && <Icon name="check" />}</span>
              ) : (
                item.icon && <Icon name={item.icon} />
              )}
              <span className="menu-label">{item.label}</span>
              {item.hint && <span className="menu-hint">{item.hint}</span>}
            </button>
          ))}
      </div>
    </>
  );
}

const entriesOf = (menu: HTMLElement | null): readonly HTMLElement[] => [
  ...(menu?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? []),
];

/** Below the button, or above where there is more room; never outside of the panel. */
function place(menu: HTMLElement, trigger: HTMLElement): void {
  const gap = 4;
  const at = trigger.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = innerHeight - at.bottom - gap;
  const up = below < size.height && at.top > below;
  const rtl = getComputedStyle(trigger).direction === 'rtl';
  const left = rtl ? at.left : at.right - size.width;
  menu.style.left = `${Math.max(gap, Math.min(left, innerWidth - size.width - gap))}px`;
  menu.style.top = up ? `${Math.max(gap, at.top - gap - size.height)}px` : `${at.bottom + gap}px`;
  menu.style.maxHeight = `${(up ? at.top : below) - 2 * gap}px`;
}
