import { browser } from './browser.ts';

/** The match pattern for an origin. Patterns know no ports, so it covers every port of that host. */
export function patternOf(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}

/** Asks the user; has to be called in the turn of a click. False where they said no. */
export function requestOrigin(origin: string): Promise<boolean> {
  return browser.permissions.request({ origins: [patternOf(origin)] });
}

export async function revokeOrigin(origin: string): Promise<void> {
  await browser.permissions.remove({ origins: [patternOf(origin)] });
}
