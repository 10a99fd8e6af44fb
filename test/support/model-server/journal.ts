/** One request the server received, and what became of it. Times are ms since epoch. */
export interface Exchange {
  readonly number: number;
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it came over the wire. */
  readonly body: string;
  /** The body as JSON; undefined where it is none. */
  readonly json: { readonly [field: string]: unknown } | undefined;
  status: number | undefined;
  /** One entry per write of the response body. */
  readonly sent: { readonly at: number; readonly text: string }[];
  /** Who ended the connection first; undefined while it lasts. */
  closedBy: 'client' | 'server' | undefined;
  closedAt: number | undefined;
}

/** Everything the server saw, in order. */
export interface Journal {
  readonly exchanges: readonly Exchange[];
  /** Requests for an answer, which are the ones that cost money. */
  chats(): readonly Exchange[];
  /** The first exchange that satisfies the condition, now or later. Rejects after `timeoutMs` (default 30 s). */
  until(condition: (exchange: Exchange) => boolean, timeoutMs?: number): Promise<Exchange>;
  clear(): void;
}

/** The server's side of the journal. */
export interface JournalWriter extends Journal {
  add(exchange: Omit<Exchange, 'number' | 'sent' | 'status' | 'closedBy' | 'closedAt'>): Exchange;
  /** An exchange changed: whoever waits for it looks again. */
  changed(): void;
}

export function createJournal(): JournalWriter {
  const exchanges: Exchange[] = [];
  const waiting = new Set<() => void>();
  let count = 0;
  const changed = () => {
    for (const look of [...waiting]) look();
  };
  return {
    exchanges,
    changed,
    add(request) {
      count += 1;
      const exchange: Exchange = {
        number: count,
        ...request,
        status: undefined,
        sent: [],
        closedBy: undefined,
        closedAt: undefined,
      };
      exchanges.push(exchange);
      changed();
      return exchange;
    },
    chats: () => exchanges.filter((e) => e.method === 'POST' && e.path.endsWith('/chat/completions')),
    until: (condition, timeoutMs = 30_000) =>
      new Promise((resolve, reject) => {
        const done = () => {
          waiting.delete(look);
          clearTimeout(timer);
        };
        const look = () => {
          const found = exchanges.find(condition);
          if (!found) return;
          done();
          resolve(found);
        };
        const timer = setTimeout(() => {
          done();
          const seen = exchanges.map((e) => `${e.method} ${e.path} ${e.status ?? '…'} ${e.closedBy ?? ''}`).join('\n');
          reject(new Error(`the server saw no such exchange within ${timeoutMs} ms; it saw:\n${seen || '(nothing)'}`));
        }, timeoutMs);
        waiting.add(look);
        look();
      }),
    clear: () => {
      exchanges.length = 0;
    },
  };
}
