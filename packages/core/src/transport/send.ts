import type { EndCause } from '../dialects/dialect.ts';
import type { StreamTimeouts } from './timeouts.ts';

export interface SendInput {
  readonly fetch: typeof fetch;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: a GET. */
  readonly body?: string;
  readonly signal: AbortSignal;
  readonly timeouts: StreamTimeouts;
  readonly now: () => number;
}

/** A response whose headers are here, or why there is none. */
export type SendOutcome =
  /** `status`: the response's own; 302 where a browser says no more than that it was a redirect. */
  | { readonly response: Response; readonly status: number }
  | { readonly cause: EndCause }
  /** `fetch` rejected: no connection, DNS, TLS, CORS; browsers do not say which. */
  | { readonly error: unknown };

/**
 * Sends one request and waits for the headers, no longer than the clock allows. A redirect is not followed, since it would
 * carry the secret to another place (quirk 33); no cookies, no cache, no referrer.
 */
export async function send(input: SendInput): Promise<SendOutcome> {
  const { signal, timeouts, now } = input;
  if (signal.aborted) return { cause: { kind: 'aborted' } };
  const control = new AbortController();
  let cause: EndCause | undefined;
  const cut = (why: EndCause) => {
    cause ??= why;
    control.abort();
  };
  const onAbort = () => cut({ kind: 'aborted' });
  signal.addEventListener('abort', onAbort);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watch = () => {
    timer = setTimeout(
      () => {
        const stalled = timeouts.expired(now());
        if (stalled) cut(stalled);
        else watch();
      },
      Math.max(0, timeouts.deadline() - now()),
    );
  };
  watch();
  try {
    const response = await input.fetch(input.url, {
      method: input.body === undefined ? 'GET' : 'POST',
      headers: { ...input.headers, ...(input.body !== undefined && { 'content-type': 'application/json' }) },
      ...(input.body !== undefined && { body: input.body }),
      signal: control.signal,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    });
    timeouts.headers(now());
    return { response, status: statusOf(response) };
  } catch (error) {
    return cause ? { cause } : { error };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** The response's status. Of a redirect that was not followed a browser tells nothing else. */
export function statusOf({ type, status }: Pick<Response, 'type' | 'status'>): number {
  return type === 'opaqueredirect' ? 302 : status;
}

/** Is it one of those that name another address? */
export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** As much of an error's body as anybody reads, and as long as anybody waits for it. */
const MOST_ERROR_BYTES = 64 * 1024;
const MOST_ERROR_MS = 10_000;

/** Text of an error response, cut where it gets silly; '' where it cannot be read. Closes the connection. */
export async function readErrorBody(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), MOST_ERROR_MS);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.length;
      text += decoder.decode(value, { stream: true });
      if (bytes >= MOST_ERROR_BYTES) {
        void reader.cancel().catch(() => undefined);
        return text;
      }
    }
  } catch {
    return text;
  } finally {
    clearTimeout(timer);
  }
}
