import type { HostPort } from '@patchbay/chat/contract';
import { beforeEach, expect, it, vi } from 'vitest';
import { acceptPanels, isOwnPage } from './ports.ts';

const ID = 'abcdefghijklmnopabcdefghijklmnop';
const OWN = `chrome-extension://${ID}/`;

/** An event of the platform's, with a way to fire it. */
function event<T>() {
  const listeners: ((value: T) => void)[] = [];
  return {
    addListener: (listener: (value: T) => void) => listeners.push(listener),
    fire: (value: T) => {
      for (const listener of listeners) listener(value);
    },
  };
}

const platform = vi.hoisted(() => ({ onConnect: undefined as unknown }));
vi.mock('./browser.ts', () => ({
  browser: {
    runtime: {
      id: 'abcdefghijklmnopabcdefghijklmnop',
      get onConnect() {
        return platform.onConnect;
      },
    },
  },
  ownUrl: (path: string) => `chrome-extension://abcdefghijklmnopabcdefghijklmnop${path}`,
}));

function runtimePort(name: string, sender: object) {
  const port = {
    name,
    sender,
    posted: [] as unknown[],
    broken: false,
    disconnected: false,
    onMessage: event<unknown>(),
    onDisconnect: event<unknown>(),
    postMessage: (message: unknown) => {
      if (port.broken) throw new Error('Attempting to use a disconnected port object');
      if (new TextEncoder().encode(JSON.stringify(message)).length > 64 * 1024 * 1024)
        throw new Error('Message exceeded maximum allowed size of 64MiB.');
      port.posted.push(message);
    },
    disconnect: () => {
      port.disconnected = true;
    },
  };
  return port;
}

let connect: ReturnType<typeof event<ReturnType<typeof runtimePort>>>;
let accepted: HostPort[];
beforeEach(() => {
  connect = event();
  platform.onConnect = connect;
  accepted = [];
  acceptPanels((port) => accepted.push(port));
});

it('listens to its own pages and to nobody else', () => {
  const panel = runtimePort('panel', { id: ID, url: `${OWN}sidepanel.html` });
  connect.fire(panel);
  expect(accepted).toHaveLength(1);
  expect(panel.disconnected).toBe(false);

  for (const [name, sender] of [
    ['panel', { id: ID, url: 'https://example.com/', tab: {} }],
    [
      'panel',
      { id: 'ponmlkjihgfedcbaponmlkjihgfedcba', url: 'chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba/x.html' },
    ],
    ['panel', { id: ID, url: `https://example.com/${OWN}` }],
    ['panel', { id: ID }],
    ['something else', { id: ID, url: `${OWN}sidepanel.html` }],
  ] as const) {
    const stranger = runtimePort(name, sender);
    connect.fire(stranger);
    expect(stranger.disconnected).toBe(true);
  }
  expect(accepted).toHaveLength(1);
  expect(isOwnPage(undefined)).toBe(false);
});

it('passes messages both ways, and takes a dead port for closed, once', () => {
  const port = runtimePort('panel', { id: ID, url: `${OWN}sidepanel.html` });
  connect.fire(port);
  const [panel] = accepted;
  const heard: unknown[] = [];
  let closed = 0;
  panel?.onMessage((message) => heard.push(message));
  panel?.onClose(() => {
    closed += 1;
  });
  port.onMessage.fire({ id: 1 });
  expect(heard).toEqual([{ id: 1 }]);
  const message = { kind: 'conversations', conversations: [] } as const;
  panel?.send(message);
  expect(port.posted).toEqual([message]);

  port.broken = true;
  expect(() => panel?.send(message)).not.toThrow();
  port.onDisconnect.fire(port);
  panel?.send(message);
  expect(closed).toBe(1);
  expect(port.posted).toHaveLength(1);
});

it('passes messages on that are longer than the browser takes at once', () => {
  const [from, to] = [1, 2].map(() => runtimePort('panel', { id: ID, url: `${OWN}sidepanel.html` }));
  if (!from || !to) throw new Error('there are two');
  connect.fire(from);
  connect.fire(to);
  const [sender, receiver] = accepted;
  const heard: unknown[] = [];
  receiver?.onMessage((message) => heard.push(message));
  // Quotes are escaped twice, the others take three and four bytes; the odd one at the front puts pairs across a cut.
  const text = `a${'"'.repeat(12_000_000)}${'…'.repeat(9_000_000)}${'😀'.repeat(9_000_000)}`;
  const long = { kind: 'conversations', conversations: [{ id: 'a', title: text, updatedAt: 1, busy: false }] } as const;
  sender?.send(long);
  sender?.send({ kind: 'conversations', conversations: [] });
  expect(from.posted.length).toBeGreaterThan(2);
  for (const message of from.posted) to.onMessage.fire(message);
  expect(heard).toHaveLength(2);
  expect(heard[0]).toEqual(long);
  expect(heard[1]).toEqual({ kind: 'conversations', conversations: [] });
  expect(from.disconnected).toBe(false);
});
