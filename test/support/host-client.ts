import type { HostMessage, HostState, RequestName, Requests } from '@patchbay/chat/contract';
import type { Page } from 'playwright-core';

/** A panel without a screen: speaks the contract to the real background, over a real port of one of its own pages. */
export interface HostClient {
  readonly state: HostState;
  request<N extends RequestName>(name: N, params: Requests[N]['params']): Promise<Requests[N]['result']>;
  /** Everything the host has said unasked so far. */
  heard(): Promise<readonly HostMessage[]>;
  /** The final message of a run, as soon as it is over. */
  ended(runId: string): Promise<Extract<HostMessage, { kind: 'run.ended' }>['message']>;
  /** Asks again for what `state` was at the beginning. */
  now(): Promise<HostState>;
}

interface InPage {
  patchbay?: {
    readonly heard: HostMessage[];
    ask(name: string, params: unknown): Promise<unknown>;
  };
}

/** Opens a port from a page of the extension. */
export async function connectHost(page: Page): Promise<HostClient> {
  await page.evaluate(() => {
    const chrome = (globalThis as unknown as { chrome: { runtime: { connect(info: object): Port } } }).chrome;
    interface Port {
      postMessage(message: unknown): void;
      onMessage: { addListener(listener: (message: HostMessage) => void): void };
      onDisconnect: { addListener(listener: () => void): void };
    }
    const port = chrome.runtime.connect({ name: 'panel' });
    const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
    const heard: HostMessage[] = [];
    port.onMessage.addListener((message) => {
      if (message.kind === 'result') waiting.get(message.id)?.resolve(message.result);
      else if (message.kind === 'error') waiting.get(message.id)?.reject(new Error(JSON.stringify(message.failure)));
      else heard.push(message);
    });
    port.onDisconnect.addListener(() => {
      for (const { reject } of waiting.values()) reject(new Error('the port was closed'));
    });
    let last = 0;
    (globalThis as InPage).patchbay = {
      heard,
      ask: (name, params) =>
        new Promise((resolve, reject) => {
          last += 1;
          waiting.set(last, { resolve, reject });
          port.postMessage({ id: last, name, params });
        }),
    };
  });
  const request = <N extends RequestName>(name: N, params: Requests[N]['params']) =>
    page.evaluate<unknown, { name: string; params: unknown }>(
      (message) => (globalThis as InPage).patchbay?.ask(message.name, message.params),
      { name, params },
    ) as Promise<Requests[N]['result']>;
  const now = () => request('hello', { contractVersion: 1 });
  return {
    state: await now(),
    now,
    request,
    heard: () => page.evaluate(() => (globalThis as InPage).patchbay?.heard ?? []),
    ended: async (runId) => {
      const found = await page.waitForFunction(
        (id) => (globalThis as InPage).patchbay?.heard.find((one) => one.kind === 'run.ended' && one.runId === id),
        runId,
        { timeout: 60_000 },
      );
      return ((await found.jsonValue()) as Extract<HostMessage, { kind: 'run.ended' }>).message;
    },
  };
}
