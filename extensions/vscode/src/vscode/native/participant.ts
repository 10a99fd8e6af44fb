import type { ModelChoice } from '@patchbay/chat/contract';
import { alternativesOf } from '@patchbay/chat/host';
import type { Message } from '@patchbay/core';
import * as vscode from 'vscode';
import { contextItems, messageText } from '../../common/context.ts';
import { plainMarkdown } from '../../common/inert.ts';
import { choiceOf } from '../../common/native/models.ts';
import { createReply } from '../../common/native/reply.ts';
import { QUESTIONS, systemPrompt } from '../../common/prompts.ts';
import { defaultModel } from '../pick-model.ts';
import { snapshotOf } from '../selection.ts';
import type { Services } from '../services.ts';
import { settingsFor } from '../settings.ts';
import { attachmentsOf } from './attachments.ts';
import { VENDOR } from './provider.ts';

export const PARTICIPANT = 'patchbay.participant';

const COMMANDS: Readonly<Record<string, string>> = {
  explain: QUESTIONS.explain,
  fix: QUESTIONS.fix,
  tests: QUESTIONS.writeTests,
};

/**
 * `@patchbay` in VS Code's chat. Answers with the model that the picker names: ours straight from the gateway (through
 * VS Code every part would take a tenth of a second more), another vendor's over VS Code.
 */
export function createParticipant(services: () => Services): vscode.ChatRequestHandler {
  return async (request, context, stream, token) => {
    const editor = vscode.window.activeTextEditor;
    const settings = settingsFor(editor?.document.uri);
    const canned = request.command === undefined ? undefined : COMMANDS[request.command];
    const question = [canned, request.prompt].filter(Boolean).join('\n\n');
    const selected =
      canned && editor ? contextItems(snapshotOf(editor, { ...settings, problems: request.command === 'fix' })) : [];
    const { items: attached, leftOut } = await attachmentsOf(request.references);
    const prompt = messageText(question, [...selected, ...attached]);
    // What VS Code shows as progress is gone with the first word; this has to stay.
    let said = '';
    const say = (message: string) => {
      const line = `> ${message}\n\n`;
      said += line;
      stream.markdown(line);
    };
    if (leftOut.length > 0) say(plainMarkdown(vscode.l10n.t('Not sent along: {0}', leftOut.join(', '))));
    if (canned && selected.length + attached.length === 0 && request.prompt === '') {
      stream.markdown(vscode.l10n.t('Open a file and select some code first.'));
      return {};
    }
    const ours = request.model.vendor === VENDOR ? choiceOf(request.model.id) : undefined;
    if (!ours && request.model.vendor !== VENDOR) {
      await viaVsCode(request.model, context, prompt, stream, token);
      return { metadata: { prompt, said } };
    }
    const all = services();
    const choice: ModelChoice | undefined = ours ?? (await defaultModel(all));
    if (!choice) return {};

    const abort = new AbortController();
    const cancelled = token.onCancellationRequested(() => abort.abort());
    try {
      const chat = {
        choice,
        system: systemPrompt(settings.instructions),
        messages: [...history(context), { role: 'user' as const, parts: [{ type: 'text' as const, text: prompt }] }],
        ...(settings.maxOutputTokens !== undefined && { maxOutputTokens: settings.maxOutputTokens }),
        // As they are stored: another window may have changed them. Where they cannot be read, nobody else is asked.
        ...alternativesOf(await all.stores.conversations.settings().catch(() => undefined)),
      };
      // Without the list of models, they are called by their ids.
      const reply = createReply(choice, () => all.models().catch(() => []));
      for await (const events of all.gateway.chat(chat, { runId: all.newId(), signal: abort.signal })) {
        const { lines, text, progress } = await reply(events);
        for (const one of progress) stream.progress(one);
        for (const line of lines) say(line);
        if (text !== '') stream.markdown(text);
        const failure = events.findLast((event) => event.type === 'finish')?.failure;
        if (failure && failure.kind !== 'aborted') {
          return { errorDetails: { message: plainMarkdown(failure.message) }, metadata: { prompt, said } };
        }
      }
      return { metadata: { choice, prompt, said } };
    } finally {
      cancelled.dispose();
      all.host.changed();
    }
  };
}

/** What was said with us before. What was sent along with a question, and what a command asked, is kept with its answer. */
function history({ history: turns }: vscode.ChatContext): Message[] {
  return turns.flatMap((turn, index): Message[] => {
    if (turn instanceof vscode.ChatRequestTurn) {
      const next = turns[index + 1];
      const asked: unknown = next instanceof vscode.ChatResponseTurn ? next.result.metadata?.prompt : undefined;
      const text = typeof asked === 'string' ? asked : turn.prompt;
      return text === '' ? [] : [{ role: 'user', parts: [{ type: 'text', text }] }];
    }
    const text = turn.response
      .flatMap((part) => (part instanceof vscode.ChatResponseMarkdownPart ? [part.value.value] : []))
      .join('')
      // Our own words stand before the model's.
      .slice(String(turn.result.metadata?.said ?? '').length);
    return text === '' ? [] : [{ role: 'assistant', parts: [{ type: 'text', text }] }];
  });
}

async function viaVsCode(
  model: vscode.LanguageModelChat,
  context: vscode.ChatContext,
  prompt: string,
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
): Promise<void> {
  const earlier = history(context).map(({ role, parts }) => {
    const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
    return role === 'assistant'
      ? vscode.LanguageModelChatMessage.Assistant(text)
      : vscode.LanguageModelChatMessage.User(text);
  });
  const answer = await model.sendRequest([...earlier, vscode.LanguageModelChatMessage.User(prompt)], {}, token);
  for await (const text of answer.text) stream.markdown(text);
}
