import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from 'react';

/** A row of buttons with one stop for the Tab key; the arrow keys, Home and End move inside of it. */
export function Toolbar(props: { readonly label: string; readonly className?: string; readonly children: ReactNode }) {
  const bar = useRef<HTMLDivElement>(null);
  const current = useRef(0);

  const buttons = (): readonly HTMLButtonElement[] => [
    ...(bar.current?.querySelectorAll<HTMLButtonElement>('button:not([popover] *):not(:disabled)') ?? []),
  ];
  const settle = (index: number) => {
    const all = buttons();
    current.current = Math.max(0, Math.min(index, all.length - 1));
    all.forEach((button, at) => {
      button.tabIndex = at === current.current ? 0 : -1;
    });
    return all[current.current];
  };
  useLayoutEffect(() => {
    settle(current.current);
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const all = buttons();
    const at = all.indexOf(event.target as HTMLButtonElement);
    if (at < 0) return;
    const rtl = getComputedStyle(event.currentTarget).direction === 'rtl';
    const forward = rtl ? 'ArrowLeft' : 'ArrowRight';
    const backward = rtl ? 'ArrowRight' : 'ArrowLeft';
    const to = { [forward]: at + 1, [backward]: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    settle((to + all.length) % all.length)?.focus();
  };

  return (
    <div
      ref={bar}
      role="toolbar"
      aria-label={props.label}
      className={props.className}
      onKeyDown={onKeyDown}
      onFocus={(event) => settle(buttons().indexOf(event.target as unknown as HTMLButtonElement))}
    >
      {props.children}
    </div>
  );
}
