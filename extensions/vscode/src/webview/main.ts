import type { HostMessage, PanelMessage, PanelPort } from '@patchbay/chat/contract';
import { mountPanel } from '@patchbay/chat/ui';
import { type CodeAction, type FromPage, isOutside, type ToPage } from '../common/webview-protocol.ts';
import '@patchbay/chat/ui/panel.css';
import './theme.css';

interface EditorApi {
  postMessage(message: FromPage): void;
}
declare function acquireVsCodeApi(): EditorApi;

const editor = acquireVsCodeApi();

const showListeners = new Set<(conversationId: string) => void>();
let current: { readonly id: string; readonly deliver: (message: HostMessage) => void } | undefined;

/** The conversation in view, also before this page was made. */
let shown: string | undefined;

addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  if (data.type === 'remembered') shown = data.conversationId;
  else if (data.type === 'show') for (const listener of showListeners) listener(data.conversationId);
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

const codeAction = (id: CodeAction, label: string) => ({
  id,
  label,
  run: (code: string, language: string) => editor.postMessage({ type: 'code', action: id, code, language }),
});

/** The editor takes names that are the same on every system, and bytes as base64. */
async function toSave(given: string, content: Blob): Promise<FromPage> {
  const name = given.replaceAll(/[^\w .-]/g, '_').slice(-100);
  if (/^application\/json\b|^text\//.test(content.type)) return { type: 'save', name, text: await content.text() };
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(content);
  });
  return { type: 'save', name, base64: url.slice(url.indexOf(',') + 1) };
}

const root = document.getElementById('root');
if (root) {
  mountPanel(root, {
    connect,
    platform: {
      openExternal: (url) => {
        if (isOutside(url)) editor.postMessage({ type: 'open', url });
      },
      saveFile: async (name, content) => editor.postMessage(await toSave(name, content)),
      // The one word that the panel keeps: which conversation is in view.
      memory: {
        get: () => shown,
        set: (_, conversationId) => {
          shown = conversationId;
          editor.postMessage({ type: 'shown', conversationId });
        },
      },
      codeActions: [codeAction('insert', 'Insert'), codeAction('apply', 'Apply'), codeAction('new-file', 'New file')],
      onShow: (listener) => {
        showListeners.add(listener);
        return () => showListeners.delete(listener);
      },
    },
  });
}
