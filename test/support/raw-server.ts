import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The connection that an answer goes over. */
export interface Line {
  /** Written, and handed to the network by itself. */
  readonly write: (bytes: Uint8Array | string) => Promise<void>;
  readonly end: () => void;
  /** Breaks the connection, as a crash would. */
  readonly cut: () => void;
  /** The client has closed it. */
  readonly closed: Promise<void>;
}

export interface RawAnswer {
  readonly status?: number;
  /** Default `text/event-stream`. */
  readonly type?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body: string | ((line: Line) => Promise<void> | void);
}

export interface RawRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A server on this machine that answers what it is told, byte for byte, and keeps what it was asked. */
export interface RawServer {
  readonly url: string;
  readonly requests: RawRequest[];
  /** What comes next, in this order; the last one comes again and again. */
  answers: readonly RawAnswer[];
  close(): Promise<void>;
}

export async function startRawServer(): Promise<RawServer> {
  const http = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', async () => {
      const at = server.requests.push({ path: request.url ?? '', headers: request.headers, text }) - 1;
      const answer = server.answers[Math.min(at, server.answers.length - 1)];
      if (!answer) throw new Error('nothing to answer with');
      const closed = new Promise<void>((resolve) => response.once('close', resolve));
      response.writeHead(answer.status ?? 200, {
        'content-type': answer.type ?? 'text/event-stream',
        ...answer.headers,
      });
      if (typeof answer.body === 'string') {
        response.end(answer.body);
        return;
      }
      await answer.body({
        write: (bytes) => new Promise((resolve) => response.write(bytes, () => resolve())),
        end: () => response.end(),
        cut: () => response.destroy(),
        closed,
      });
    });
  });
  // A connection is reused or closed by the client alone: both at once would look like a network that failed.
  http.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: RawServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests: [],
    answers: [],
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}
