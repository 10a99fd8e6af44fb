import type { HostPort } from '@patchbay/chat/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPageConnection } from './page-connection.ts';
import type { ToPage } from './webview-protocol.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function connect() {
  const posted: ToPage[] = [];
  const ports: HostPort[] = [];
  const connection = createPageConnection(
    (message) => posted.push(message),
    (port) => ports.push(port),
  );
  return { posted, ports, connection };
}

const result = (id: number) => ({ kind: 'result', id, result: null }) as const;

describe('createPageConnection', () => {
  it('posts at most once a frame, and everything in its order', () => {
    const { posted, ports, connection } = connect();
    connection.receive({ type: 'connect', connection: 'a' });
    for (let id = 0; id < 100; id++) {
      ports[0]?.send(result(id));
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(100);
    const ids = posted.flatMap((one) => (one.type === 'messages' ? one.messages.map((m) => 'id' in m && m.id) : []));
    expect(ids).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(posted.length).toBeLessThanOrEqual(8);
  });

  it('ends the port of a page that was replaced, and drops what still comes from it', () => {
    const { ports, posted, connection } = connect();
    connection.receive({ type: 'connect', connection: 'a' });
    const heard: unknown[] = [];
    const closed = vi.fn();
    ports[0]?.onMessage((message) => heard.push(message));
    ports[0]?.onClose(closed);
    connection.receive({ type: 'message', connection: 'a', message: 1 });
    connection.receive({ type: 'connect', connection: 'b' });
    expect(closed).toHaveBeenCalledOnce();
    connection.receive({ type: 'message', connection: 'a', message: 2 });
    ports[0]?.send(result(1));
    ports[1]?.send(result(2));
    vi.runAllTimers();
    expect(heard).toEqual([1]);
    expect(posted).toEqual([{ type: 'messages', connection: 'b', messages: [result(2)] }]);
  });

  it('takes nothing from a page that never connected, and sends nothing to one that is gone', () => {
    const { ports, posted, connection } = connect();
    connection.receive({ type: 'message', connection: 'a', message: 1 });
    expect(ports).toEqual([]);
    connection.receive({ type: 'connect', connection: 'a' });
    ports[0]?.send(result(1));
    connection.lost();
    vi.runAllTimers();
    expect(posted).toEqual([]);
  });
});
