import { chromium, type Page } from 'playwright-core';
import { findChromium } from '../support/chromium.ts';
import { servePage } from '../support/panel-page.ts';
import { mainThreadMicros, median, round } from './harness.ts';
import { progress, type Row } from './suite.ts';

/** Odd, so that the median is a round that was. */
const ROUNDS = 31;
/** Places in the answer at which updates are measured, and updates at each. */
const PLACES = 4;
const UPDATES = 8;
const SIZES = [8, 32] as const;

/**
 * Main-thread work for each painted update while an answer streams into the page, 24 characters a frame, in Chromium: ours
 * beside two renderers that others use, and a bare text node (`bare`) as the bound that nobody can go below. Work is the CPU time of all tasks of the page's main thread (script, style,
 * layout, paint, and whatever a renderer puts off) less that of as many empty frames. The peers take turns in every round,
 * and a ratio is the median of the same-round ratios.
 */
export async function markdownSuite(): Promise<readonly Row[]> {
  const { path } = await findChromium();
  progress('building the page …');
  const served = await servePage('test/bench/markdown-page.html');
  const browser = await chromium.launch({
    executablePath: path,
    args: ['--no-sandbox', '--disable-frame-rate-limit', '--disable-gpu-vsync'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 420, height: 800 } });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(served.url);
    await page.waitForFunction(() => window.peers !== undefined);
    const cpu = await mainThreadMicros(page);
    const peers = await page.evaluate(() => window.peers);
    const rows: Row[] = [];
    for (const kilobytes of SIZES) {
      const rounds: Record<string, number>[] = [];
      for (let count = -2; count < ROUNDS; count += 1) {
        if (count % 10 === 0) progress(`${kilobytes} KB, round ${count + 1} of ${ROUNDS} …`);
        const turn: Record<string, number> = {};
        for (const peer of count % 2 === 0 ? peers : [...peers].reverse()) {
          turn[peer] = await millisPerUpdate(page, cpu, peer, kilobytes * 1024);
        }
        // The first two warm up.
        if (count >= 0) rounds.push(turn);
      }
      if (errors.length > 0) throw new Error(`the page failed: ${errors[0]}`);
      for (const peer of peers) {
        rows.push({
          peer,
          answerKb: kilobytes,
          charactersPerUpdate: 24,
          msPerUpdate: round(median(rounds.map((turn) => turn[peer] as number)), 3),
          ratioToPatchbay: round(ratio(rounds, peer, 'patchbay'), 2),
          ratioToBare: round(ratio(rounds, peer, 'bare'), 2),
        });
      }
    }
    return rows;
  } finally {
    await browser.close();
    await served.close();
  }
}

const ratio = (rounds: readonly Record<string, number>[], peer: string, to: string): number =>
  median(rounds.map((turn) => (turn[peer] as number) / (turn[to] as number)));

async function millisPerUpdate(page: Page, cpu: () => Promise<number>, peer: string, bytes: number): Promise<number> {
  let busy = 0;
  for (let place = 0; place < PLACES; place += 1) {
    // The last place ends with the answer.
    const from = Math.floor(((place + 1) * bytes) / PLACES) - UPDATES * 24;
    await page.evaluate(([name, length]) => window.grow(name, length), [peer, from] as const);
    const before = await cpu();
    await page.evaluate((updates) => window.advance(updates, true), UPDATES);
    const between = await cpu();
    await page.evaluate((updates) => window.advance(updates, false), UPDATES);
    busy += (await cpu()) - between - (between - before);
  }
  return busy / 1000 / (PLACES * UPDATES);
}
