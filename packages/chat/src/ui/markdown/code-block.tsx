import { memo, useMemo } from 'react';
import { CopyButton } from '../controls/copy-button.tsx';
import { usePanel } from '../panel-context.ts';
import { strings } from '../strings.ts';
import { inOrder } from './entities.ts';
import { type Stretch, stretches, usePaints } from './highlight.ts';

/** Lines per text node: while code streams, the browser lays out only the last of them again. */
const LINES = 40;

/** A block of code with its language and a copy button. `closed` code gets its colours once the page is idle. */
export const CodeBlock = memo(function CodeBlock(props: {
  readonly code: string;
  readonly language: string;
  readonly closed: boolean;
}) {
  const { code, language, closed } = props;
  const paints = usePaints(closed ? code : undefined, language);
  const pieces = slices(code);
  const painted = useMemo(() => (paints.length > 0 ? stretches(slices(code), paints) : undefined), [code, paints]);
  return (
    <div className="code" dir="ltr">
      <div className="code-bar">
        <span className="code-language">{inOrder(language) || strings.code.plain}</span>
        <span className="code-actions">
          {closed && <CodeActions code={code} language={language} />}
          <CopyButton text={() => code} label={strings.code.copy} compact />
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code>
          {pieces.map((slice, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: code only grows at its end
            <CodeSlice key={index} text={slice} painted={painted?.[index]} />
          ))}
        </code>
      </pre>
    </div>
  );
});

/** What the product can do with the block, such as putting it into a file. */
function CodeActions({ code, language }: { readonly code: string; readonly language: string }) {
  const { codeActions } = usePanel().platform;
  return codeActions.map((action) => (
    <button key={action.id} type="button" className="text-button" onClick={() => action.run(code, language)}>
      {action.label}
    </button>
  ));
}

const CodeSlice = memo(function CodeSlice(props: {
  readonly text: string;
  readonly painted: readonly Stretch[] | undefined;
}) {
  return (
    <span className="code-slice">
      {props.painted?.map(({ kind, text }, index) =>
        kind ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: painted once
          <span key={index} className={`code-${kind}`}>
            {inOrder(text)}
          </span>
        ) : (
          inOrder(text)
        ),
      ) ?? inOrder(props.text)}
    </span>
  );
});

/** Cuts behind every `LINES`-th line end; the pieces joined are the code again. */
export function slices(code: string): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  let lines = 0;
  for (let end = code.indexOf('\n'); end >= 0; end = code.indexOf('\n', end + 1)) {
    lines += 1;
    if (lines % LINES !== 0) continue;
    pieces.push(code.slice(start, end + 1));
    start = end + 1;
  }
  pieces.push(code.slice(start));
  return pieces;
}
