/**
 * Joins a base URL and a dialect's path, whichever way the user typed the base: with a trailing slash, or with the path
 * already at its end (quirk 34).
 * @param path with a leading slash, such as `/chat/completions`
 */
export function endpointUrl(baseUrl: string, path: string): string {
  const base = baseUrl.trim().replace(/\/+$/, '');
  return base.endsWith(path) ? base : base + path;
}
