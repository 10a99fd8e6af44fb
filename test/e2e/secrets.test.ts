import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectHost } from '../support/host-client.ts';
import { refuses } from '../support/model-server/scripts.ts';
import { TEST_KEYS } from '../support/model-server/server.ts';
import { ask, composerOf, lastAnswer, send } from '../support/panel-driver.ts';
import { type Stage, startStage } from '../support/stage.ts';

const SECRET = TEST_KEYS.good;
/** Any long piece of it gives it away as well as the whole. */
const PIECE = SECRET.slice(20, 52);
/** No secret, and stored beside it: whoever looks in the right places finds this. */
const LABEL = 'a-label-that-is-no-secret';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-secrets-'));
let stage: Stage;
let heard = '';
beforeAll(async () => {
  stage = await startStage({ folder });
  const page = await stage.product.openPage('options.html');
  const host = await connectHost(page);
  await stage.addKey({ label: LABEL, caps: { day: '1' } });
  const panel = await stage.panel('gpt-4.1');
  await ask(panel, 'Write a debounce function.');
  // A provider that repeats the key in its error, as some do.
  const remove = stage.server.script(
    'openai/gpt-4.1',
    refuses(401, `Incorrect API key provided: ${SECRET}. Authorization: Bearer ${SECRET}`),
  );
  await send(panel, 'This one is refused, loudly.');
  await panel.locator('.failure').waitFor();
  remove();
  await composerOf(panel).fill('a draft');
  const { conversations } = await host.request('conversation.list', {});
  const views = await Promise.all(conversations.map(({ id }) => host.request('conversation.open', { id })));
  heard = JSON.stringify([await host.now(), views, await host.heard()]);
});
afterAll(async () => {
  await stage?.server.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Every record of every database of the extension, bytes as Latin-1 text. */
function databases(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const plain = (_: string, value: unknown): unknown => {
      const bytes =
        value instanceof ArrayBuffer
          ? new Uint8Array(value)
          : ArrayBuffer.isView(value)
            ? new Uint8Array(value.buffer)
            : undefined;
      if (!bytes) return typeof value === 'bigint' ? String(value) : value;
      return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    };
    const out: string[] = [];
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name as string);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      for (const store of db.objectStoreNames) {
        const all = await new Promise<unknown[]>((resolve, reject) => {
          const request = db.transaction(store).objectStore(store).getAll();
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
        out.push(`${name}/${store}: ${JSON.stringify(all, plain)}`);
      }
      db.close();
    }
    return out.join('\n');
  });
}

const storage = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    interface Area {
      get(keys: null): Promise<unknown>;
    }
    const areas = (globalThis as unknown as { chrome: { storage: Record<'local' | 'session' | 'sync', Area> } }).chrome
      .storage;
    return JSON.stringify([
      await areas.local.get(null),
      await areas.session.get(null),
      await areas.sync.get(null),
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      await caches.keys(),
    ]);
  });

async function exported(page: Page): Promise<string> {
  const host = await connectHost(page);
  let text = '';
  for (let cursor: string | undefined; ; ) {
    const slice = await host.request('data.export', cursor === undefined ? {} : { cursor });
    text += slice.text;
    if (slice.next === undefined) return text;
    cursor = slice.next;
  }
}

describe('the key is found nowhere but in the vault', () => {
  it('not in any database, in clear', async () => {
    const page = await stage.product.openPage('options.html');
    const all = await databases(page);
    expect(all).toContain(LABEL);
    expect(all).toContain('debounce');
    expect(all).not.toContain(PIECE);
    await page.close();
  });

  it('not in any storage of the extension', async () => {
    const page = await stage.product.openPage('options.html');
    const all = await storage(page);
    expect(all).toContain('models:');
    expect(all).not.toContain(PIECE);
    await page.close();
  });

  it('not in anything a panel is told, whatever the provider repeats', async () => {
    expect(heard).toContain(LABEL);
    expect(heard).toContain('refused, loudly');
    expect(heard).not.toContain(PIECE);
  });

  it('not in an export', async () => {
    const page = await stage.product.openPage('options.html');
    const text = await exported(page);
    expect(text).toContain('debounce');
    expect(text).not.toContain(PIECE);
    await page.close();
  });

  it('not in any page, console or request that is not the provider’s own', async () => {
    const pages = stage.product.context.pages().filter((page) => page.url().startsWith(stage.product.origin));
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages) {
      const markup = await page.content();
      const values = await page
        .locator('input, textarea')
        .evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
      expect(`${markup}${values.join()}`).not.toContain(PIECE);
    }
    const answer = await lastAnswer(pages.find((page) => page.url().includes('sidepanel'))!).textContent();
    expect(answer).toMatch(/key/i);
    expect(stage.product.console.join('\n')).not.toContain(PIECE);
    for (const exchange of stage.server.journal.exchanges) {
      const { authorization, ...headers } = exchange.headers;
      if (exchange.path.endsWith('/chat/completions')) expect(authorization).toBe(`Bearer ${SECRET}`);
      expect(`${exchange.path}${exchange.body}${JSON.stringify(headers)}`).not.toContain(PIECE);
    }
  });

  it('not in any file of the profile', async () => {
    await stage.product.quit();
    let found = false;
    const leaks: string[] = [];
    const needles = [PIECE, Buffer.from(PIECE, 'utf16le').toString('latin1')];
    const walk = (path: string) => {
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        const full = join(path, entry.name);
        if (entry.isDirectory()) walk(full);
        else if (entry.isFile()) {
          const text = readFileSync(full).toString('latin1');
          found ||= text.includes(LABEL) || text.includes(Buffer.from(LABEL, 'utf16le').toString('latin1'));
          if (needles.some((needle) => text.includes(needle))) leaks.push(full);
        }
      }
    };
    walk(stage.product.profile);
    expect(leaks).toEqual([]);
    // What lies beside the secret is there to be found, so the search looks where it should.
    expect(found).toBe(true);
  });
});
