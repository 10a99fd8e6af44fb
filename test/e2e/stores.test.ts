import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blobCases, conversationCases } from '../../packages/core/src/records/records.testing.ts';
import { ledgerCases } from '../../packages/core/src/spending/ledger.testing.ts';
import { findChromium } from '../support/chromium.ts';
import type { CaseOutcome } from '../support/stores-page.ts';

let server: Server;
let browser: Browser;
let outcomes: readonly CaseOutcome[];

/** The contract suites as one script for a page. */
async function bundle(): Promise<string> {
  const build = await rolldown({ input: join(import.meta.dirname, '../support/stores-page.ts'), platform: 'browser' });
  const { output } = await build.generate({ format: 'iife' });
  await build.close();
  return output[0].code;
}

beforeAll(async () => {
  const script = await bundle();
  server = createServer((request, response) => {
    const isScript = request.url === '/cases.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><meta charset="utf-8"><script src="/cases.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { path } = await findChromium();
  browser = await chromium.launch({ executablePath: path });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  outcomes = await page.evaluate(() => globalThis.runStoreCases());
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

it.each([
  ...conversationCases.map(({ name }) => `conversations: ${name}`),
  ...blobCases.map(({ name }) => `blobs: ${name}`),
  ...ledgerCases.map(({ name }) => `ledger: ${name}`),
])('in Chromium: %s', (name) => {
  expect(outcomes.find((outcome) => outcome.name === name)).toEqual({ name });
});
