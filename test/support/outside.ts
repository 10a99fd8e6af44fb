import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { makeCertificate } from './certificate.ts';

/** Servers of the outside, played on this machine by their own names and over TLS. */
export interface Outside {
  /** For `HTTPS_PROXY`: what goes through it reaches the players, and nothing else. */
  readonly proxyUrl: string;
  /** PEM, for `NODE_EXTRA_CA_CERTS`. */
  readonly certificate: string;
  /** `host:port` of everything else that was asked for. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

/** Starts a proxy behind which one host is played by `handle`. */
export async function startOutside(host: string, handle: RequestListener): Promise<Outside> {
  const { certificate, key } = makeCertificate(host);
  const sockets = new Set<Socket>();
  const refused: string[] = [];
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const player = createTlsServer({ cert: certificate, key }, handle);
  player.on('connection', track);
  await new Promise<void>((resolve) => player.listen(0, '127.0.0.1', resolve));
  const proxy = createServer((_, response) => response.writeHead(502).end());
  proxy.on('connection', track);
  proxy.on('connect', ({ url = '' }, client: Socket, head) => {
    if (url !== `${host}:443`) {
      refused.push(url);
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const server = connect((player.address() as AddressInfo).port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      server.write(head);
      server.pipe(client).pipe(server);
    });
    track(server);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    proxyUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    certificate,
    refused,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all([proxy, player].map((one) => new Promise((resolve) => one.close(resolve))));
    },
  };
}
