import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { open, panel } from '../support/panel-bed.ts';

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
    await answer.getByText('This image could not be read.').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});
