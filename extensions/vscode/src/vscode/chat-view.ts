import type { Host } from '@patchbay/chat/host';
import * as vscode from 'vscode';
import { createPageConnection } from '../common/page-connection.ts';
import { type CodeAction, type FromPage, parseFromPage, type ToPage } from '../common/webview-protocol.ts';
import { openLink } from './open-link.ts';

export const CHAT_VIEW = 'patchbay.chat';

/** Where the conversation in view is remembered. */
const SHOWN = 'patchbay.shownConversation';

export interface ChatView extends vscode.WebviewViewProvider {
  /** Brings the view up with this conversation. */
  show(conversationId?: string): Promise<void>;
  /** The conversation that it shows, or would show. */
  shown(): string | undefined;
}

export interface ChatViewPorts {
  readonly extensionUri: vscode.Uri;
  readonly host: () => Host;
  /** This workspace's own memory; the editor writes it down at once, that of a page only now and then. */
  readonly memory: vscode.Memento;
  /** Runs what the page asks for; tells the user what goes wrong with it. */
  readonly command: (work: () => unknown) => Promise<void>;
  readonly onCode: (action: CodeAction, code: string, language: string) => unknown;
}

/**
 * The panel in a view. Its page holds nothing that the host does not have: it may be thrown away and made again at any
 * time (VS Code does so whenever the view is hidden), and attaches to running answers by their sequence numbers.
 */
export function createChatView({ extensionUri, host, memory, command, onCode }: ChatViewPorts): ChatView {
  const assets = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  let view: vscode.WebviewView | undefined;
  /** To be shown as soon as there is a page that listens. */
  let wanted: string | undefined;
  let listens = false;

  const post = (message: ToPage) => {
    void view?.webview.postMessage(message);
  };

  return {
    resolveWebviewView: (resolved) => {
      view = resolved;
      const { webview } = resolved;
      webview.options = {
        enableScripts: true,
        localResourceRoots: [assets],
        enableCommandUris: false,
        enableForms: false,
      };
      const connection = createPageConnection(post, (port) => host().connect(port));
      const listening = webview.onDidReceiveMessage((received: unknown) => {
        const message = parseFromPage(received);
        switch (message?.type) {
          case 'connect': {
            const shown = memory.get<string>(SHOWN);
            if (shown !== undefined) post({ type: 'remembered', conversationId: shown });
            connection.receive(message);
            if (wanted !== undefined) post({ type: 'show', conversationId: wanted });
            wanted = undefined;
            listens = true;
            return;
          }
          case 'shown':
            void memory.update(SHOWN, message.conversationId);
            return;
          case 'message':
            connection.receive(message);
            return;
          case 'open':
            void command(() => openLink(message.url));
            return;
          case 'save':
            void command(() => save(message.name, contentOf(message)));
            return;
          case 'code':
            void command(() => onCode(message.action, message.code, message.language));
        }
      });
      const visibility = resolved.onDidChangeVisibility(() => {
        // A hidden page is gone; the next one says connect by itself.
        if (resolved.visible) return;
        connection.lost();
        listens = false;
      });
      resolved.onDidDispose(() => {
        connection.lost();
        listens = false;
        listening.dispose();
        visibility.dispose();
        if (view === resolved) view = undefined;
      });
      webview.html = pageHtml(webview, assets);
    },
    shown: () => memory.get<string>(SHOWN),
    show: async (conversationId) => {
      if (listens && conversationId !== undefined) {
        // Before the page gets the keys: what is typed at once belongs to this conversation, not to the one before it.
        post({ type: 'show', conversationId });
        wanted = undefined;
      } else {
        // A page that is still being made asks when it connects.
        wanted = conversationId;
      }
      await vscode.commands.executeCommand(`${CHAT_VIEW}.focus`);
    },
  };
}

/**
 * Nothing runs or loads but our own files; the page reaches no network at all, so no key and no prompt can leave through
 * it. Blobs are the panel's images and sounds.
 */
function pageHtml(webview: vscode.Webview, assets: vscode.Uri): string {
  const nonce = crypto.randomUUID().replaceAll('-', '');
  const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(assets, file));
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    // A remote image is only asked for when the user clicks it.
    `img-src ${webview.cspSource} blob: data: https:`,
    // What a model said aloud.
    `media-src blob:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!doctype html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri('panel.css')}">
<title>Patchbay</title>
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" type="module" src="${uri('panel.js')}"></script>
</body>
</html>`;
}

function contentOf(message: Extract<FromPage, { readonly type: 'save' }>): Uint8Array {
  if ('text' in message) return new TextEncoder().encode(message.text);
  return Uint8Array.from(atob(message.base64), (char) => char.charCodeAt(0));
}

async function save(name: string, content: Uint8Array): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (target) await vscode.workspace.fs.writeFile(target, content);
}
