import { useEffect } from 'react';
import { pinOf } from '../state/choices.ts';
import type { Panel } from '../state/panel.ts';
import { runningAnswer } from '../state/runs.ts';

/** The panel's keys. Whatever has the focus may take a key first, by preventing its default or stopping it. */
export function useShortcuts(panel: Panel): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const action = actionFor(event, panel);
      if (!action) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [panel]);
}

function actionFor(event: KeyboardEvent, panel: Panel): (() => void) | undefined {
  const state = panel.store.get();
  if (event.key === 'Escape') {
    return state.sheet === undefined && runningAnswer(state) ? () => void panel.runs.stop() : undefined;
  }
  if (event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[1-9]$/.test(event.code)) {
    const pins = state.host?.settings.pinned ?? [];
    const pin = pins[Number(event.code.slice(-1)) - 1];
    const model = state.models.list.find((one) => pinOf(one.choice) === pin);
    return model && (() => void panel.models.choose(model.choice, 'conversation'));
  }
  if (!(event.ctrlKey || event.metaKey) || event.altKey || state.sheet !== undefined) return undefined;
  switch (event.key.toLowerCase()) {
    case '.':
      return () => panel.openSheet({ kind: 'picker' });
    case ',':
      return () => panel.openSheet({ kind: 'settings' });
    case '/':
      return () => panel.openSheet({ kind: 'shortcuts' });
    case 'k':
      return () => find(panel);
    case 'o':
      return event.shiftKey
        ? () => {
            panel.conversations.create();
            panel.focusComposer();
          }
        : undefined;
    default:
      return undefined;
  }
}

/** To the search field: it stands beside the conversation in a wide panel, and in a drawer otherwise. */
function find(panel: Panel): void {
  const field = document.querySelector<HTMLElement>('.side [data-search]');
  if (field) field.focus();
  else panel.openSheet({ kind: 'conversations' });
}
