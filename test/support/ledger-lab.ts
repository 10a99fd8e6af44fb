import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { CACHE } from '../../scripts/lib/project.ts';
import { findChromium } from './chromium.ts';
import { fromJson } from './ledger-json.ts';
import type { LedgerReport } from './ledger-page.ts';

/** A Chromium with the ledger in its pages, and a server that hears from them. No debugger is attached to it. */
export interface LedgerLab {
  /** Starts the browser on a page, such as `?role=check`; its profile outlives it. */
  start(page: string): Promise<void>;
  /** Kills the browser with everything it started, at once. */
  kill(): Promise<void>;
  /** Leaves on disk what a kill in the middle of a write leaves: the head of a record of which nothing else was written. */
  tearLog(): void;
  /** The next report of a kind; fails on an error report and after `timeoutMs`. */
  next<K extends LedgerReport['kind']>(kind: K, timeoutMs?: number): Promise<Extract<LedgerReport, { kind: K }>>;
  /** Every report so far. */
  readonly reports: readonly LedgerReport[];
  /** Ends the browser and the server and removes the profile. */
  close(): Promise<void>;
}

/** Bundles the page and serves it on a free port of this machine. */
export async function openLedgerLab(): Promise<LedgerLab> {
  const [browser, script] = await Promise.all([findChromium(), bundlePage()]);
  mkdirSync(CACHE, { recursive: true });
  const profile = mkdtempSync(join(CACHE, 'ledger-'));
  // Tells a profile that something else removed from one whose data the browser lost.
  const witness = join(profile, 'witness');
  writeFileSync(witness, '');
  const reports: LedgerReport[] = [];
  const listeners = new Set<(report: LedgerReport) => void>();
  let child: ChildProcess | undefined;

  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/page.js') return response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    if (path !== '/report') {
      return response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>ledger</title><script type="module" src="/page.js"></script>');
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A report that the browser's death cut off was never made.
    request.on('end', () => {
      for (const report of fromJson(Buffer.concat(chunks).toString()) as LedgerReport[]) {
        reports.push(report);
        for (const listener of [...listeners]) listener(report);
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  const kill = async () => {
    const dying = child;
    child = undefined;
    if (dying?.pid === undefined || dying.exitCode !== null) return;
    const gone = new Promise((resolve) => dying.once('exit', resolve));
    process.kill(-dying.pid, 'SIGKILL');
    await gone;
  };

  return {
    reports,
    start: async (page) => {
      if (!existsSync(witness)) throw new Error(`Something removed the browser’s profile ${profile}.`);
      const switches = ['--headless', '--no-sandbox', '--no-first-run', '--disable-background-networking'];
      const quiet = ['--disable-component-update', '--disable-sync', '--disable-quic', `--user-data-dir=${profile}`];
      // A group of its own, so that nothing of it survives a kill.
      child = spawn(browser.path, [...switches, ...quiet, '--disable-popup-blocking', origin + page], {
        detached: true,
        stdio: 'ignore',
      });
      await new Promise((resolve, reject) => child?.once('spawn', resolve).once('error', reject));
    },
    kill,
    tearLog: () => {
      const databases = join(profile, 'Default', 'IndexedDB');
      const logs = readdirSync(databases, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.log'),
      );
      const newest = logs.sort().at(-1);
      if (newest === undefined) throw new Error(`There is no log in ${databases}.`);
      // LevelDB's head of a record: checksum (4 bytes), length 1322 (2), type 1: all in one piece.
      appendFileSync(join(databases, newest), Buffer.from([1, 2, 3, 4, 1322 & 255, 1322 >> 8, 1]));
    },
    next: (kind, timeoutMs = 60_000) =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          clearTimeout(timer);
          listeners.delete(listener);
          settle();
        };
        const listener = (report: LedgerReport) => {
          if (report.kind === 'error') end(() => reject(new Error(`In the page: ${report.message}`)));
          // The kind was compared; the compiler does not follow it through the parameter.
          else if (report.kind === kind) end(() => resolve(report as never));
        };
        const timer = setTimeout(
          () => end(() => reject(new Error(`The page sent no “${kind}” within ${timeoutMs} ms.`))),
          timeoutMs,
        );
        listeners.add(listener);
      }),
    close: async () => {
      await kill();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

async function bundlePage(): Promise<string> {
  const bundle = await rolldown({ input: join(import.meta.dirname, 'ledger-page.ts'), platform: 'browser' });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  return output[0].code;
}
