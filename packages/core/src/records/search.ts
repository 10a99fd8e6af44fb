import type { ConversationRecord, MessageRecord } from './records.ts';
import type { SearchHit } from './store.ts';

/** Characters of context on each side of a find. */
const AROUND = 60;

/** The words of a search; none means that nothing is looked for. */
export function searchWords(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/**
 * Looks for all the words in the title, else in one message.
 * @param messages called only where the title does not hold them
 */
export async function searchConversation(
  words: readonly string[],
  conversation: ConversationRecord,
  messages: () => Promise<readonly MessageRecord[]>,
): Promise<SearchHit | undefined> {
  const title = find(words, conversation.title);
  if (title !== undefined) return { conversationId: conversation.id, excerpt: title };
  for (const message of await messages()) {
    const excerpt = find(words, textOf(message));
    if (excerpt !== undefined) return { conversationId: conversation.id, messageId: message.id, excerpt };
  }
  return undefined;
}

/** What a person reads of a message: its text and its reasoning, not what providers keep beside it. */
function textOf(message: MessageRecord): string {
  return message.parts
    .flatMap((part) => (part.type === 'text' || part.type === 'reasoning' ? [part.text] : []))
    .join('\n');
}

function find(words: readonly string[], text: string): string | undefined {
  const lower = text.toLowerCase();
  let first = Number.POSITIVE_INFINITY;
  for (const word of words) {
    const at = lower.indexOf(word);
    if (at < 0) return undefined;
    first = Math.min(first, at);
  }
  if (words.length === 0) return undefined;
  const from = Math.max(0, first - AROUND);
  const to = Math.min(text.length, first + AROUND * 2);
  const excerpt = text.slice(from, to).replace(/\s+/g, ' ').trim();
  return `${from > 0 ? '…' : ''}${excerpt}${to < text.length ? '…' : ''}`;
}
