import type { HostMessage } from '@patchbay/chat/contract';

/**
 * What travels between the extension host and the panel's page, around the panel's own contract. A page that was hidden
 * and shown again is a new page on the same channel: each has its own connection, and what belongs to another is dropped.
 */
export type FromPage =
  /** The page is there and begins a connection. */
  | { readonly type: 'connect'; readonly connection: string }
  /** One message of the contract, not looked at yet. */
  | { readonly type: 'message'; readonly connection: string; readonly message: unknown }
  | { readonly type: 'open'; readonly url: string }
  | { readonly type: 'save'; readonly name: string; readonly text: string }
  /** What is no text crosses as base64. */
  | { readonly type: 'save'; readonly name: string; readonly base64: string }
  /** This conversation is in view: a page made anew begins with it. */
  | { readonly type: 'shown'; readonly conversationId: string }
  | { readonly type: 'code'; readonly action: CodeAction; readonly code: string; readonly language: string };

/** What can be done with a block of code of an answer, besides copying it. */
export type CodeAction = 'insert' | 'apply' | 'new-file';

export type ToPage =
  | { readonly type: 'messages'; readonly connection: string; readonly messages: readonly HostMessage[] }
  /** Right after `connect`: which conversation was in view last. */
  | { readonly type: 'remembered'; readonly conversationId: string }
  /** The panel shows this conversation. */
  | { readonly type: 'show'; readonly conversationId: string };

const CODE_ACTIONS: readonly string[] = ['insert', 'apply', 'new-file'] satisfies CodeAction[];
/** Characters: the longest text that a page may hand over at once. */
const MOST = 64_000_000;

/** What came from the page, checked; undefined for anything else. The contract's own messages are checked by the host. */
export function parseFromPage(value: unknown): FromPage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, connection, conversationId, message, url, name, text, base64, action, code, language } =
    value as Record<string, unknown>;
  switch (type) {
    case 'connect':
      return isId(connection) ? { type, connection } : undefined;
    case 'shown':
      return isId(conversationId) ? { type, conversationId } : undefined;
    case 'message':
      return isId(connection) ? { type, connection, message } : undefined;
    case 'open':
      return typeof url === 'string' && isOutside(url) ? { type, url } : undefined;
    case 'save':
      if (typeof name !== 'string' || !/^[\w .-]{1,100}$/.test(name)) return undefined;
      if (isText(text)) return { type, name, text };
      return isText(base64) && /^[\w+/]*={0,2}$/.test(base64) ? { type, name, base64 } : undefined;
    case 'code':
      return isText(code) &&
        typeof language === 'string' &&
        language.length <= 100 &&
        CODE_ACTIONS.includes(String(action))
        ? { type, action: action as CodeAction, code, language }
        : undefined;
    default:
      return undefined;
  }
}

/** Links that may leave the panel: the web and mail, never a command or a file. */
export function isOutside(url: string): boolean {
  const scheme = URL.parse(url)?.protocol;
  return url.length <= 8192 && (scheme === 'http:' || scheme === 'https:' || scheme === 'mailto:');
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MOST;
}
