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
  let state: 'start' | 'thinking' | 'behind' | 'text' = form === 'implicit' ? 'thinking' : 'start';
  let held = '';

  const start = (text: string) => {
    const at = held + text;
    const trimmed = at.trimStart();
    if (trimmed.length < OPEN.length && OPEN.startsWith(trimmed)) {
      held = at;
      return;
    }
    held = '';
    if (trimmed.startsWith(OPEN)) {
      state = 'thinking';
      thinking(trimmed.slice(OPEN.length));
    } else {
      state = 'text';
      sink.text(at);
    }
  };

  const thinking = (text: string) => {
    const at = held + text;
    const close = at.indexOf(CLOSE);
    if (close !== -1) {
      held = '';
      if (close > 0) sink.reasoning(at.slice(0, close));
      state = 'behind';
      behind(at.slice(close + CLOSE.length));
      return;
    }
    const safe = at.length - heldBack(at);
    held = at.slice(safe);
    if (safe > 0) sink.reasoning(at.slice(0, safe));
  };

  /** The blank lines that models put between thinking and answer belong to neither. */
  const behind = (text: string) => {
    const rest = text.trimStart();
    if (rest === '') return;
    state = 'text';
    sink.text(rest);
  };

  const push = (text: string) => {
    switch (state) {
      case 'text':
        sink.text(text);
        return;
      case 'start':
        start(text);
        return;
      case 'thinking':
        thinking(text);
        return;
      case 'behind':
        behind(text);
    }
  };

  return {
    push,
    flush: () => {
      const rest = held;
      held = '';
      if (rest === '') return;
      if (state === 'thinking') sink.reasoning(rest);
      else sink.text(rest);
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
