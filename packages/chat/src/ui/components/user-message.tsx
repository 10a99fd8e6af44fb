import { useState } from 'react';
import { IconButton } from '../controls/buttons.tsx';
import { CopyButton } from '../controls/copy-button.tsx';
import { Toolbar } from '../controls/toolbar.tsx';
import { cutFences } from '../markdown/fences.ts';
import { usePanel, usePanelState } from '../panel-context.ts';
import { textOf } from '../state/tree.ts';
import { strings } from '../strings.ts';
import { BlobImage, FileMedium } from './media.tsx';
import type { MessageProps } from './message.tsx';
import { Versions } from './versions.tsx';

/** Longer questions (a pasted page) show their beginning first. */
const LONG_CHARS = 1500;
const LONG_LINES = 18;

export function UserMessage({ message, versions, version }: MessageProps) {
  const panel = usePanel();
  const edited = usePanelState((state) => state.composer.editing?.messageId === message.id);
  const text = textOf(message);
  const long = text.length > LONG_CHARS || text.split('\n', LONG_LINES + 1).length > LONG_LINES;
  const [whole, setWhole] = useState(false);
  return (
    <article
      className="message user"
      data-message={message.id}
      data-edited={edited || undefined}
      tabIndex={-1}
      aria-label={strings.message.you}
    >
      <div className="bubble">
        {message.parts.map((part, index) =>
          part.type === 'image' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a record do not move
            <BlobImage key={index} part={part} />
          ) : part.type === 'file' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a record do not move
            <FileMedium key={index} part={part} />
          ) : null,
        )}
        {text !== '' && (
          <div className={long && !whole ? 'user-text clamped' : 'user-text'}>
            {cutFences(text).map((piece, index) =>
              piece.code ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a message does not change
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
                <pre key={index} dir="ltr" tabIndex={0}>
                  {piece.text}
                </pre>
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: a message does not change
                <p key={index} dir="auto">
                  {piece.text}
                </p>
              ),
            )}
          </div>
        )}
        {long && (
          <button type="button" className="text-button" aria-expanded={whole} onClick={() => setWhole(!whole)}>
            {whole ? strings.message.less : strings.message.whole}
          </button>
        )}
      </div>
      <Toolbar label={strings.message.actions} className="actions">
        <Versions versions={versions} version={version} label={strings.message.questionVersions} />
        <CopyButton text={() => text} label={strings.message.copy} />
        <IconButton
          icon="edit"
          label={strings.message.edit}
          onClick={() => {
            panel.runs.beginEdit(message.id);
            panel.focusComposer();
          }}
        />
      </Toolbar>
    </article>
  );
}
