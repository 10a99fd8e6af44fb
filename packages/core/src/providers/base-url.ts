/** A base URL ready for use, or why it cannot be used. */
export type BaseUrlCheck =
  | {
      readonly ok: true;
      /** Scheme, host and path, no trailing slash. */
      readonly baseUrl: string;
      readonly origin: string;
      /** Set for plain http: what is sent can be read on the way. `loopback` never leaves the machine. */
      readonly insecure?: 'loopback' | 'network';
    }
  | { readonly ok: false; readonly message: string };

/** Endpoints that people paste along with the base (quirk 34). */
const ENDPOINTS = /\/(chat\/completions|completions|responses|embeddings|models|messages)$/;

/** Servers of the protocol that have no `/v1`. */
const WITHOUT_VERSION = new Set(['api.perplexity.ai', 'models.github.ai']);

/**
 * Tidies what a person pasted as the address of an OpenAI-compatible server (quirk 34): endpoint paths and trailing
 * slashes go, a bare host gets `/v1`, a missing scheme is filled in. Plain http is taken on the user's own network
 * alone; a name or password inside the URL is refused, since addresses are stored and shown in clear.
 */
export function normalizeBaseUrl(text: string): BaseUrlCheck {
  const trimmed = text.trim().replace(/^["'`<]+|["'`>]+$/g, '');
  if (trimmed === '') return no('The address is empty. It looks like https://host/v1.');
  const url = parse(trimmed);
  if (!url) return no(`“${shorten(trimmed)}” is not a web address. It looks like https://host/v1.`);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return no(
      `The address starts with ${url.protocol}//; it has to start with https:// (or http:// on your own network).`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    return no('The address holds a name or password. Take it out, and paste the key into the key field instead.');
  }
  if (url.search !== '') {
    return no(`The address ends in “${shorten(url.search)}”. A base address takes no question mark.`);
  }
  const place = placeOf(url.hostname);
  if (url.protocol === 'http:' && place === 'public') {
    return no(`http://${url.host} would send the key readable over the internet. Use https://.`);
  }
  const path = tidyPath(url.pathname);
  const bare = path === '' && !WITHOUT_VERSION.has(url.hostname) ? '/v1' : path;
  return {
    ok: true,
    baseUrl: url.origin + bare,
    origin: url.origin,
    ...(url.protocol === 'http:' && { insecure: place === 'loopback' ? 'loopback' : 'network' }),
  };
}

/** True for an address on this machine or in a private network. */
export function isOwnNetwork(baseUrl: string): boolean {
  const url = URL.parse(baseUrl);
  return url !== null && placeOf(url.hostname) !== 'public';
}

function parse(text: string): URL | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return URL.parse(text);
  const secure = URL.parse(`https://${text}`);
  if (!secure || secure.hostname === '') return null;
  return placeOf(secure.hostname) === 'public' ? secure : URL.parse(`http://${text}`);
}

function tidyPath(pathname: string): string {
  let path = pathname.replaceAll(/\/{2,}/g, '/');
  // Taking one thing off the end may uncover another.
  for (let before = ''; before !== path; ) {
    before = path;
    path = path
      .replace(/[/'"`>]+$/, '')
      .replace(ENDPOINTS, '')
      .replace(/(\/v\d+)\1+$/, '$1');
  }
  return path;
}

/** `hostname` as the URL parser spells it: lower case, IPv4 in four decimal parts, IPv6 in brackets. */
function placeOf(hostname: string): 'loopback' | 'private' | 'public' {
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]') return 'loopback';
  const ipv4 = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(hostname);
  if (ipv4) {
    const [a, b] = [Number(ipv4[1]), Number(ipv4[2])];
    if (a === 127) return 'loopback';
    const isPrivate =
      a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b < 128);
    return isPrivate || (a === 169 && b === 254) ? 'private' : 'public';
  }
  if (hostname.startsWith('[')) return /^\[(f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/.test(hostname) ? 'private' : 'public';
  const isPrivateName = !hostname.includes('.') || /\.(local|lan|internal|home\.arpa)$/.test(hostname);
  return isPrivateName ? 'private' : 'public';
}

/** Whether a base URL names this very machine. */
export function isLoopback(baseUrl: string): boolean {
  return placeOf(URL.parse(baseUrl)?.hostname ?? '') === 'loopback';
}

function no(message: string): BaseUrlCheck {
  return { ok: false, message };
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
