import { type ClipboardEvent, type KeyboardEvent, useRef } from 'react';
import { LIMITS, modelName } from '../../contract/index.ts';
import { Button, IconButton } from '../controls/buttons.tsx';
import { Icon } from '../controls/icons.tsx';
import { directionOf } from '../format/direction.ts';
import { usePanel, usePanelState } from '../panel-context.ts';
import { choiceProblem } from '../state/choices.ts';
import { keptParts, nextChoice, runningAnswer } from '../state/runs.ts';
import { useSelect } from '../state/store.ts';
import { branch, textOf } from '../state/tree.ts';
import { strings } from '../strings.ts';
import { AttachmentList } from './attachment-list.tsx';
import { CapMeter } from './cap-meter.tsx';
import { FailureCard } from './failure-card.tsx';
import { ModelChip } from './model-chip.tsx';

/** Where the next message is written. Its text is apart from everything else, so a key press renders this and no more. */
export function Composer() {
  const panel = usePanel();
  const text = useSelect(panel.draft, (value) => value);
  const long = text.length > LONG;
  const composer = usePanelState((state) => state.composer);
  const enterSends = usePanelState((state) => state.host?.settings.enterSends ?? true);
  const file = useRef<HTMLInputElement>(null);
  const composing = useComposing();

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // An Enter that ends a composition belongs to the input method, not to us.
    if (composing.active(event)) return;
    if (event.key === 'Enter' && !event.altKey) {
      const modified = event.ctrlKey || event.metaKey;
      if (modified || (enterSends && !event.shiftKey)) {
        event.preventDefault();
        void panel.runs.send();
      }
      return;
    }
    if (event.key === 'ArrowUp' && text === '' && !composer.editing) {
      const { thread } = panel.store.get();
      const asked = branch(thread.messages, thread.record.headId).findLast(({ message }) => message.role === 'user');
      if (!asked) return;
      event.preventDefault();
      panel.runs.beginEdit(asked.message.id);
      return;
    }
    if (event.key === 'Escape' && composer.editing) {
      event.preventDefault();
      event.stopPropagation();
      panel.runs.cancelEdit();
    }
  };

  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    // Spreadsheets paste their cells as text and as a picture of it; the text is meant.
    if (files.length === 0 || event.clipboardData.types.includes('text/plain')) return;
    event.preventDefault();
    panel.attachments.add(files);
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void panel.runs.send();
      }}
    >
      <ComposerNotes />
      <div className="composer-box">
        <OnceNote />
        <AttachmentList />
        {/* The copy of the text below gives the field its height without a look at the layout. */}
        <div className="grow" data-long={long || undefined} data-text={`${text.slice(0, LONG)}\n`}>
          <textarea
            ref={fitDirection}
            data-composer=""
            rows={1}
            dir={long ? directionOf(text) : 'auto'}
            aria-label={strings.composer.label}
            placeholder={strings.composer.placeholder}
            value={text}
            maxLength={LIMITS.text}
            readOnly={composer.sending}
            onChange={(event) => panel.draft.set(() => event.target.value)}
            onKeyDown={onKeyDown}
            onCompositionStart={composing.begin}
            onCompositionEnd={composing.end}
            onPaste={onPaste}
          />
        </div>
        <div className="composer-row">
          <ModelChip />
          <IconButton icon="clip" label={strings.composer.attach} onClick={() => file.current?.click()} />
          <input
            ref={file}
            type="file"
            hidden
            multiple
            onChange={(event) => {
              panel.attachments.add([...(event.target.files ?? [])]);
              event.target.value = '';
              panel.focusComposer();
            }}
          />
          <span className="composer-gap" />
          <CapMeter />
          <SendButton empty={text.trim() === ''} />
        </div>
      </div>
    </form>
  );
}

/**
 * Characters from which on the field is as tall as it gets, however wide, and scrolls by itself. Of longer texts no copy is
 * laid out, and their direction is not left to the browser, which takes the square of their length to find it.
 */
const LONG = 20_000;

/** Sets the direction before a long text is in the field: behind it would be too late. */
function fitDirection(field: HTMLTextAreaElement | null): (() => void) | undefined {
  const onInput = ({ data }: InputEvent) => {
    if (field && data && data.length > LONG) field.dir = directionOf(data);
  };
  field?.addEventListener('beforeinput', onInput);
  return () => field?.removeEventListener('beforeinput', onInput);
}

