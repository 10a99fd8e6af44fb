import { VaultError } from '@patchbay/core';
import * as vscode from 'vscode';
import { ASK_COMMANDS } from '../common/prompts.ts';
import { ask } from './ask.ts';
import { CHAT_VIEW, type ChatView, createChatView } from './chat-view.ts';
import { CODE_ACTION_KINDS, codeActions, targetOf } from './code-actions.ts';
import { editsFolder } from './edit/edit-files.ts';
import { createEdits } from './edit/edits.ts';
import { addKey, manageKeys, setCaps } from './keys.ts';
import { createLedgerPage } from './ledger-page.ts';
import { watchForLostKeys } from './lost-keys.ts';
import { createParticipant, PARTICIPANT } from './native/participant.ts';
import { createModelProvider, VENDOR } from './native/provider.ts';
import { pickModel, setDefaultModel } from './pick-model.ts';
import type { OpenKeys, Services } from './services.ts';
import { createOpenRouterSignIn } from './sign-in.ts';
import { showStatusBar } from './status-bar.ts';
import { tell } from './tell.ts';

/**
 * Registers everything the manifest promises and returns at once: stores, vault and host are made when something needs
 * them for the first time in this window.
 * @param open makes all that stands behind the editor; called once at most
 */
export function start(context: vscode.ExtensionContext, open: (openKeys: OpenKeys) => Services): void {
  const own = (...things: readonly vscode.Disposable[]) => context.subscriptions.push(...things);
  const log = vscode.window.createOutputChannel('Patchbay', { log: true });
  let made: Services | undefined;
  const services = (): Services => {
    if (!made) {
      made = open(({ keyId, reason }) => {
        void command(async () => (reason === 'add' ? addKey(services()) : manageKeys(services(), keyId)));
      });
      own(made, showStatusBar(made), watchForLostKeys(context, made), made.onModels(models.changed));
      log.info(
        `started in the ${vscode.env.uiKind === vscode.UIKind.Web ? 'web' : 'desktop'} editor ${vscode.version}`,
      );
    }
    return made;
  };
  /** Whatever a command throws is told to the user; no error of ours holds a secret. */
  const command = async (work: () => unknown): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.error(error instanceof VaultError ? `keyring: ${error.code}` : message);
      void tell.error(message);
    }
  };
  const register = (name: string, work: (...args: never[]) => unknown) =>
    own(vscode.commands.registerCommand(`patchbay.${name}`, (...args: never[]) => command(() => work(...args))));

  const edits = createEdits(services, (id) => view.show(id), editsFolder(context));
  const view: ChatView = createChatView({
    extensionUri: context.extensionUri,
    host: () => services().host,
    memory: context.workspaceState,
    command,
    onCode: (action, code, language) => edits.useCode(action, code, language),
  });
  const signIn = createOpenRouterSignIn(context.extension.id, services);
  const uriHandler: vscode.UriHandler = { handleUri: (uri) => command(() => signIn.handleUri(uri)) };
  const ledger = createLedgerPage(services);
  const models = createModelProvider(services);
  own(
    log,
    edits,
    ledger,
    models,
    vscode.window.registerWebviewViewProvider(CHAT_VIEW, view),
    vscode.window.registerUriHandler(uriHandler),
    vscode.lm.registerLanguageModelChatProvider(VENDOR, models),
    vscode.chat.createChatParticipant(PARTICIPANT, createParticipant(services)),
    vscode.languages.registerCodeActionsProvider({ pattern: '**' }, codeActions, {
      providedCodeActionKinds: CODE_ACTION_KINDS,
    }),
  );

  register('openChat', () => view.show());
  register('newChat', async () => {
    const id = services().newId();
    await services().client.request('conversation.create', { id });
    await view.show(id);
  });
  register('chooseModel', async () => {
    const picked = await pickModel(services(), vscode.l10n.t('Which model is to answer from now on?'));
    if (!picked) return;
    const { client } = services();
    await setDefaultModel(services(), picked.choice);
    // The conversation in view has a model of its own, which would go on answering. It may have been deleted.
    const id = view.shown();
    if (id !== undefined) {
      await client.request('conversation.configure', { id, choice: picked.choice }).catch(() => undefined);
    }
  });
  register('addKey', () => addKey(services()));
  register('manageKeys', (keyId?: string) => manageKeys(services(), typeof keyId === 'string' ? keyId : undefined));
  register('setCaps', (keyId: string) => setCaps(services(), keyId));
  register('connectOpenRouter', () => signIn.start());
  register('openLedger', () => ledger.open());
  register('showLog', () => log.show());
  for (const name of ASK_COMMANDS) {
    const run = (withModel: boolean, argument: unknown) =>
      ask(services(), view, { command: name, withModel, ...targetOf(argument) });
    register(name, (argument?: unknown) => run(false, argument));
    register(`${name}WithModel`, (argument?: unknown) => run(true, argument));
  }
  const edit = (withModel: boolean, argument: unknown) => edits.editSelection({ withModel, ...targetOf(argument) });
  register('editSelection', (argument?: unknown) => edit(false, argument));
  register('editSelectionWithModel', (argument?: unknown) => edit(true, argument));
  const hunkOf = (id: unknown) => (typeof id === 'number' ? id : 'here');
  register('edit.acceptHunk', (id?: number) => edits.decide('accept', hunkOf(id)));
  register('edit.rejectHunk', (id?: number) => edits.decide('reject', hunkOf(id)));
  register('edit.acceptAll', () => edits.decide('accept', 'all'));
  register('edit.rejectAll', () => edits.decide('reject', 'all'));
  register('edit.nextHunk', () => edits.go(1));
  register('edit.previousHunk', () => edits.go(-1));
  register('edit.compare', () => edits.compare());
  register('edit.stop', () => edits.stop());
  register('edit.retry', () => edits.retry());
  register('edit.showAnswer', () => edits.showAnswer());
}
