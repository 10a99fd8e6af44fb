import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createHost } from '@patchbay/chat/host';
import { createCatalog, createGateway, createMemoryModelLists, loadSnapshot, type Vault } from '@patchbay/core';
import { createBlobStore, createConversationStore, createDatabase, createSqliteLedger } from '@patchbay/stores/sqlite';
import { createSecretVault } from '../../extensions/vscode/src/common/secret-vault.ts';
import { OUT, ROOT } from '../../scripts/lib/project.ts';
import { packageVsCode } from '../../scripts/vscode-package.ts';
import { startModelServer, TEST_KEYS } from '../support/model-server/server.ts';
import { hostScripts } from '../support/vscode/host-scripts.ts';
import { runInHost } from '../support/vscode/in-host.ts';
import { collectGarbage } from './garbage.ts';
import { median, round } from './harness.ts';
import { progress, type Row } from './suite.ts';

const ROUNDS = 31;
const MESSAGES = 500;
const MODEL = 'anthropic/claude-sonnet-4.5';

/** What the VS Code product weighs, and what it adds to a bare request. */
export async function vscodeSuite(): Promise<readonly Row[]> {
  progress('vscode: sizes');
  await packageVsCode();
  const sizes = [
    ['host, Node: read at activation', hostScripts('extension.cjs'), 200],
    ['host, Node: read at the first use', hostScripts('services.cjs', 'extension.cjs'), undefined],
    ['host, worker: one script, all of it', ['extensions/vscode/dist/extension.web.cjs'], undefined],
    ['panel, entry', ['extensions/vscode/dist/webview/panel.js'], 350],
    ['panel, React', ['extensions/vscode/dist/webview/react.js'], undefined],
    ['panel, styles', ['extensions/vscode/dist/webview/panel.css'], undefined],
    ['package', [join(OUT, 'patchbay.vsix')], 500],
  ] as const;
  const rows: Row[] = sizes.map(([what, files, budget]) => ({
    what,
    kilobytes: round(files.reduce((sum, file) => sum + statSync(resolve(ROOT, file)).size, 0) / 1000, 1),
    ...(budget !== undefined && { budget }),
  }));
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  try {
    progress('vscode: added time to first token');
    rows.push(await firstToken(folder));
    progress(`vscode: memory with ${MESSAGES} messages`);
    rows.push(await memory(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  progress('vscode: activation in a real VS Code');
  const { log } = await runInHost(join(ROOT, 'test/e2e/vscode/in-host/suite.cjs'));
  const took = log.map((line) => /activation took ([\d.]+) ms/.exec(line)?.[1]).find((one) => one !== undefined);
  rows.push({ what: 'activation', milliseconds: round(Number(took), 1) });
  return rows;
}

/** Everything behind the editor, on a real SQLite file; the keyring alone is a map. */
async function product(path: string, address: string) {
  const entries = new Map<string, string>();
  const database = createDatabase({ path });
  const vault: Vault = createSecretVault(
    {
      keys: async () => [...entries.keys()],
      get: async (name) => entries.get(name),
      store: async (name, value) => void entries.set(name, value),
      delete: async (name) => void entries.delete(name),
    },
    {
      raisePolicy: (account, atLeast) => ledger.raisePolicy(account, atLeast),
      now: Date.now,
      newId: () => crypto.randomUUID(),
    },
  );
  const ledger = createSqliteLedger(database, { vault });
  const key = await vault.add({
    label: 'bench',
    provider: 'openrouter',
    baseUrl: address,
    secret: TEST_KEYS.good,
    caps: [{ limit: 1_000_000_000_000n, window: 'day' }],
  });
  const blobs = createBlobStore(database);
  const conversations = createConversationStore(database);
  const catalog = createCatalog({ snapshot: loadSnapshot, live: createMemoryModelLists() });
  const common = { vault, ledger, catalog, now: Date.now, newId: () => crypto.randomUUID() };
  const gateway = createGateway({
    ...common,
    fetch: (input, init) => fetch(input, init),
    blob: async () => undefined,
    owner: { id: 'bench', leaseMs: 30_000 },
    worstCase: async () => ({ input: '0.000003', output: '0.000015' }),
  });
  return { database, key, blobs, conversations, gateway, common };
}

/** Wall clock from the call to the first text, in turns with a bare `fetch` of the same answer. */
async function firstToken(folder: string): Promise<Row> {
  const server = await startModelServer();
  // The answer comes at once: what is left is what we and the connection need.
  server.script(
    (exchange) => exchange.path.endsWith('/chat/completions'),
    (stage) => {
      stage.text('first');
      stage.finish({ promptTokens: 3, completionTokens: 1, cost: 0.000_001 });
    },
  );
  const { gateway, key, database } = await product(join(folder, 'first.sqlite'), server.openRouterUrl);
  const body = JSON.stringify({ model: MODEL, stream: true, messages: [{ role: 'user', content: 'hi' }] });
  const bare = async () => {
    const begun = performance.now();
    const response = await fetch(`${server.openRouterUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TEST_KEYS.good}`, 'content-type': 'application/json' },
      body,
    });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    const took = performance.now() - begun;
    while (!(await reader.read()).done);
    return took;
  };
  const ours = async () => {
    const begun = performance.now();
    let took = Number.NaN;
    const request = {
      choice: { provider: 'openrouter', model: MODEL, keyId: key.id },
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
    } as const;
    for await (const events of gateway.chat(request, {
      runId: crypto.randomUUID(),
      signal: new AbortController().signal,
    })) {
      if (Number.isNaN(took) && events.some((event) => event.type === 'text')) took = performance.now() - begun;
    }
    if (Number.isNaN(took)) throw new Error('the gateway gave no text');
    return took;
  };
  try {
    for (let warm = 0; warm < 5; warm += 1) await Promise.all([await bare(), await ours()]);
    const added: number[] = [];
    const bares: number[] = [];
    for (let turn = 0; turn < ROUNDS; turn += 1) {
      const [a, b] = turn % 2 ? [await ours(), await bare()] : (await inOrder(bare, ours)).reverse();
      added.push(Number(a) - Number(b));
      bares.push(Number(b));
    }
    return {
      what: 'first token, added to a bare fetch',
      milliseconds: round(median(added), 2),
      bare: round(median(bares), 2),
    };
  } finally {
    database.close();
    await server.close();
  }
}

async function inOrder(...work: readonly (() => Promise<number>)[]): Promise<number[]> {
  const done: number[] = [];
  for (const one of work) done.push(await one());
  return done;
}

/** What the host's process holds more with a long conversation open. */
async function memory(folder: string): Promise<Row> {
  const { conversations, blobs, gateway, common, database } = await product(
    join(folder, 'memory.sqlite'),
    'http://127.0.0.1:9/api/v1',
  );
  const text = 'An answer of some length, as answers are. '.repeat(50);
  for (let index = 0; index < MESSAGES; index += 1) {
    await conversations.write(
      [
        {
          put: 'message',
          record: {
            ...{ v: 1, id: `m${index}`, conversationId: 'c', parentId: index === 0 ? null : `m${index - 1}` },
            ...{ createdAt: index, role: index % 2 ? 'assistant' : 'user', status: 'complete' },
            parts: [{ type: 'text', text }],
          } as never,
        },
      ],
      { checkpoint: true },
    );
  }
  const parameters = {};
  const base = { v: 1, id: 'c', title: 't', titled: true, createdAt: 0, updatedAt: 0, draft: '', parameters } as const;
  await conversations.write([{ put: 'conversation', record: { ...base, headId: `m${MESSAGES - 1}` } }]);
  const used = () => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const open = async () => {
    const host = createHost({
      ...common,
      ...{ conversations, blobs, gateway, ownerId: 'bench', openKeys: () => undefined },
    });
    const answered = new Set<unknown>();
    let ask: (message: never) => void = () => undefined;
    host.connect({
      // The page keeps what it is sent; here only the number is kept.
      send: (message) => {
        if (message.kind === 'result') answered.add(message.id);
        if (message.kind === 'error') throw new Error(message.failure.message);
      },
      onMessage: (listener) => {
        ask = listener as never;
      },
      onClose: () => undefined,
      close: () => undefined,
    });
    for (const [id, name, params] of [
      [1, 'hello', { contractVersion: 1 }],
      [2, 'conversation.open', { id: 'c' }],
    ] as const) {
      ask({ id, name, params } as never);
      while (!answered.has(id)) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return host;
  };
  // Once before: what is made at the first use and kept (statements, code) is not the conversation's.
  (await open()).close();
  const before = used();
  const host = await open();
  const held = used() - before;
  host.close();
  database.close();
  return { what: `memory of the host with ${MESSAGES} messages open`, megabytes: round(held / 1e6, 2) };
}
