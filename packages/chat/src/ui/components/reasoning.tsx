import { useState } from 'react';
import { Icon } from '../controls/icons.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { strings } from '../strings.ts';

/** How much of the latest thought the closed line shows, in characters. */
const GLIMPSE = 160;

/** A model's thinking: one line that follows it live, and all of it on demand. */
export function Reasoning({ text, growing }: { readonly text: string; readonly growing: boolean }) {
  const [open, setOpen] = useState(false);
  if (text === '') {
    // Some providers only hand out an encrypted form of it.
    return (
      <p className="reasoning-hidden">
        <Icon name="brain" />
        {growing ? strings.message.thinking : strings.message.thoughtHidden}
      </p>
    );
  }
  return (
    <details className="reasoning" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Icon name="brain" />
        <span className="reasoning-label">{growing ? strings.message.thinking : strings.message.thought}</span>
        {!open && (
          <span className="reasoning-glimpse" dir="auto">
            {glimpse(text, growing)}
          </span>
        )}
      </summary>
      {open && (
        <div className="reasoning-text">
          <Markdown text={text} growing={growing} />
        </div>
      )}
    </details>
  );
}

/** The end of what is being thought, or the beginning of what was: without Markdown's marks, on one line. */
function glimpse(text: string, growing: boolean): string {
  const piece = growing ? text.slice(-GLIMPSE) : text.slice(0, GLIMPSE);
  const line = growing ? piece.slice(piece.trimEnd().lastIndexOf('\n') + 1) : piece;
  return line
    .replace(/[*_`#>]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
