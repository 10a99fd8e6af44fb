import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reservation } from '../../packages/core/src/index.ts';
import { checkJournal } from '../../packages/core/src/spending/ledger-oracle.testing.ts';
import { type LedgerLab, openLedgerLab } from '../support/ledger-lab.ts';
import type { LedgerReport } from '../support/ledger-page.ts';

const ROUNDS = 6;
/** Each with two workers, each of them with a connection of its own and three requests at a time. */
const TABS = 2;

describe('the ledger in a real Chromium', () => {
  let lab: LedgerLab;
  beforeAll(async () => {
    lab = await openLedgerLab();
  });
  afterAll(() => lab.close());

  it('keeps the admission invariant in any history', async () => {
    const through = lab.next('model', 110_000);
    await lab.start('?role=model');
    expect((await through).histories).toBe(10);
    await lab.kill();
  });

  it('loses nothing it has acknowledged and never overshoots a cap, however often the browser is killed', async () => {
    for (let round = 0; round <= ROUNDS; round += 1) {
      const tabs = round < ROUNDS ? TABS : 0;
      const { audit, rows, reservations } = await start(`?role=check&tabs=${tabs}&round=${round}`);
      expect(audit, 'sums and records against rows').toEqual([]);
      checkJournal(rows);
      expectNothingLost(lab.reports, reservations);
      if (tabs > 0) {
        // Some calls later, whatever a call takes on this machine: in the middle of others.
        for (let calls = 10 + Math.random() * 60; calls > 0; calls -= 1) await lab.next('done');
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
      }
      await lab.kill();
    }

    const count = (wanted: (report: LedgerReport) => boolean) => lab.reports.filter(wanted).length;
    const done = (call: string) => count((report) => report.kind === 'done' && report.call === call);
    const seen = {
      settled: done('settle'),
      released: done('release'),
      refused: count(({ kind }) => kind === 'refused'),
    };
    console.log(`killed ${ROUNDS} times; acknowledged before: ${JSON.stringify(seen)}`);
    for (const [what, times] of Object.entries(seen)) {
      expect(times, `${what}: none, so nothing is proved`).toBeGreaterThan(0);
    }
  });

  it('keeps everything although kills tear writes in two, start after start', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { audit, reservations } = await start(`?role=check&tabs=1&round=torn-${round}`);
      expect(audit).toEqual([]);
      expectNothingLost(lab.reports, reservations);
      await spendAndKill(15);
      lab.tearLog();
    }
    const { reservations } = await start('?role=check');
    await lab.kill();
    expectNothingLost(lab.reports, reservations);
  });

  it('says so, and grants nothing, where the browser found its storage damaged and deleted it', async () => {
    // Without the fresh log that a start of the product asks for.
    for (let round = 0; round < 2; round += 1) {
      await start(`?role=check&tabs=1&round=lost-${round}&log=reused`);
      await spendAndKill(15);
      if (round === 0) lab.tearLog();
    }
    const { health, reservations } = await start('?role=check&log=reused');
    await lab.kill();
    // A browser that has learnt to read such a log loses nothing.
    if (reservations.length > 0) expectNothingLost(lab.reports, reservations);
    else expect(health).toBe('missing');
  });

  /** What the browser finds before it does anything. */
  async function start(page: string) {
    const found = lab.next('check');
    await lab.start(page);
    return found;
  }

  /** Waits for so many batches of calls. */
  async function spendAndKill(batches: number): Promise<void> {
    for (let batch = 0; batch < batches; batch += 1) await lab.next('done');
    await lab.kill();
  }
});

/** Each resolved call must show in what a new browser finds; one that was cut off may show as well. */
function expectNothingLost(reports: readonly LedgerReport[], reservations: readonly Reservation[]): void {
  const byId = new Map(reservations.map((reservation) => [reservation.id, reservation]));
  for (const report of reports) {
    if (report.kind !== 'done') continue;
    const found = byId.get(report.id);
    expect(found, `${report.id} after ${report.call}`).toBeDefined();
    if (report.call === 'sent') expect(found?.state, report.id).toMatch(/^(sent|settled|released)$/);
    if (report.call === 'release') expect(found?.state, report.id).toBe('released');
    if (report.call === 'settle')
      expect([found?.state, found?.settlement?.amount], report.id).toEqual(['settled', report.amount]);
  }
}
