import { launch } from '../support/extension.ts';
import { progress, type Row } from './suite.ts';

const ROUNDS = 15;

/**
 * The real side panel of a real Chromium: from the click on the toolbar icon to its first paint (the static shell), and
 * to the moment it can be typed into. `cold` is the first opening in a fresh profile, `warm` the median of those after it.
 */
export async function panelSuite(): Promise<readonly Row[]> {
  progress('panel: the first opening in a fresh profile, then others …');
  const product = await launch();
  try {
    const openings: Opening[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      openings.push(await measure(product));
      await product.closePanels();
    }
    const [cold, ...warm] = openings as [Opening, ...Opening[]];
    return [row('cold', [cold]), row('warm', warm)];
  } finally {
    await product.close();
  }
}

interface Opening {
  readonly paint: number;
  readonly ready: number;
}

async function measure(product: Awaited<ReturnType<typeof launch>>): Promise<Opening> {
  const clicked = Date.now();
  const panel = await product.openPanel();
  // Both clocks are the machine's: a page counts from its `timeOrigin`, in the same ms since epoch.
  return panel.evaluate(async (since) => {
    const painted = await new Promise<number>((resolve) => {
      new PerformanceObserver((list) => {
        const paint = list.getEntriesByName('first-contentful-paint')[0];
        if (paint) resolve(performance.timeOrigin + paint.startTime);
      }).observe({ type: 'paint', buffered: true });
    });
    while (!document.querySelector('textarea:not(:disabled)')) await new Promise(requestAnimationFrame);
    return { paint: painted - since, ready: Math.max(painted, performance.timeOrigin + performance.now()) - since };
  }, clicked);
}

function row(opening: string, rounds: readonly Opening[]): Row {
  const median = (values: readonly number[]) => Math.round([...values].sort((a, b) => a - b)[values.length >> 1] ?? 0);
  return {
    peer: 'patchbay',
    opening,
    rounds: rounds.length,
    msToFirstPaint: median(rounds.map(({ paint }) => paint)),
    msToReady: median(rounds.map(({ ready }) => ready)),
  };
}
