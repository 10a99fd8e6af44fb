import { authorOf, FAILED_WORDS, type MessageRecord, type ModelView, writerNames } from '@patchbay/chat/contract';
import { createAnswer } from '@patchbay/chat/host';
import { type ChatEvent, type ModelChoice, parseUsd } from '@patchbay/core';
import { plainMarkdown } from '../inert.ts';
import { shownUsd } from '../money.ts';

/** What an answer in VS Code's own chat shows of one read of its events. */
export interface Shown {
  /** Lines of ours that stay above the answer, as Markdown. Ours all come before its first word. */
  readonly lines: readonly string[];
  /** The model's words. */
  readonly text: string;
  /** What goes on meanwhile, as Markdown; gone with the first word. */
  readonly progress: readonly string[];
}

/**
 * An answer of `@patchbay` as it comes, under the panel's rules: whoever failed, what that cost, and who answers instead
 * is said above the first word, once that is known. A switch that stays silent bills another model behind one's back.
 * @param models read when a name is needed for the first time
 */
export function createReply(
  asked: ModelChoice,
  models: () => Promise<readonly ModelView[]>,
): (events: readonly ChatEvent[]) => Promise<Shown> {
  const answer = createAnswer({
    v: 1,
    id: '',
    conversationId: '',
    parentId: null,
    createdAt: 0,
    role: 'assistant',
    parts: [],
    asked,
    status: 'streaming',
  });
  let begun = false;
  const beginning = async (message: MessageRecord): Promise<string[]> => {
    const shrunk = (message.notices ?? []).filter(({ code }) => code === 'max-tokens-shrunk');
    const isOther = message.hops !== undefined || authorOf([], message).askedName !== undefined;
    const route = isOther ? routeLine(await models(), message) : undefined;
    return [...(route ? [route] : []), ...shrunk.map((notice) => plainMarkdown(notice.message))];
  };
  return async (events) => {
    answer.push(events);
    const text = events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');
    const begins = !begun && (text !== '' || events.some(({ type }) => type === 'finish'));
    begun ||= begins;
    return {
      lines: begins ? await beginning(answer.message()) : [],
      text,
      progress: events.flatMap((event) =>
        event.type === 'attempt-failed' ? [plainMarkdown(event.failure.message)] : [],
      ),
    };
  };
}

/** `**gpt-4.1** overloaded → **Claude** broke off, $0.01 → answered by **Gemini**`; undefined where it was the one that was asked. */
function routeLine(models: readonly ModelView[], message: MessageRecord): string | undefined {
  const bold = (name: string) => `**${plainMarkdown(name)}**`;
  const { hops = [], finishReason } = message;
  if (hops.length === 0) {
    const { name, askedName } = authorOf(models, message);
    return askedName && `${bold(askedName)} was asked → answered by ${bold(name)}`;
  }
  const nameOf = writerNames(models, message);
  const failed = hops.map(({ attempt, failure, cost }) => {
    const paid = cost && (parseUsd(cost.usd) ?? 0n) > 0n ? `, ${shownUsd(cost.usd)}` : '';
    return `${bold(nameOf({ asked: attempt }))} ${FAILED_WORDS[failure.kind]}${paid}`;
  });
  const end = finishReason === 'error' ? 'nobody answered' : `answered by ${bold(nameOf(message))}`;
  return [...failed, end].join(' → ');
}