/** Says that the next message goes to another model than the rest, at every width. */
function OnceNote() {
  const panel = usePanel();
  const name = usePanelState(
    (state) => state.composer.override && modelName(state.models.list, state.composer.override),
  );
  if (name === undefined) return null;
  return (
    <p className="once-note">
      <bdi>{strings.composer.once(name)}</bdi>
      <IconButton
        icon="close"
        label={strings.composer.endOnce}
        onClick={() => {
          panel.models.endOnce();
          panel.focusComposer();
        }}
      />
    </p>
  );
}

/** Sends; while an answer is being written, stops it. Where it cannot send, its name says why. */
function SendButton({ empty }: { readonly empty: boolean }) {
  const panel = usePanel();
  const running = usePanelState((state) => runningAnswer(state)?.id);
  const sending = usePanelState((state) => state.composer.sending);
  const editing = usePanelState((state) => state.composer.editing !== undefined);
  const attachments = usePanelState((state) => state.composer.attachments);
  const kept = usePanelState((state) =>
    state.composer.editing ? keptParts(state, state.composer.editing.messageId).length > 0 : false,
  );
  const loading = usePanelState((state) => state.thread.loading);
  const problem = usePanelState((state) => choiceProblem(nextChoice(state), state.host));
  if (running !== undefined && !editing)
    return (
      <button
        type="button"
        className="send stop"
        aria-label={strings.composer.stop}
        title={strings.composer.stopHint}
        onClick={() => void panel.runs.stop()}
      >
        <Icon name="stop" />
      </button>
    );
  const reason = sending
    ? strings.composer.sending
    : loading
      ? strings.composer.loading
      : attachments.some((one) => one.state === 'uploading')
        ? strings.composer.uploading
        : problem === 'vault-locked' || problem === 'ledger' || problem === 'key-locked'
          ? strings.composer.blocked[problem]
          : empty && !kept && !attachments.some((one) => one.state === 'ready')
            ? strings.composer.empty
            : undefined;
  return (
    <button
      type="submit"
      className="send"
      data-sending={sending || undefined}
      aria-label={reason === undefined ? strings.composer.send : `${strings.composer.send}: ${reason}`}
      title={reason ?? strings.composer.send}
      // Not `disabled`: a screen reader must be able to reach it and hear the reason.
      aria-disabled={reason !== undefined}
      onClick={(event) => {
        if (reason !== undefined) event.preventDefault();
      }}
    >
      <Icon name="send" />
    </button>
  );
}

/** What the reader has to know before sending: a refusal, an edit, a message that waits. */
function ComposerNotes() {
  const panel = usePanel();
  const { problem, editing, queued } = usePanelState((state) => state.composer);
  const choice = usePanelState(nextChoice);
  const edited = usePanelState((state) => state.thread.messages.find(({ id }) => id === editing?.messageId));
  return (
    <>
      {problem && (
        <FailureCard
          failure={problem.failure}
          at={problem.at}
          asked={choice}
          onDismiss={() => panel.runs.dismissProblem()}
        />
      )}
      {editing && (
        <div className="composer-note">
          <Icon name="edit" />
          <p title={edited && textOf(edited).slice(0, 300)}>{strings.composer.editing}</p>
          <Button onClick={() => panel.runs.cancelEdit()}>{strings.common.cancel}</Button>
        </div>
      )}
      {queued && (
        <div className="composer-note">
          <Icon name="send" />
          <p>{strings.composer.queued}</p>
          <Button onClick={() => panel.runs.cancelQueue()}>{strings.common.cancel}</Button>
        </div>
      )}
    </>
  );
}

/**
 * Whether an input method is composing. Some browsers end a composition before the key that ended it is told, so the end
 * counts only after the current task.
 */
function useComposing() {
  const now = useRef(false);
  return {
    begin: () => {
      now.current = true;
    },
    end: () => {
      setTimeout(() => {
        now.current = false;
      });
    },
    active: (event: KeyboardEvent) => now.current || event.nativeEvent.isComposing || event.keyCode === 229,
  };
}
