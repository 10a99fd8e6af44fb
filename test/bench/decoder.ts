import { chromium } from 'playwright-core';
import { findChromium } from '../support/chromium.ts';
import { servePage } from '../support/panel-page.ts';
import { cpuMicros, geometricMean, inTurns, mainThreadMicros, median, ratioOf, round } from './harness.ts';
import { answerOf, BARE, DRAIN, PATCHBAY, peersOf } from './reading.ts';
import { progress, type Row } from './suite.ts';
import { CHUNKINGS, type Chunking, WIRE_NAMES, WIRES, type WireName } from './wire.ts';

const ROUNDS = 31;

/** Where the reading is done. */
interface Place {
  readonly name: string;
  /** Deltas of an answer: against the bare bound a few per cent count. */
  readonly deltas: number;
  /** Deltas of one that others read too: enough for who is fifty times slower. */
  readonly peerDeltas: number;
  /**
   * Puts an answer there.
   * @returns reads it once; gives CPU time, µs
   */
  prepare(wire: WireName, chunking: Chunking, deltas: number): Promise<(reader: string) => Promise<number>>;
}

/** CPU time of this process. */
const node: Place = {
  name: 'node',
  deltas: 10_000,
  peerDeltas: 1_000,
  prepare: async (wire, chunking, deltas) => {
    const read = answerOf(wire, chunking, deltas);
    return (reader) => cpuMicros(() => read(reader));
  },
};

/**
 * CPU time of reading a text stream, each wire in each chunking, in Node and in a page of Chromium: ours beside the bare
 * bound, and others' libraries on the same bytes beside both. All take turns in one run.
 */
export async function decoderSuite(): Promise<readonly Row[]> {
  return [...(await measureIn(node)), ...(await inChromium(measureIn))];
}

async function measureIn(place: Place): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const bounds: number[] = [];
  for (const wire of WIRE_NAMES) {
    for (const chunking of CHUNKINGS) {
      progress(`decoder: ${place.name}, ${wire}, ${chunking}`);
      const about = { platform: place.name, dialect: WIRES[wire].dialect, wire, chunking };
      const long = await inTurns([BARE, PATCHBAY, DRAIN], await place.prepare(wire, chunking, place.deltas), ROUNDS);
      const ratioToBare = ratioOf(long, PATCHBAY, BARE);
      bounds.push(ratioToBare);
      rows.push({
        ...{ peer: PATCHBAY, ...about, ratioToBare: round(ratioToBare, 3) },
        microsPerDelta: round(median(long[PATCHBAY]) / place.deltas, 2),
        bareMicrosPerDelta: round(median(long[BARE]) / place.deltas, 2),
        drainMicrosPerDelta: round(median(long[DRAIN]) / place.deltas, 2),
      });
      const peers = peersOf(wire);
      if (peers.length === 0) continue;
      const short = await inTurns(
        [BARE, PATCHBAY, ...peers],
        await place.prepare(wire, chunking, place.peerDeltas),
        ROUNDS,
      );
      for (const peer of peers) {
        rows.push({
          ...{ peer, ...about, ratioToBare: round(ratioOf(short, peer, BARE), 2) },
          microsPerDelta: round(median(short[peer] as readonly number[]) / place.peerDeltas, 2),
          ratioToPatchbay: round(ratioOf(short, peer, PATCHBAY), 2),
        });
      }
    }
  }
  progress(
    `decoder: ${place.name}, geometric mean ${geometricMean(bounds).toFixed(3)} × the bare bound, at most ${Math.max(...bounds).toFixed(3)}`,
  );
  return rows;
}

/** In a page of its own: CPU time of all tasks of its main thread. */
async function inChromium<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const { path } = await findChromium();
  progress('decoder: building the page …');
  const served = await servePage('test/bench/decoder-page.html');
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.goto(served.url);
    await page.waitForFunction(() => window.read !== undefined);
    const busy = await mainThreadMicros(page);
    return await work({
      name: 'chromium',
      deltas: 4_000,
      // In fewer, what it takes to call into the page would weigh as much as the fastest reader.
      peerDeltas: 1_000,
      prepare: async (wire, chunking, deltas) => {
        await page.evaluate((answer) => window.prepare(...answer), [wire, chunking, deltas] as const);
        return async (reader) => {
          const before = await busy();
          await page.evaluate((name) => window.read(name), reader);
          return (await busy()) - before;
        };
      },
    });
  } finally {
    await browser.close();
    await served.close();
  }
}
