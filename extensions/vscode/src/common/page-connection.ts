import type { HostMessage, HostPort, PanelMessage } from '@patchbay/chat/contract';
import type { FromPage, ToPage } from './webview-protocol.ts';

/** Longest wait of a message for the ones that follow it, ms: one frame of the screen. */
const FRAME_MS = 16;

/** The host's end of one page: what is posted within a frame goes as one message. */
export interface PageConnection {
  /** A checked message of the page. */
  receive(message: Extract<FromPage, { type: 'connect' | 'message' }>): void;
  /** The page is gone (hidden, closed): its port closes, and the runs go on. */
  lost(): void;
}

/**
 * @param post sends to the page
 * @param accept a new page said hello
 */
export function createPageConnection(
  post: (message: ToPage) => void,
  accept: (port: HostPort) => void,
): PageConnection {
  let current: { readonly id: string; readonly port: OpenPort } | undefined;
  const close = () => {
    current?.port.end();
    current = undefined;
  };
  return {
    receive: (message) => {
      if (message.type === 'connect') {
        close();
        const { connection } = message;
        const port = openPort((messages) => post({ type: 'messages', connection, messages }));
        current = { id: connection, port };
        accept(port.port);
      } else if (current?.id === message.connection) {
        current.port.deliver(message.message);
      }
    },
    lost: close,
  };
}

interface OpenPort {
  readonly port: HostPort;
  deliver(message: unknown): void;
  end(): void;
}

function openPort(flush: (messages: readonly HostMessage[]) => void): OpenPort {
  const listeners: ((message: PanelMessage) => void)[] = [];
  const closers: (() => void)[] = [];
  let waiting: HostMessage[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let open = true;
  const send = () => {
    timer = undefined;
    if (!open || waiting.length === 0) return;
    const messages = waiting;
    waiting = [];
    flush(messages);
    timer = setTimeout(send, FRAME_MS);
  };
  const end = () => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    for (const close of closers) close();
  };
  return {
    port: {
      send: (message) => {
        if (!open) return;
        waiting.push(message);
        // The first one goes at once, with whatever else this turn brings; what follows waits for the frame.
        timer ??= setTimeout(send, 0);
      },
      onMessage: (listener) => listeners.push(listener),
      onClose: (listener) => closers.push(listener),
      close: end,
    },
    deliver: (message) => {
      // The host checks everything itself; the type is its own affair.
      for (const listener of listeners) listener(message as PanelMessage);
    },
    end,
  };
}
