import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { open, panel, started } from '../support/panel-bed.ts';

describe('what a model hands over beside words', () => {
  it('is a sound to listen to, and a file to save where it cannot be played or is nothing a browser knows', async () => {
    const { page } = await open('media');
    const answer = panel.answer();
    const sound = answer.locator('audio');
    // The one that is no sound gave way to its name.
    await expect.poll(() => sound.count()).toBe(1);
    expect(await sound.getAttribute('aria-label')).toBe('audio.wav');
    await expect.poll(() => sound.evaluate((player: HTMLAudioElement) => player.duration)).toBe(0.5);
    await sound.evaluate((player: HTMLAudioElement) => {
      player.muted = true;
      return player.play();
    });
    await expect.poll(() => sound.evaluate((player: HTMLAudioElement) => player.ended)).toBe(true);

    const [saved] = await Promise.all([page.waitForEvent('download'), panel.button(/^Save a-very-long-name/).click()]);
    expect(await readFile(await saved.path(), 'utf8')).toBe('just bytes');
    expect(saved.suggestedFilename()).toMatch(/^a-very-long-name.*\.bin$/);
    await panel.button('Save audio.ogg').waitFor();

    await panel.button('Save gone.bin').click();
    await answer.getByText('“gone.bin” could not be read.').waitFor();
    expect(await answer.getByRole('img', { name: 'A dot' }).evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(
      1,
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});

describe('files for a model', () => {
  it('are taken wherever they are dropped, by what they hold and not by their names; what no model reads is refused', async () => {
    const { page, log } = await open('rich');
    const taken = await log.evaluate((area) => {
      const dataTransfer = new DataTransfer();
      const add = (content: BlobPart, name: string, type = '') =>
        dataTransfer.items.add(new File([content], name, { type }));
      add('%PDF-1.7 …', 'paper.pdf', 'application/pdf');
      add('export const answer = 42;', 'answer.ts', 'video/mp2t');
      add(Uint8Array.from([80, 75, 3, 4, 0, 255]), 'archive.zip', 'application/zip');
      const init = { dataTransfer, bubbles: true, cancelable: true };
      // Whoever does not say so gets the panel replaced by the file.
      return ['dragover', 'drop'].map((name) => !area.dispatchEvent(new DragEvent(name, init)));
    });
    expect(taken).toEqual([true, true]);
    await page.locator('.toast').getByText('archive.zip cannot be attached').waitFor();
    await expect.poll(() => page.locator('.attachments li[data-state="ready"]').count()).toBe(2);
    await panel.send('Read these.');
    await expect.poll(async () => (await started()).length).toBe(1);
    expect((await started())[0]?.parts).toMatchObject([
      { type: 'file', name: 'paper.pdf', mediaType: 'application/pdf', source: { kind: 'blob' } },
      { type: 'file', name: 'answer.ts', mediaType: 'text/plain', bytes: 25 },
      { type: 'text', text: 'Read these.' },
    ]);
    const stored = await page.evaluate(() =>
      [...window.host.blobs.values()].map((one) => [one.mediaType, atob(one.base64)]),
    );
    expect(stored.sort()).toEqual([
      ['application/pdf', '%PDF-1.7 \xe2\x80\xa6'],
      ['text/plain', 'export const answer = 42;'],
    ]);
    await page.locator('.message.user').last().getByRole('button', { name: 'Save paper.pdf' }).waitFor();
  });

  it('are left where they are while a sheet is open, and a link is never opened in place of the panel', async () => {
    const { page } = await open('rich');
    const drag = (selector: string, what: 'file' | 'link') =>
      page.locator(selector).evaluate((area, kind) => {
        const dataTransfer = new DataTransfer();
        if (kind === 'file') dataTransfer.items.add(new File(['x'], 'x.txt', { type: 'text/plain' }));
        else dataTransfer.setData('text/uri-list', 'https://example.com/');
        const init = { dataTransfer, bubbles: true, cancelable: true };
        return ['dragover', 'drop'].map((name) => !area.dispatchEvent(new DragEvent(name, init)));
      }, what);
    expect(await drag('.log', 'link')).toEqual([true, true]);
    // A field takes the text of it by itself.
    expect(await drag('[data-composer]', 'link')).toEqual([false, false]);
    await page.keyboard.press('Control+,');
    await page.getByRole('dialog').waitFor();
    expect(await drag('dialog', 'file')).toEqual([true, true]);
    expect(await page.locator('.attachments li').count()).toBe(0);
  });
});
