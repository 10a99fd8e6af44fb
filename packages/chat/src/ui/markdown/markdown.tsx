import { createLazy } from '../lazy.ts';

export interface MarkdownProps {
  readonly text: string;
  /** More of it is to come. */
  readonly growing?: boolean;
}

/** The lexer and all that draws its blocks: a third of the panel, and not needed for its first paint. */
const view = createLazy(() => import('./view.tsx'));

/** Fetches the Markdown code now, so that it is there when the first answer comes. */
export const loadMarkdown = view.load;

/** A Markdown text. Until its code is there, which takes a moment once, the text shows as it is. */
export function Markdown(props: MarkdownProps) {
  const loaded = view.use();
  if (loaded) return <loaded.MarkdownView {...props} />;
  return (
    <p className="plain" dir="auto">
      {props.text}
    </p>
  );
}
