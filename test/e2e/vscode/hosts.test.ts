import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ROOT } from '../../../scripts/lib/project.ts';
import { answersIn, ask } from '../../support/panel-driver.ts';
import { runInHost } from '../../support/vscode/in-host.ts';
import { type Studio, startStudio } from '../../support/vscode/studio.ts';
import type { Workbench } from '../../support/vscode/workbench.ts';

// A real editor takes its time where it shares two cores with everybody else.
vi.setConfig({ testTimeout: 240_000 });

describe('the worker host, from the same sources', () => {
  let studio: Studio;
  let window: Workbench;
  beforeAll(async () => {
    studio = await startStudio({ host: 'worker' });
    window = await studio.window();
  });
  afterAll(() => studio?.close());

  it('keeps a key, answers under its cap, and keeps conversations in IndexedDB', async () => {
    await studio.addKey(window, { cap: '0.5' });
    const panel = await studio.panel(window, 'claude-sonnet-4.5');
    const answer = await ask(panel, 'Write a debounce function.');
    expect(await answer.getAttribute('data-status')).toBe('complete');
    await expect.poll(() => window.statusBar().textContent()).toMatch(/\$0\.00\d+ \/ \$0\.50/);
    await window.page.reload({ waitUntil: 'domcontentloaded' });
    await window.page.locator('.monaco-workbench .part.statusbar').waitFor();
    const again = await window.panel();
    await answersIn(again).filter({ hasText: 'debounced function' }).first().waitFor();
    const written = readdirSync(studio.editor.root, { recursive: true, encoding: 'utf8' });
    expect(written.filter((name) => name.endsWith('patchbay.sqlite'))).toEqual([]);
    await studio.picture(window, 'worker-host');
  });
});

describe('the extension inside of its host', () => {
  it('keeps what its manifest promises', async () => {
    const { code, log } = await runInHost(join(ROOT, 'test/e2e/vscode/in-host/suite.cjs'));
    expect(log.filter((line) => line.startsWith('not ok'))).toEqual([]);
    expect(log.filter((line) => line.startsWith('ok')).length).toBeGreaterThanOrEqual(6);
    expect(code).toBe(0);
  });
});
