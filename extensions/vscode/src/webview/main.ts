import type { HostMessage, PanelMessage, PanelPort } from '@patchbay/chat/contract';
import { mountPanel } from '@patchbay/chat/ui';
import { type CodeAction, type FromPage, isOutside, type ToPage } from '../common/webview-protocol.ts';
import '@patchbay/chat/ui/panel.css';
import './theme.css';

interface EditorApi {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): EditorApi;

const editor = acquireVsCodeApi();

const showListeners = new Set<(conversationId: string) => void>();
let current: { readonly id: string; readonly deliver: (message: HostMessage) => void } | undefined;

addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  if (data.type === 'show') for (const listener of showListeners) listener(data.conversationId);
  else if (data.type === 'messages' && data.connection === current?.id) {
    for (const message of data.messages) current.deliver(message);
  }
});

/** A connection of this page's own: what an earlier page was still owed is not mixed into it. */
function connect(): PanelPort {
  const connection = crypto.randomUUID();
  const listeners: ((message: HostMessage) => void)[] = [];
  current = {
    id: connection,
    deliver: (message) => {
      for (const listener of listeners) listener(message);
    },
  };
  editor.postMessage({ type: 'connect', connection });
  return {
    send: (message: PanelMessage) => editor.postMessage({ type: 'message', connection, message }),
    onMessage: (listener) => listeners.push(listener),
    // The page lives exactly as long as its connection to the host.
    onClose: () => undefined,
    close: () => {
      if (current?.id === connection) current = undefined;
    },
  };
}

/** Names one life of the extension host. */
const session = document.body.dataset.session ?? '';

/**
 * The editor keeps this while the page is thrown away and made again. It saves it now and then only, so that after a crash
 * it may be of long ago: what another life of the host left behind is not looked at.
 */
function remembered(): Record<string, string> {
  const state = editor.getState();
  const known = typeof state === 'object' && state !== null ? (state as Record<string, string>) : {};
  return known.session === session ? known : {};
}

const codeAction = (id: CodeAction, label: string) => ({
  id,
  label,
  run: (code: string, language: string) => editor.postMessage({ type: 'code', action: id, code, language }),
});

const root = document.getElementById('root');
if (root) {
  mountPanel(root, {
    connect,
    platform: {
      openExternal: (url) => {
        if (isOutside(url)) editor.postMessage({ type: 'open', url });
      },
      saveFile: async (name, content) => editor.postMessage({ type: 'save', name, text: await content.text() }),
      memory: {
        get: (key) => remembered()[key],
        set: (key, value) => editor.setState({ ...remembered(), session, [key]: value }),
      },
      codeActions: [codeAction('insert', 'Insert'), codeAction('apply', 'Apply'), codeAction('new-file', 'New file')],
      onShow: (listener) => {
        showListeners.add(listener);
        return () => showListeners.delete(listener);
      },
    },
  });
}
