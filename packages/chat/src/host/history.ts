import type {
  ChatParameters,
  ChatRequest,
  ConversationRecord,
  Message,
  MessageRecord,
  ModelChoice,
  SettingsRecord,
} from '@patchbay/core';

/**
 * What the next model is given of a branch: everything that was said, and nothing of what failed before a word of it came.
 * @param path root to the user message that is to be answered
 */
export function messagesOf(path: readonly MessageRecord[]): readonly Message[] {
  return path.flatMap((record) => {
    const parts = record.status === 'complete' ? record.parts : whatWasSaid(record);
    const empty = record.role === 'assistant' && !parts.some(carriesMeaning);
    return empty || parts.length === 0 ? [] : [{ role: record.role, parts }];
  });
}

/** The request for an answer to the last message of `path`, or for the rest of it where it is an answer. */
export function requestOf(
  conversation: ConversationRecord,
  path: readonly MessageRecord[],
  choice: ModelChoice,
  parameters: ChatParameters = {},
  settings?: FallbackSettings,
): ChatRequest {
  return {
    ...conversation.parameters,
    ...parameters,
    choice,
    ...(conversation.system && { system: conversation.system }),
    ...alternativesOf(settings, conversation.fallbacks),
    messages: messagesOf(path),
    sessionId: conversation.id,
  };
}

type FallbackSettings = Pick<SettingsRecord, 'fallbacks' | 'allowDearer' | 'otherRoutes'>;

/**
 * Who else may answer, as the user has set it.
 * @param fallbacks the conversation's own list. Default: the one for all
 */
export function alternativesOf(
  settings: FallbackSettings | undefined,
  fallbacks: readonly ModelChoice[] = settings?.fallbacks ?? [],
): Pick<ChatRequest, 'fallbacks' | 'allowDearer' | 'otherRoutes'> {
  return {
    ...(fallbacks.length > 0 && { fallbacks }),
    ...(settings?.allowDearer && { allowDearer: true }),
    ...(settings?.otherRoutes && { otherRoutes: true }),
  };
}

/** Of an answer that was cut: its text stays, a call whose arguments never ended goes, since nobody could answer it. */
export function whatWasSaid(record: MessageRecord): MessageRecord['parts'] {
  return record.parts.filter((part) => part.type !== 'tool-call' || isJson(part.arguments));
}

/** Thinking alone is no answer: providers refuse a turn that holds nothing else. */
function carriesMeaning(part: MessageRecord['parts'][number]): boolean {
  if (part.type === 'text') return part.text.trim() !== '';
  return part.type !== 'reasoning' && part.type !== 'citation';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
