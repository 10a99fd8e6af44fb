import { jsonIn } from '../chat/json.ts';
import { resetTime, retryAfterInWords, retryAfterValue } from './retry-after.ts';

/** What an error says, whoever wrote it. */
export interface ErrorFacts {
  /** The sentence a person can make most of; '' where there is none. */
  readonly message: string;
  /** Every word for it: codes, types, reasons, as written, the most specific first. */
  readonly codes: readonly string[];
  /** Everything that was said, for looking for phrases. */
  readonly text: string;
  /** HTTP status told inside the body. */
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The body is a web page. */
  readonly html: boolean;
}

type Fields = { readonly [key: string]: unknown };

/** Facts of a response body that is an error, JSON or not. */
export function factsOfBody(body: string, now: number): ErrorFacts {
  const text = body.trim();
  if (/^(?:<!--[\s\S]*?-->\s*)?(?:<!doctype html|<html|<head|<body)/i.test(text)) {
    const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1]?.trim() ?? '';
    return { message: title, codes: [], text: title, html: true };
  }
  const value = jsonIn(text);
  if (value !== undefined) return factsOf(value, now);
  return withWait({ message: text, codes: [], text: text.slice(0, MAX_TEXT), html: false });
}

/** Facts of an error that is JSON already: a whole body, or the value of an in-band error. */
export function factsOf(value: unknown, now: number): ErrorFacts {
  const gathered = { messages: [] as string[], codes: [] as string[], statuses: [] as number[], waits: [] as number[] };
  gather(value, gathered, now, 0);
  const messages = [...new Set(gathered.messages)];
  const message = messages.find((one) => !GENERIC.test(one)) ?? messages[0] ?? '';
  return withWait({
    message,
    codes: [...new Set(gathered.codes)],
    text: [...messages, ...gathered.codes].join('\n').slice(0, MAX_TEXT),
    status: gathered.statuses[0],
    retryAfterMs: gathered.waits[0],
    html: false,
  });
}

/** Phrases stand at the front of an error, not behind pages of echoed input. */
const MAX_TEXT = 8_000;

/** Sentences that say nothing; the upstream's own stands beside them (quirk 250). */
const GENERIC = /^(?:provider returned (?:an )?error\.?|upstream error\.?|error|bad request|internal server error)$/i;

function withWait(facts: ErrorFacts): ErrorFacts {
  return { ...facts, retryAfterMs: facts.retryAfterMs ?? retryAfterInWords(facts.text) };
}

interface Gathered {
  readonly messages: string[];
  readonly codes: string[];
  readonly statuses: number[];
  readonly waits: number[];
}

/** Deepest nesting of errors inside errors that anybody sends, upstream bodies quoted as strings included. */
const MAX_DEPTH = 6;

const CODE_FIELDS = [
  'code',
  'type',
  'error_type',
  'reason',
  'status',
  'limit_source',
  'error_code',
  'quotaId',
  'http_code',
  'status_code',
] as const;
/** xAI writes whole sentences into `code`; those are messages. */
const CODE = /^[\w.:-]{1,80}$/;
const MESSAGE_FIELDS = ['message', 'msg', 'detail', 'error_description', 'title', 'error_msg', 'status_msg'] as const;
const NESTED_FIELDS = [
  'error',
  'errors',
  'metadata',
  'availability',
  'detail',
  'details',
  'violations',
  'innererror',
  'raw',
  'response',
  'constraint',
  'base_resp',
] as const;

/** Walks every shape in which errors come; `user_id` and the like are never looked at. */
function gather(value: unknown, into: Gathered, now: number, depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (typeof value === 'string') {
    const quoted = depth > 0 && /^\s*[[{]/.test(value) ? jsonIn(value) : undefined;
    if (quoted !== undefined) gather(quoted, into, now, depth + 1);
    else if (value.trim() !== '') into.messages.push(value.trim());
    return;
  }
  if (Array.isArray(value)) {
    for (const one of value.slice(0, 8)) gather(one, into, now, depth + 1);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const fields = value as Fields;

  for (const field of MESSAGE_FIELDS)
    if (typeof fields[field] === 'string') gather(fields[field], into, now, depth + 1);
  for (const field of CODE_FIELDS) {
    const code = fields[field];
    if (typeof code === 'number' || (typeof code === 'string' && /^\d{3}$/.test(code))) {
      const status = Number(code);
      if (status >= 400 && status <= 599) into.statuses.push(status);
      // MiniMax's numbers mean other things than z.ai's.
      else into.codes.push(field === 'status_code' ? `status_${code}` : `${code}`);
    } else if (typeof code === 'string' && code !== 'error') {
      if (CODE.test(code)) into.codes.push(code);
      else gather(code, into, now, depth + 1);
    }
  }
  // OpenRouter says by name what it filtered the hosts by; `patterns` and `reasons` are what tripped a filter.
  for (const field of ['excluded_by', 'reasons', 'patterns'] as const) {
    const list = fields[field];
    if (Array.isArray(list) && list.length > 0) {
      into.codes.push(`has_${field}`);
      if (field !== 'patterns') for (const one of list) if (typeof one === 'string') into.codes.push(one);
    }
  }
  gatherWait(fields, into, now);
  for (const field of NESTED_FIELDS) {
    const nested = fields[field];
    if (field === 'detail' && typeof nested === 'string') continue;
    if (nested !== undefined) gather(nested, into, now, depth + 1);
  }
}

function gatherWait(fields: Fields, into: Gathered, now: number): void {
  // The last is Google's RetryInfo (quirk 120).
  const told = [fields.retry_after, fields.retry_after_seconds, fields.retryAfter, fields.retryDelay];
  const waits = [
    ...told.map((wait) => retryAfterValue(String(wait), now)),
    retryAfterValue(`${fields.retry_after_ms}`, now, 1),
    // OpenRouter repeats headers that a browser may not read inside the body.
    ...Object.entries((typeof fields.headers === 'object' && fields.headers) || {}).map(([name, wait]) => {
      if (/^retry-after$/i.test(name)) return retryAfterValue(String(wait), now);
      return /^x-ratelimit-reset$/i.test(name) ? resetTime(String(wait), now) : undefined;
    }),
  ];
  into.waits.push(...waits.filter((wait) => wait !== undefined));
}
