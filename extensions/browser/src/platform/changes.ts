import { browser } from './browser.ts';
import { isOwnPage } from './ports.ts';

/** Said by a page that changed keys, caps or the vault, so that the background tells the open panels. */
const CHANGED = 'patchbay:changed';

/** Tells the background, waking it if need be. Where it cannot be reached, nothing is shown that could be out of date. */
export function announceChange(): void {
  browser.runtime.sendMessage(CHANGED).catch(() => undefined);
}

/** Calls `listener` whenever one of our own pages announced a change. Must be called in the background's first turn. */
export function onChange(listener: () => void): void {
  browser.runtime.onMessage.addListener((message: unknown, sender) => {
    if (message === CHANGED && isOwnPage(sender)) listener();
    return undefined;
  });
}
