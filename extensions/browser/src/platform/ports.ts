import type { HostMessage, HostPort, PanelMessage, PanelPort, Port } from '@patchbay/chat/contract';
import { browser, type MessageSender, ownUrl, type RuntimePort } from './browser.ts';

const PANEL = 'panel';

/** A panel's end: opens a port to the background, waking it if need be. Throws where the extension was updated away. */
export function connectToHost(): PanelPort {
  return wrap<HostMessage, PanelMessage>(browser.runtime.connect({ name: PANEL }));
}

/** The background's end: every panel that connects. Must be called in the background's first turn. */
export function acceptPanels(accept: (port: HostPort) => void): void {
  browser.runtime.onConnect.addListener((port) => {
    if (port.name === PANEL && isOwnPage(port.sender)) accept(wrap<PanelMessage, HostMessage>(port));
    else port.disconnect();
  });
}

/** Our own pages only: no content script, no other extension, no web page speaks for the user. */
export function isOwnPage(sender: MessageSender | undefined): boolean {
  return sender?.id === browser.runtime.id && sender.url?.startsWith(ownUrl('/')) === true;
}

/**
 * A part of a message that is longer than the 64 MiB that Chromium takes at once, such as a conversation into which books
 * were pasted. A port keeps the order, so nothing else need be said.
 */
interface Slice {
  readonly [SLICE]: string;
  readonly last: boolean;
}
const SLICE = 'patchbay:slice';
/** Characters: three bytes each at most, or two where they have to be escaped. */
const SLICE_LENGTH = 16 * 1024 * 1024;

function* slicesOf(message: unknown): Generator<Slice> {
  const json = JSON.stringify(message);
  for (let at = 0; at < json.length; ) {
    const end = at + SLICE_LENGTH;
    // Two halves of one character stay together.
    const to = /[\ud800-\udbff]/.test(json.charAt(end - 1)) ? end - 1 : end;
    yield { [SLICE]: json.slice(at, to), last: to >= json.length };
    at = to;
  }
}

const isSlice = (message: unknown): message is Slice =>
  typeof message === 'object' && message !== null && SLICE in message;

/** Puts slices together; undefined until the last one of a message is there. */
function gather(): (message: unknown) => unknown {
  let text = '';
  return (message) => {
    if (!isSlice(message)) return message;
    text += message[SLICE];
    if (!message.last) return undefined;
    const whole = text;
    text = '';
    return JSON.parse(whole) as unknown;
  };
}

function wrap<In, Out>(port: RuntimePort): Port<In, Out> {
  let open = true;
  const closers: (() => void)[] = [];
  const closed = () => {
    if (!open) return;
    open = false;
    for (const close of closers) close();
  };
  port.onDisconnect.addListener(closed);
  return {
    send: (message) => {
      if (!open) return;
      try {
        try {
          port.postMessage(message);
        } catch (error) {
          if (!/exceed/i.test(String(error))) throw error;
          for (const slice of slicesOf(message)) port.postMessage(slice);
        }
      } catch {
        // The other side went away in this very turn; its disconnect event may still be on its way.
        closed();
      }
    },
    onMessage: (listener) => {
      const whole = gather();
      port.onMessage.addListener((message: unknown) => {
        const said = whole(message);
        if (said !== undefined) listener(said as In);
      });
    },
    onClose: (listener) => {
      closers.push(listener);
    },
    close: () => {
      open = false;
      port.disconnect();
    },
  };
}
