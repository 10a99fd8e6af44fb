import { browser } from './browser.ts';
import { isOwnPage } from './ports.ts';

/** Said by a page that changed keys, caps or the vault, so that the background tells the open panels. */
const CHANGED = 'patchbay:changed';
/** Said by the background when it has started, so that pages it left alone connect to it again. */
const STARTED = 'patchbay:started';

/** Tells the background, waking it if need be. Where it cannot be reached, nothing is shown that could be out of date. */
export function announceChange(): void {
  browser.runtime.sendMessage(CHANGED).catch(() => undefined);
}

/** Calls `listener` whenever one of our own pages announced a change. Must be called in the background's first turn. */
export function onChange(listener: () => void): void {
  hear(CHANGED, isOwnPage, listener);
}

/** Tells every page of ours; it is heard by nobody where none is open. */
export function announceStart(): void {
  browser.runtime.sendMessage(STARTED).catch(() => undefined);
}

/** Calls `listener` whenever a background has started. */
export function onHostStart(listener: () => void): void {
  hear(STARTED, (sender) => sender?.id === browser.runtime.id, listener);
}

function hear(wanted: string, from: typeof isOwnPage, listener: () => void): void {
  browser.runtime.onMessage.addListener((message: unknown, sender) => {
    if (message === wanted && from(sender)) listener();
    return undefined;
  });
}
