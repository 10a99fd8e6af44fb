const SCHEMES = new Set(['http:', 'https:', 'mailto:']);

/**
 * The address where a link may lead, or undefined for anything but http, https and mailto. Relative addresses are none, nor
 * are those with a name or password: nobody links to these, but `https://bank.example@evil.example` reads as another host.
 */
export function safeHref(href: string): string | undefined {
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return undefined;
  }
  return SCHEMES.has(url.protocol) && url.username === '' && url.password === '' ? url.href : undefined;
}

/** An image address that may be fetched once the user asks for it, and the host that will then learn of it. */
export function safeImage(src: string): { readonly url: string; readonly host: string } | undefined {
  const href = safeHref(src);
  if (href === undefined || href.startsWith('mailto:')) return undefined;
  return { url: href, host: new URL(href).host };
}
