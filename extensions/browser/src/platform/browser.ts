import { type Browser, browser } from 'wxt/browser';

/** The one place that touches the platform's API; everything else takes it from here. */
export { browser };

/** What Firefox adds; absent in Chromium. */
export const firefox: {
  readonly sidebarAction?: { toggle(): Promise<void> };
  readonly commands: { openShortcutSettings?(): Promise<void> };
} = browser as never;

export type RuntimePort = Browser.runtime.Port;
export type MessageSender = Browser.runtime.MessageSender;

/** The address of one of our own pages or files; `/` is where all of them begin. */
export function ownUrl(path: string): string {
  // WXT types the paths from a generated file, which a type check of the sources alone does not have.
  return (browser.runtime as unknown as { getURL(path: string): string }).getURL(path);
}
