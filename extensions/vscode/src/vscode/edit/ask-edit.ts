import { type MessageRecord, type ModelChoice, PanelError } from '@patchbay/chat/contract';
import type { Failure } from '@patchbay/core';
import * as vscode from 'vscode';
import { contextItems, locationOf, type SelectionSnapshot } from '../../common/context.ts';
import { createAnswerCode, fenceFor } from '../../common/edit/answer-code.ts';
import { answerText } from '../../common/edit/answer-text.ts';
import { createLineWriter } from '../../common/edit/line-writer.ts';
import { withoutIcons } from '../../common/inert.ts';
import { shownUsd } from '../../common/money.ts';
import { editMessage, editSystemPrompt } from '../../common/prompts.ts';
import { nameOf } from '../pick-model.ts';
import type { Services } from '../services.ts';
import { settingsFor } from '../settings.ts';
import { eolOf, type LineSource, notTaken } from './controller.ts';

const { l10n } = vscode;
/** Characters of a path and of an instruction in the history's list; the question itself holds all of both. */
const TITLE_LENGTH = 100;

/** What a model is asked to do with which lines. */
export interface EditQuestion {
  readonly instruction: string;
  readonly lines: SelectionSnapshot;
  readonly document: vscode.TextDocument;
}

/** An edit that a model writes. It is a conversation of the history like any other, with its model and its cost. */
export interface AskedEdit {
  readonly question: EditQuestion;
  readonly source: LineSource;
  readonly conversationId: string;
  /** What its model is called. */
  readonly model: string;
  /** Who writes it and, once that is known, what it cost; a label. */
  readonly byline: string;
  /** What it cost, as a sentence; '' as long as that is not known. */
  readonly cost: string;
  /** The question as it was stored: another model may answer it too. Undefined until it is. */
  readonly asked: string | undefined;
}

/**
 * Asks a model for the new version of lines.
 * @param earlier the same question, asked before: this answer becomes another version of that one's
 * @param onByline it changed
 */
export function askForEdit(
  services: Services,
  choice: ModelChoice,
  question: EditQuestion,
  onByline: () => void,
  earlier?: AskedEdit,
): AskedEdit {
  const { client, newId } = services;
  const { document, lines } = question;
  const settings = settingsFor(document.uri);
  const parameters = settings.maxOutputTokens === undefined ? {} : { maxOutputTokens: settings.maxOutputTokens };
  const code = createAnswerCode({
    eol: eolOf(document),
    finalEnding: lines.text.endsWith('\n'),
    fence: fenceFor(lines.text),
  });
  const again = earlier?.asked === undefined ? undefined : { id: earlier.conversationId, parent: earlier.asked };
  const id = again?.id ?? newId();
  let asked = again?.parent;
  let model = choice.model;
  /** Where that is not just the model. */
  let author: string | undefined;
  let spent = '';
  const named = async () => {
    model = await nameOf(services, choice);
    onByline();
  };

  const source: LineSource = async (push, signal) => {
    void named().catch(() => undefined);
    if (!again) {
      await client.request('conversation.create', { id });
      await client.request('conversation.configure', {
        id,
        choice,
        system: editSystemPrompt(settings.instructions),
        parameters,
      });
      await client.request('conversation.rename', { id, title: titleOf(question) });
    }
    const extra = contextItems(lines).filter((item) => item.kind !== 'selection');
    const text = editMessage(question.instruction, lines, extra);
    const enough = new AbortController();
    const writer = createLineWriter(push, () => enough.abort());
    const start = {
      runId: newId(),
      conversationId: id,
      parentId: again?.parent ?? null,
      ...(!again && { parts: [{ type: 'text' as const, text }] }),
      choice,
      parameters,
    };
    const answer = await answerText(
      client,
      start,
      {
        onBegun: (userMessageId) => {
          asked = userMessageId;
        },
        onText: (more) => writer.write(code.push(more)),
      },
      AbortSignal.any([signal, enough.signal]),
    );
    if (answer.cost) spent = answer.cost.source === 'free' ? l10n.t('free') : shownUsd(answer.cost.usd);
    onByline();
    const wanted = model;
    if (answer.fallback) {
      // The one that was asked failed before its first word.
      model = await nameOf(services, answer.fallback).catch(() => answer.fallback?.model ?? model);
      author = l10n.t('{0} instead of {1}', model, wanted);
      onByline();
    }
    const failure = failureOf(answer, model);
    if (!failure) {
      writer.write(code.end());
      // No answer at all is no wish to delete everything.
      if (!code.found) return saidNothing(model);
    }
    if (!(await writer.done()) && !signal.aborted) return notTaken(document);
    return failure;
  };

  return {
    question,
    conversationId: id,
    source: (push, signal) => source(push, signal).catch(refusedAs),
    get model() {
      return model;
    },
    get byline() {
      return withoutIcons([author ?? model, spent].filter(Boolean).join(' · '));
    },
    get cost() {
      return spent === '' ? '' : l10n.t('The answer cost {0}.', spent);
    },
    get asked() {
      return asked;
    },
  };
}

/** How the history calls it. Whole characters: half of one is no text. */
function titleOf({ instruction, lines }: EditQuestion): string {
  const words = [...instruction.trim().replace(/\s+/g, ' ')].slice(0, TITLE_LENGTH).join('');
  const place = [...locationOf(lines)];
  const end = place.slice(-TITLE_LENGTH).join('');
  return l10n.t('Edit {0}: {1}', place.length > TITLE_LENGTH ? `…${end}` : end, words);
}

function saidNothing(model: string): Failure {
  return {
    kind: 'malformed-output',
    retryable: true,
    fallbackable: false,
    message: l10n.t(
      '{0} answered with nothing, so your lines are as they were. Try again, or with another model.',
      model,
    ),
    userAction: 'other-model',
  };
}

function failureOf({ failure, finishReason, notices }: MessageRecord, model: string): Failure | undefined {
  if (failure || finishReason !== 'length') return failure;
  const shrunk = notices?.find(({ code }) => code === 'max-tokens-shrunk');
  if (shrunk) {
    const message = l10n.t('{0} The rest of your lines is kept. Select fewer lines, or raise the cap.', shrunk.message);
    return { kind: 'truncated', retryable: false, fallbackable: false, message, userAction: 'raise-cap' };
  }
  return {
    kind: 'truncated',
    retryable: false,
    fallbackable: false,
    message: l10n.t(
      '{0} reached its largest answer before the edit was whole: the rest of your lines is kept. Select fewer lines, or raise the maximum.',
      model,
    ),
    userAction: 'lower-max-tokens',
  };
}

/** Nothing was started: the host says why. */
function refusedAs(error: unknown): Failure {
  if (error instanceof PanelError) return error.failure;
  throw error;
}
