import type { Failure, NoticeCode } from '@patchbay/core';
import { createFold } from '@patchbay/core';
import * as vscode from 'vscode';
import { withoutIcons } from '../../common/inert.ts';
import { fromNative, fromNativeTools, tokensOf, toNativeInput } from '../../common/native/messages.ts';
import { choiceOf, type NativeModel, nativeModels } from '../../common/native/models.ts';
import { createTurnCache } from '../../common/native/turn-cache.ts';
import { estimateTokens } from '../../common/tokens.ts';
import type { Services } from '../services.ts';
import { settingsFor } from '../settings.ts';
import { plainMessages, usagePart } from './parts.ts';

/** Our vendor id; the names of providers are taken by VS Code's own. */
export const VENDOR = 'patchbay';

/** What a message takes besides its words. */
const MESSAGE_TOKENS = 4;

/** What the user is told once a request in a chat that shows no notices of ours. */
const TOLD: ReadonlySet<NoticeCode> = new Set(['max-tokens-shrunk', 'overrun']);

export interface ModelProvider extends vscode.LanguageModelChatProvider<NativeModel>, vscode.Disposable {
  /** There are other models now: VS Code asks again. Until it has asked once, its picker knows none of ours. */
  changed(): void;
}

/**
 * Offers the models of the user's keys to VS Code's own chat and to other extensions, under the same caps. It holds no
 * state of a request: VS Code uses one provider for all of them at once.
 */
export function createModelProvider(services: () => Services): ModelProvider {
  const changed = new vscode.EventEmitter<void>();
  const turns = createTurnCache();
  const settings = vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration('patchbay.nativeChat.models')) changed.fire();
  });

  return {
    onDidChangeLanguageModelChatInformation: changed.event,

    changed: () => changed.fire(),

    provideLanguageModelChatInformation: async () => {
      const wanted = settingsFor().nativeModels;
      if (wanted === 'none') return [];
      const all = services();
      const pinned = wanted === 'pinned' ? (all.state()?.settings.pinned ?? []) : undefined;
      return nativeModels(await all.models(), pinned);
    },

    provideLanguageModelChatResponse: async (model, messages, options, progress, token) => {
      const { gateway, host, newId } = services();
      const choice = choiceOf(model.id);
      if (!choice) throw vscode.LanguageModelError.NotFound(vscode.l10n.t('This model is not one of Patchbay’s.'));
      const abort = new AbortController();
      const cancelled = token.onCancellationRequested(() => abort.abort());
      const { maxOutputTokens } = settingsFor();
      const fold = createFold({ provider: choice.provider, model: choice.model });
      let failure: Failure | undefined;
      try {
        const request = {
          choice,
          messages: fromNative(plainMessages(messages), turns),
          ...(options.tools && options.tools.length > 0 && { tools: fromNativeTools(options.tools) }),
          ...(options.toolMode === vscode.LanguageModelChatToolMode.Required && { toolChoice: 'required' as const }),
          ...(maxOutputTokens !== undefined && { maxOutputTokens }),
        };
        for await (const events of gateway.chat(request, { runId: newId(), signal: abort.signal })) {
          fold.push(events);
          for (const event of events) {
            switch (event.type) {
              case 'text':
                progress.report(new vscode.LanguageModelTextPart(event.text));
                break;
              case 'tool-call-end':
                progress.report(
                  new vscode.LanguageModelToolCallPart(event.callId, event.name, toNativeInput(event.arguments)),
                );
                break;
              case 'image':
                if (event.source.kind === 'base64') {
                  const bytes = Uint8Array.from(atob(event.source.data), (one) => one.charCodeAt(0));
                  progress.report(vscode.LanguageModelDataPart.image(bytes, event.mediaType));
                }
                break;
              case 'notice':
                if (TOLD.has(event.code)) {
                  vscode.window.setStatusBarMessage(withoutIcons(`Patchbay: ${event.message}`), 10_000);
                }
                break;
              case 'finish':
                failure = event.failure;
            }
          }
        }
      } finally {
        cancelled.dispose();
        host.changed();
      }
      const { parts, usage } = fold.answer();
      turns.keep(parts);
      if (usage?.inputTokens !== undefined || usage?.outputTokens !== undefined) {
        progress.report(usagePart(usage.inputTokens ?? 0, usage.outputTokens ?? 0));
      }
      if (failure && failure.kind !== 'aborted') throw errorFor(failure);
    },

    provideTokenCount: async (_model, text) => {
      if (typeof text === 'string') return estimateTokens(text);
      const [message] = plainMessages([text]);
      return tokensOf(message?.parts ?? []) + MESSAGE_TOKENS;
    },

    dispose: () => {
      settings.dispose();
      changed.dispose();
    },
  };
}

/** VS Code knows three kinds of refusal; the sentence says the rest. */
function errorFor({ kind, message }: Failure): Error {
  if (kind === 'auth' || kind === 'permission') return vscode.LanguageModelError.NoPermissions(message);
  if (kind === 'model-gone') return vscode.LanguageModelError.NotFound(message);
  if (kind === 'cap' || kind === 'price-unknown' || kind === 'scope' || kind === 'content-policy') {
    return vscode.LanguageModelError.Blocked(message);
  }
  return new Error(message);
}
