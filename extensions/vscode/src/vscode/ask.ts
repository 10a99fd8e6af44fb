import type { ModelChoice } from '@patchbay/chat/contract';
import * as vscode from 'vscode';
import {
  type ContextItem,
  contextItems,
  describeContext,
  messageText,
  type SelectionSnapshot,
} from '../common/context.ts';
import { withoutIcons, withoutLinks } from '../common/inert.ts';
import { type AskCommand, fillPrompt, QUESTIONS, systemPrompt } from '../common/prompts.ts';
import { formatTokens } from '../common/tokens.ts';
import type { ChatView } from './chat-view.ts';
import { defaultModel, pickModel } from './pick-model.ts';
import { snapshotOf, wholeLines } from './selection.ts';
import type { Services } from './services.ts';
import { settingsFor } from './settings.ts';
import { tell } from './tell.ts';

export interface AskOptions {
  readonly command: AskCommand;
  /** Pick a model for this question alone. */
  readonly withModel: boolean;
  /** What a lightbulb was lit for; the selection otherwise. */
  readonly range?: vscode.Range;
  /** It was lit for a problem: its whole lines and what stands around them go along. */
  readonly problem?: boolean;
}

/** Lines above and below a problem, at least: alone, one word says nothing about what is wrong with it. */
const AROUND_PROBLEM = 10;

/** Asks about the selection: in a conversation of its own, in the view. */
export async function ask(
  services: Services,
  view: ChatView,
  { command, withModel, range, problem = false }: AskOptions,
): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return void tell.info(vscode.l10n.t('Open a file and select some code first.'));
  const settings = settingsFor(editor.document.uri);
  // Fixing needs to know what is broken.
  const problems = settings.problems || command === 'fix' || problem;
  const surroundingLines = problem ? Math.max(settings.surroundingLines, AROUND_PROBLEM) : settings.surroundingLines;
  const on = problem && range ? wholeLines(editor.document, range) : range;
  const snapshot = snapshotOf(editor, { surroundingLines, problems }, on);
  const question = await questionFor(command, snapshot, settings.prompts);
  if (question === undefined) return;
  const items = await reviewed(contextItems(snapshot), settings.review);
  if (!items) return;
  const choice = withModel
    ? (await pickModel(services, vscode.l10n.t('Which model is to answer?')))?.choice
    : await defaultModel(services);
  if (!choice) return;
  await startConversation(services, view, choice, messageText(question, items), {
    system: systemPrompt(settings.instructions),
    ...(settings.maxOutputTokens !== undefined && { maxOutputTokens: settings.maxOutputTokens }),
  });
}

async function questionFor(
  command: AskCommand,
  snapshot: SelectionSnapshot,
  prompts: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  if (command === 'ask') return askForText(vscode.l10n.t('What do you want to know?'), snapshot);
  if (command !== 'customPrompt') return QUESTIONS[command];
  const items = [
    { label: vscode.l10n.t('$(edit) Type a prompt…'), prompt: undefined },
    ...Object.entries(prompts).map(([name, prompt]) => ({
      label: withoutIcons(name),
      detail: withoutIcons(prompt),
      prompt,
    })),
  ];
  const picked = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { matchOnDetail: true });
  if (!picked) return undefined;
  if (picked.prompt === undefined) return askForText(vscode.l10n.t('Your prompt for the selection'), snapshot);
  return fillPrompt(picked.prompt, snapshot);
}

async function askForText(title: string, snapshot: SelectionSnapshot): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: withoutLinks(describeContext(contextItems(snapshot))),
    ignoreFocusOut: true,
  });
  return text?.trim() || undefined;
}

/** What is to go along, each with its tokens; undefined where the user gave up. */
async function reviewed(items: ContextItem[], review: boolean): Promise<readonly ContextItem[] | undefined> {
  if (!review || items.length === 0) return items;
  const picked = await vscode.window.showQuickPick(
    items.map((item) => ({
      label: withoutIcons(item.label),
      description: vscode.l10n.t('about {0} tokens', formatTokens(item.tokens)),
      picked: true,
      item,
    })),
    { canPickMany: true, title: vscode.l10n.t('What is to be sent along?') },
  );
  return picked?.map(({ item }) => item);
}

interface Beginning {
  readonly system: string;
  readonly maxOutputTokens?: number;
}

async function startConversation(
  services: Services,
  view: ChatView,
  choice: ModelChoice,
  text: string,
  beginning: Beginning,
): Promise<void> {
  const { client, newId } = services;
  const { system, maxOutputTokens } = beginning;
  const id = newId();
  try {
    await client.request('conversation.create', { id });
    await client.request('conversation.configure', {
      id,
      choice,
      system,
      ...(maxOutputTokens !== undefined && { parameters: { maxOutputTokens } }),
    });
    const parts = [{ type: 'text', text }] as const;
    await client.request('run.start', { runId: newId(), conversationId: id, parentId: null, parts, choice });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Nothing was sent: the question waits in the composer, or, where nothing can be kept at all, in this message.
    const kept = await client.request('draft.save', { conversationId: id, draft: text }).then(
      () => true,
      () => false,
    );
    if (!kept) {
      const again = vscode.l10n.t('Try Again');
      const copy = vscode.l10n.t('Copy the Question');
      const answer = await tell.error(message, again, copy);
      if (answer === again) await startConversation(services, view, choice, text, beginning);
      if (answer === copy) await vscode.env.clipboard.writeText(text);
      return;
    }
    void tell.error(message);
  }
  await view.show(id);
}
