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
        port.postMessage(message);
      } catch {
        // The other side went away in this very turn; its disconnect event may still be on its way.
        closed();
      }
    },
    onMessage: (listener) => port.onMessage.addListener((message: unknown) => listener(message as In)),
    onClose: (listener) => {
      closers.push(listener);
    },
    close: () => {
      open = false;
      port.disconnect();
    },
  };
}
