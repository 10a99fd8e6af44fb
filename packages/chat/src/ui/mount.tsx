import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { createPanelClient, type PanelClientOptions, type PanelPort } from '../contract/index.ts';
import { App, type PanelSlots } from './components/app.tsx';
import { loadMarkdown } from './markdown/markdown.tsx';
import { completePlatform, type PanelPlatform } from './platform.ts';
import { createPanel } from './state/panel.ts';

export interface MountOptions {
  /** Opens a port to the host; called again whenever the last one has closed. */
  connect(): PanelPort;
  readonly connection?: PanelClientOptions;
  readonly slots?: PanelSlots;
  readonly platform?: PanelPlatform;
}

/**
 * Puts the panel into an element. Where that holds the static shell (`shell.html`), what was typed into it and its focus
 * carry over, and the panel takes its place in one frame.
 * @returns a function that takes it out again
 */
export function mountPanel(element: HTMLElement, options: MountOptions): () => void {
  const field = () => element.querySelector<HTMLTextAreaElement>('[data-composer]');
  const shell = field();
  const typed = shell?.value ?? '';
  const focused = shell !== null && document.activeElement === shell;
  const caret = shell?.selectionStart ?? typed.length;

  // Meanwhile the host wakes up; a failure shows as plain text, and is tried again where it is needed.
  loadMarkdown().catch(() => undefined);
  const client = createPanelClient(options.connect, options.connection);
  const panel = createPanel({
    client,
    platform: completePlatform(options.platform),
    typed,
    hasKeyForm: options.slots?.addKey !== undefined,
    focusComposer: () => field()?.focus(),
  });
  element.classList.add('patchbay');
  const root = createRoot(element);
  // At once, so that no key that is typed into the shell gets lost on the way.
  flushSync(() => root.render(<App panel={panel} slots={options.slots ?? {}} />));
  if (shell === null || focused || document.activeElement === document.body) {
    const composer = field();
    composer?.focus();
    composer?.setSelectionRange(caret, caret);
  }
  return () => {
    root.unmount();
    panel.close();
    element.classList.remove('patchbay');
  };
}
