import * as vscode from 'vscode';
import { withoutLinks } from '../common/inert.ts';

/**
 * Messages at the corner of the window. The editor runs the links of a message, commands included, and most of ours pass
 * on what a server, a model or a file said: so none of them has any. Each resolves with the button that was pressed.
 */
export const tell = {
  info: (message: string, ...buttons: readonly string[]): Thenable<string | undefined> =>
    vscode.window.showInformationMessage(withoutLinks(message), ...buttons),

  warn: (message: string, ...buttons: readonly string[]): Thenable<string | undefined> =>
    vscode.window.showWarningMessage(withoutLinks(message), ...buttons),

  error: (message: string, ...buttons: readonly string[]): Thenable<string | undefined> =>
    vscode.window.showErrorMessage(withoutLinks(message), ...buttons),

  /** In the middle of the window, which waits for the answer. */
  ask: (message: string, detail: string | undefined, ...buttons: readonly string[]): Thenable<string | undefined> =>
    vscode.window.showWarningMessage(message, { modal: true, ...(detail && { detail }) }, ...buttons),
};
