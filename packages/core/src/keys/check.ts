import type { Provider } from '../providers/provider.ts';
import { authHeaders } from '../providers/registry.ts';
import { pageUrl } from '../transport/endpoint-url.ts';
import { isRedirect, statusOf } from '../transport/send.ts';

/** What one free call with a key showed. Only `works` and `unchecked` need no second thought before saving. */
export interface KeyCheck {
  readonly verdict:
    | 'works'
    | 'unchecked' // the provider has no call that costs nothing
    | 'wrong-key'
    | 'no-credit'
    | 'limit-reached' // the provider's own limit on this key
    | 'refused' // by the server, for who we are rather than for the key
    | 'busy' // rate limit or trouble on the provider's side: says nothing about the key
    | 'wrong-address' // something answers, but not such a server
    | 'unreachable';
  /** A full sentence for the user: who, what, what to do. Never holds the secret. */
  readonly message: string;
}

export interface KeyCheckInput {
  /** As resolved for this key: base URL and overrides laid over it. */
  readonly provider: Provider;
  readonly secret: string;
  readonly fetch: typeof fetch;
  /** What the platform knows of the network; undefined where it does not. */
  readonly online?: boolean;
  /** Longest wait, ms. Default 15,000. */
  readonly timeoutMs?: number;
}

/** Asks the provider about a key, by a call that costs nothing. Never throws. */
export async function checkKey(input: KeyCheckInput): Promise<KeyCheck> {
  const { provider, secret } = input;
  const { baseUrl, checkPath } = provider;
  const url = checkPath !== undefined && baseUrl !== '' ? pageUrl(baseUrl, checkPath) : undefined;
  if (url === undefined) {
    return { verdict: 'unchecked', message: `${provider.name} offers no free way to check a key.` };
  }
  let response: Response;
  try {
    response = await input.fetch(url, {
      headers: { accept: 'application/json', ...provider.headers, ...authHeaders(provider, secret) },
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(input.timeoutMs ?? 15_000),
    });
  } catch (error) {
    return unreachable(provider, input.online, error);
  }
  return verdictOf(provider, secret, statusOf(response), await textOf(response));
}

function unreachable(provider: Provider, online: boolean | undefined, error: unknown): KeyCheck {
  const host = hostOf(provider.baseUrl);
  if (online === false) {
    return { verdict: 'unreachable', message: 'This device is offline, so the key could not be checked.' };
  }
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return {
      verdict: 'unreachable',
      message: `${host} did not answer in time. Is the address right, and is the server up?`,
    };
  }
  if (provider.local) {
    return {
      verdict: 'unreachable',
      message: `Nothing answers at ${host}. Start ${provider.name} and let it accept browser extensions, then try again.`,
    };
  }
  return {
    verdict: 'unreachable',
    message: `${host} could not be reached. Check the address and the connection, then try again.`,
  };
}

function verdictOf(provider: Provider, secret: string, status: number, text: string): KeyCheck {
  const { name } = provider;
  const body = parse(text);
  if (status >= 200 && status < 300) {
    if (body === undefined) return wrongAddress(provider);
    return limitReached(body)
      ? {
          verdict: 'limit-reached',
          message: `${name} knows this key, but the limit set for it there is used up. Raise it at ${name}.`,
        }
      : { verdict: 'works', message: secret === '' ? `${name} answers.` : `${name} accepts this key.` };
  }
  if (isRedirect(status)) {
    return {
      verdict: 'wrong-address',
      message: `${hostOf(provider.baseUrl)} sends on to another address, where the key is never taken. Enter the address that it leads to.`,
    };
  }
  // Quirk 121: Google refuses a key with 400.
  const refusedKey = status === 400 && /api[ _]key[ _](?:not valid|invalid|expired)/i.test(text);
  switch (refusedKey ? 401 : status) {
    case 401:
      return {
        verdict: 'wrong-key',
        message:
          secret === ''
            ? `${name} asks for a key.`
            : `${name} does not accept this key: it is wrong, revoked or expired. Copy it again or make another one.`,
      };
    case 402:
      return {
        verdict: 'no-credit',
        message: `${name} knows this key, but its account has no credit left. Add credit at ${name}.`,
      };
    case 403:
      return provider.originRefused && secret === ''
        ? { verdict: 'refused', message: provider.originRefused }
        : { verdict: 'wrong-key', message: `${name} refuses this key: it may not do this, or not from here.` };
    case 404:
    case 405:
      return wrongAddress(provider);
    default:
      return {
        verdict: 'busy',
        message: `${name} answered with status ${status}, which says nothing about the key. Try again in a moment.`,
      };
  }
}

function wrongAddress(provider: Provider): KeyCheck {
  return {
    verdict: 'wrong-address',
    message: `Something answers at ${hostOf(provider.baseUrl)}, but not as ${provider.name} does. Check the address, the path included.`,
  };
}

/** OpenRouter's record of a key: a limit of its own with nothing left. */
function limitReached(body: object): boolean {
  const data = 'data' in body ? body.data : undefined;
  if (typeof data !== 'object' || data === null || !('limit_remaining' in data)) return false;
  return typeof data.limit_remaining === 'number' && data.limit_remaining <= 0;
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

async function textOf(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch {
    return '';
  }
}

const hostOf = (baseUrl: string): string => URL.parse(baseUrl)?.host ?? baseUrl;
