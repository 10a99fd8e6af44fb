import { createRequire } from 'node:module';
import type * as vscode from 'vscode';
import { start } from './vscode/start.ts';

/** Gateway, stores and conversations: a bundle beside this one, read from disk when a window first needs it. */
const behind = (): typeof import('./services.ts') => createRequire(import.meta.url)('./services.cjs');

/** Entry of the Node extension host. Registers, and waits for nothing. */
export function activate(context: vscode.ExtensionContext): void {
  start(context, (openKeys) => behind().open(context, openKeys));
}
