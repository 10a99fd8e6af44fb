import { browser, firefox, ownUrl } from './browser.ts';

/** Makes a click on the toolbar icon open the panel. Must be called in the background's first turn. */
export function openPanelOnClick(): void {
  if (browser.sidePanel) {
    browser.sidePanel.setPanelBehavior({ openPanelOnActionClick: true }).catch((error: unknown) => {
      console.error('Patchbay: the side panel cannot be opened from the toolbar.', error);
    });
  } else {
    // Firefox has a sidebar instead, and lets it open in the click's own turn only.
    browser.action.onClicked.addListener(() => void firefox.sidebarAction?.toggle());
  }
}

/** Opens the panel's page as a tab of its own, for browsers and windows where a side panel is in the way. */
export async function openPanelAsTab(): Promise<void> {
  await browser.tabs.create({ url: ownUrl('/sidepanel.html') });
}

/** What of the options page to show first. */
export type OptionsPlace = 'add' | 'caps' | 'unlock' | 'keys';

/** Opens the options page at a place, in the options tab that is open already if there is one. */
export async function openOptions(place: OptionsPlace, keyId?: string): Promise<void> {
  const fragment = keyId === undefined ? place : `${place}=${encodeURIComponent(keyId)}`;
  await browser.tabs.create({ url: `${ownUrl('/options.html')}#${fragment}` });
}
