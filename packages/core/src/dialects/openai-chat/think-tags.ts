const OPEN = '<think>';
const CLOSE = '</think>';

/** Tells thinking that a model writes into its answer, between tags, from the answer itself (quirk 138). */
export interface ThinkTags {
  push(text: string): void;
  /** Hands over what was held back; thinking that was never closed is thinking to its end. */
  flush(): void;
}

/**
 * Only a tag at the very start of the answer counts: further in, an answer may well speak of tags. Tags may be cut
 * anywhere between two texts.
 * @param form `implicit`: the prompt's template has opened the thinking already, so only the closing tag comes
 */
export function createThinkTags(
  form: 'tagged' | 'implicit',
  sink: { readonly reasoning: (text: string) => void; readonly text: (text: string) => void },
): ThinkTags {
  let held = '';

  const start = (text: string) => {
    const at = held + text;
    const trimmed = at.trimStart();
    if (trimmed.length < OPEN.length && OPEN.startsWith(trimmed)) {
      held = at;
      return;
    }
    held = '';
    const isOpen = trimmed.startsWith(OPEN);
    read = isOpen ? thinking : sink.text;
    read(isOpen ? trimmed.slice(OPEN.length) : at);
  };

  const thinking = (text: string) => {
    const at = held + text;
    const close = at.indexOf(CLOSE);
    const end = close === -1 ? at.length - heldBack(at) : close;
    if (end > 0) sink.reasoning(at.slice(0, end));
    held = close === -1 ? at.slice(end) : '';
    if (close === -1) return;
    read = behind;
    behind(at.slice(close + CLOSE.length));
  };

  /** The blank lines that models put between thinking and answer belong to neither. */
  const behind = (text: string) => {
    const rest = text.trimStart();
    if (rest === '') return;
    read = sink.text;
    read(rest);
  };

  /** What is being read: the beginning, thinking, what stands behind it, or the answer. */
  let read = form === 'implicit' ? thinking : start;

  return {
    push: (text) => read(text),
    flush: () => {
      const rest = held;
      held = '';
      if (rest !== '') (read === thinking ? sink.reasoning : sink.text)(rest);
    },
  };
}

/** Length of the longest end of `text` that may be the beginning of a closing tag. */
function heldBack(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length--) {
    if (CLOSE.startsWith(text.slice(text.length - length))) return length;
  }
  return 0;
}
