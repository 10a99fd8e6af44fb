import * as vscode from 'vscode';
import { ledgerMarkdown } from '../common/ledger-view.ts';
import type { Services } from './services.ts';

const SCHEME = 'patchbay-ledger';
const PAGE = vscode.Uri.from({ scheme: SCHEME, path: '/Patchbay ledger.md' });
/** Requests on the page; the panel's export holds all of them. */
const ROWS = 200;

/** The ledger as a page of the editor, brought up to date each time it is opened. */
export function createLedgerPage(services: () => Services): vscode.Disposable & { open(): Promise<void> } {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: async () => {
      const { client, stores } = services();
      const state = services().state() ?? (await client.ready);
      return ledgerMarkdown(state, await stores.ledger.history({ limit: ROWS }).catch(() => undefined));
    },
  });
  return {
    open: async () => {
      changed.fire(PAGE);
      try {
        await vscode.commands.executeCommand('markdown.showPreview', PAGE);
      } catch {
        // The editor was built without its Markdown preview.
        await vscode.window.showTextDocument(PAGE, { preview: true });
      }
    },
    dispose: () => {
      provider.dispose();
      changed.dispose();
    },
  };
}
