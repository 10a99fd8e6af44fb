import type { HostMessage, HostPort } from '../contract/messages.ts';

/** A connected panel, as the host sees it. */
export interface Panel {
  /** Sends if the port still lives; a dead port never hurts whoever posts. */
  post(message: HostMessage): void;
  readonly alive: boolean;
  /** It has said hello in this version of the contract. */
  greeted: boolean;
  /** The conversation it shows. */
  shows: string | undefined;
}

export function createPanel(port: HostPort, onGone: (panel: Panel) => void): Panel {
  let alive = true;
  const gone = () => {
    if (!alive) return;
    alive = false;
    onGone(panel);
  };
  const panel: Panel = {
    post: (message) => {
      if (!alive) return;
      try {
        port.send(message);
      } catch {
        // A port throws where its other end is gone before its close was reported.
        gone();
      }
    },
    get alive() {
      return alive;
    },
    greeted: false,
    shows: undefined,
  };
  port.onClose(gone);
  return panel;
}
