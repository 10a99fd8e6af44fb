import type { HostMessage, HostPort, PanelMessage, PanelPort, Port } from './messages.ts';

export interface PortPair {
  readonly panel: PanelPort;
  readonly host: HostPort;
  /** Closes both ends as a browser does when it stops the background. */
  kill(): void;
  /** Everything that went over, in order, as JSON text: for tests that look for what must not be there. */
  readonly traffic: string[];
}

/**
 * Two ends of a connection in one process. A message arrives in a later task and as JSON, as over an extension's port;
 * what JSON would change (a bigint, bytes, a date, a map) is refused where it is sent.
 */
export function createPortPair(): PortPair {
  const traffic: string[] = [];
  const [panel, host] = ends<HostMessage, PanelMessage>(traffic);
  return {
    panel,
    host,
    kill: () => {
      panel.closeSilently();
      host.closeSilently();
      panel.fireClose();
      host.fireClose();
    },
    traffic,
  };
}

interface End<In, Out> extends Port<In, Out> {
  deliver(message: In): void;
  closeSilently(): void;
  fireClose(): void;
}

function ends<A, B>(traffic: string[]): [End<A, B>, End<B, A>] {
  const left: End<A, B> = end<A, B>(traffic, () => right);
  const right: End<B, A> = end<B, A>(traffic, () => left);
  return [left, right];
}

function end<In, Out>(traffic: string[], other: () => End<Out, In>): End<In, Out> {
  const onMessage: ((message: In) => void)[] = [];
  const onClose: (() => void)[] = [];
  let open = true;
  const { setImmediate } = globalThis as { setImmediate?: (task: () => void) => void };
  const later = setImmediate ?? ((task: () => void) => setTimeout(task, 0));
  const self: End<In, Out> = {
    send: (message) => {
      if (!open) throw new Error('Attempting to use a disconnected port object');
      assertJson(message, 'message');
      const text = JSON.stringify(message);
      traffic.push(text);
      later(() => other().deliver(JSON.parse(text)));
    },
    onMessage: (listener) => void onMessage.push(listener),
    onClose: (listener) => void onClose.push(listener),
    close: () => {
      if (!open) return;
      open = false;
      later(() => {
        other().closeSilently();
        other().fireClose();
      });
    },
    deliver: (message) => {
      if (open) for (const listener of onMessage) listener(message);
    },
    closeSilently: () => {
      open = false;
    },
    fireClose: () => {
      for (const listener of onClose.splice(0)) listener();
    },
  };
  return self;
}

/** Throws where a value would not come back from JSON as it was. */
function assertJson(value: unknown, path: string): void {
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'string') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      assertJson(item, `${path}[${index}]`);
    });
    return;
  }
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, item] of Object.entries(value)) assertJson(item, `${path}.${key}`);
    return;
  }
  throw new TypeError(`${path} is no JSON: ${typeof value}`);
}
