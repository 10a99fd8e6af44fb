import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyExtension } from '../../scripts/lib/build-extension.ts';
import { OUT } from '../../scripts/lib/project.ts';
import { until } from '../support/extension.ts';
import { type Firefox, launchFirefox } from '../support/firefox.ts';

const ID = 'patchbay@patchbay.example';
const UUID = '11111111-2222-4333-8444-555555555555';
const ORIGIN = `moz-extension://${UUID}`;
/** How Firefox names the sidebar of an extension. */
const SIDEBAR = `${ID.replaceAll(/[^a-z0-9_-]/gi, '_')}-sidebar-action`;

const folder = mkdtempSync(join(tmpdir(), 'patchbay-firefox-build-'));
let firefox: Firefox;
beforeAll(async () => {
  await copyExtension('firefox', folder);
  firefox = await launchFirefox({
    'extensions.webextensions.uuids': JSON.stringify({ [ID]: UUID }),
    'extensions.webextOptionalPermissionPrompts': false,
  });
  await firefox.install(folder);
});
afterAll(async () => {
  await firefox?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function picture(context: string, name: string): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, `${name}.png`), await firefox.picture(context));
}

/** The sidebar's own window, reached from a page of the same extension. */
const IN_SIDEBAR = `browser.extension.getViews({ type: 'sidebar' })[0]`;

it('opens no sidebar by itself, and the panel in it when it is asked for', async () => {
  const [window, page] = [await firefox.window(), await firefox.page()];
  expect(await firefox.evaluate(window, 'SidebarController.isOpen')).toBe(false);
  await firefox.evaluate(window, `SidebarController.show(${JSON.stringify(SIDEBAR)})`);
  expect(await firefox.evaluate(window, 'SidebarController.currentID')).toBe(SIDEBAR);

  await firefox.open(page, `${ORIGIN}/options.html`);
  await until(() => firefox.evaluate(page, `document.body?.innerText.includes('Keys and caps')`).catch(() => false));
  await until(() => firefox.evaluate(page, `${IN_SIDEBAR}?.document.querySelector('.model-chip-name') !== null`));
  expect(await firefox.evaluate(page, `${IN_SIDEBAR}.location.href`)).toBe(`${ORIGIN}/sidepanel.html`);
  await picture(page, 'firefox-options');
});

it('answers the first message there, over its event page', async () => {
  const page = await firefox.page();
  await firefox.evaluate(
    page,
    `(() => {
      const view = ${IN_SIDEBAR};
      const field = view.document.querySelector('textarea[data-composer]');
      Object.getOwnPropertyDescriptor(view.HTMLTextAreaElement.prototype, 'value').set.call(field, 'What is a spend cap?');
      field.dispatchEvent(new view.Event('input', { bubbles: true }));
    })()`,
  );
  await until(() =>
    firefox.evaluate(page, `${IN_SIDEBAR}.document.querySelector('button.send').ariaDisabled !== 'true'`),
  );
  await firefox.evaluate(page, `${IN_SIDEBAR}.document.querySelector('button.send').click()`);
  await until(
    () =>
      firefox.evaluate(
        page,
        `${IN_SIDEBAR}.document.querySelector('article.assistant')?.dataset.status === 'complete'`,
      ),
    30_000,
  );
  const said = await firefox.evaluate<string>(
    page,
    `${IN_SIDEBAR}.document.querySelector('article.assistant').textContent`,
  );
  expect(said).toMatch(/not an AI model/i);
  expect(said.length).toBeGreaterThan(200);
  // The same page as a tab of its own, where it can be photographed.
  await firefox.open(page, `${ORIGIN}/sidepanel.html`);
  await until(() => firefox.evaluate(page, `document.querySelector('.model-chip-name') !== null`).catch(() => false));
  await picture(page, 'firefox-panel');
});
