/** A sign-in under way: what the browser is sent to, and what proves that the answer is meant for us. */
export interface SignIn {
  /** To be opened in the user's browser. */
  readonly url: string;
  /** Comes back with the answer; '' where the code is pasted by hand. */
  readonly state: string;
  readonly verifier: string;
}

export type SignInOutcome =
  | { readonly ok: true; readonly key: string }
  | { readonly ok: false; readonly message: string };

const AUTH_URL = 'https://openrouter.ai/auth';
const EXCHANGE_URL = 'https://openrouter.ai/api/v1/auth/keys';
const PATIENCE_MS = 30_000;

/**
 * Begins OpenRouter's PKCE sign-in (https://openrouter.ai/docs/use-cases/oauth-pkce), always with an S256 challenge.
 * @param callbackUrl where the answer goes; undefined: OpenRouter shows a code, and the user pastes it
 */
export async function beginSignIn(callbackUrl: string | undefined): Promise<SignIn> {
  const verifier = base64Url(crypto.getRandomValues(new Uint8Array(48)));
  const state = callbackUrl === undefined ? '' : base64Url(crypto.getRandomValues(new Uint8Array(18)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const url = new URL(AUTH_URL);
  if (callbackUrl !== undefined) {
    const callback = new URL(callbackUrl);
    callback.searchParams.set('state', state);
    url.searchParams.set('callback_url', callback.href);
  }
  url.searchParams.set('code_challenge', base64Url(new Uint8Array(digest)));
  url.searchParams.set('code_challenge_method', 'S256');
  return { url: url.href, state, verifier };
}

/** The code in a callback's query, if it belongs to this sign-in. */
export function codeFrom(signIn: SignIn | undefined, query: string): string | undefined {
  const params = new URLSearchParams(query);
  const code = params.get('code');
  return signIn && signIn.state !== '' && params.get('state') === signIn.state && code ? code : undefined;
}

/** Trades the code for a key. Never throws; the message never holds the code or the verifier. */
export async function exchangeCode(code: string, verifier: string, request: typeof fetch): Promise<SignInOutcome> {
  let response: Response;
  let body: unknown;
  try {
    response = await request(EXCHANGE_URL, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: code.trim(), code_verifier: verifier, code_challenge_method: 'S256' }),
      redirect: 'error',
      credentials: 'omit',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    body = await response.json().catch(() => undefined);
  } catch {
    return { ok: false, message: 'OpenRouter could not be reached. Check the connection and connect again.' };
  }
  if (response.status === 403 || response.status === 400) {
    return {
      ok: false,
      message: 'OpenRouter does not accept this code: it is wrong, used up or older than ten minutes. Connect again.',
    };
  }
  const key = typeof body === 'object' && body !== null && 'key' in body ? body.key : undefined;
  if (!response.ok || typeof key !== 'string' || key === '') {
    return {
      ok: false,
      message: `OpenRouter answered with status ${response.status} and no key. Try again in a moment.`,
    };
  }
  return { ok: true, key };
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
