import { useEffect, useState } from 'react';
import { usePanel } from '../panel-context.ts';
import { strings } from '../strings.ts';
import { Icon } from './icons.tsx';

/** Copies a text and says so where it stands. */
export function CopyButton(props: { readonly text: () => string; readonly label: string; readonly compact?: boolean }) {
  const { platform } = usePanel();
  const [state, setState] = useState<'idle' | 'done' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 1600);
    return () => clearTimeout(timer);
  }, [state]);
  const said = { idle: props.label, done: strings.copy.done, failed: strings.copy.failed }[state];
  return (
    <button
      type="button"
      className={props.compact ? 'text-button' : 'icon-button'}
      aria-label={said}
      title={said}
      onClick={() => {
        platform.copyText(props.text()).then(
          () => setState('done'),
          () => setState('failed'),
        );
      }}
    >
      <Icon name={state === 'done' ? 'check' : state === 'failed' ? 'warning' : 'copy'} />
      {props.compact && <span aria-hidden="true">{state === 'idle' ? strings.copy.short : said}</span>}
      <span className="sr-only" role="status">
        {state === 'idle' ? '' : said}
      </span>
    </button>
  );
}
