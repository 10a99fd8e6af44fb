/**
 * Joins a base URL and a dialect's path, whichever way the user typed the base: with a trailing slash, or with the path
 * already at its end (quirk 34).
 * @param path with a leading slash, such as `/chat/completions`
 */
export function endpointUrl(baseUrl: string, path: string): string {
  const base = baseUrl.trim().replace(/\/+$/, '');
  return base.endsWith(path) ? base : base + path;
}

/**
 * Where a page of a provider stands: under its base URL (`/models`) or beside it (`../v1/models`, or a whole URL). Undefined
 * for one at another origin, which the key is not for.
 */
export function pageUrl(baseUrl: string, path: string): string | undefined {
  if (path.startsWith('/')) return endpointUrl(baseUrl, path);
  const url = URL.parse(path, endpointUrl(baseUrl, '/'));
  return url?.origin === URL.parse(baseUrl)?.origin ? url?.href : undefined;
}
