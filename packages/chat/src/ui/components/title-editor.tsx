import { useRef } from 'react';
import { LIMITS } from '../../contract/index.ts';
import { strings } from '../strings.ts';

/** Renames in place: Enter and leaving the field keep the name, Escape does not. */
export function TitleEditor(props: {
  readonly title: string;
  /** The new name; undefined where it stays as it was. */
  readonly onDone: (title: string | undefined) => void;
}) {
  const done = useRef(false);
  const finish = (title: string | undefined) => {
    if (done.current) return;
    done.current = true;
    props.onDone(title?.trim() === props.title ? undefined : title);
  };
  return (
    <input
      className="title-editor"
      dir="auto"
      aria-label={strings.conversations.name}
      defaultValue={props.title}
      maxLength={LIMITS.title}
      // biome-ignore lint/a11y/noAutofocus: the user has just asked to type here
      autoFocus
      onFocus={(event) => event.target.select()}
      onBlur={(event) => finish(event.target.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing || event.keyCode === 229) return;
        if (event.key === 'Enter') finish(event.currentTarget.value);
        if (event.key !== 'Escape') return;
        // Escape ends the renaming; it neither closes the list nor stops an answer.
        event.preventDefault();
        event.stopPropagation();
        finish(undefined);
      }}
    />
  );
}
