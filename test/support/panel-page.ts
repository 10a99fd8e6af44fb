import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';
import { ROOT } from '../../scripts/lib/project.ts';

/** A built page on a loopback address. */
export interface ServedPage {
  /** Address of the page itself; a query may be added. */
  readonly url: string;
  /** Bytes of its scripts, minified. */
  readonly scriptBytes: number;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** What the panel shows before its script runs; a page says where with a comment. */
const SHELL = readFileSync(join(ROOT, 'packages/chat/src/ui/shell.html'), 'utf8');

/**
 * Builds an HTML page with its scripts and styles as for production, and serves it.
 * @param page path of the HTML file below the project's root
 */
export async function servePage(page: string): Promise<ServedPage> {
  const out = mkdtempSync(join(tmpdir(), 'patchbay-page-'));
  const file = join(ROOT, page);
  const built = await asForProduction(() =>
    build({
      configFile: false,
      root: join(file, '..'),
      logLevel: 'error',
      plugins: [{ name: 'shell', transformIndexHtml: (html) => html.replace('<!-- shell -->', () => SHELL) }],
      build: {
        outDir: out,
        emptyOutDir: true,
        modulePreload: false,
        reportCompressedSize: false,
        rolldownOptions: { input: file },
      },
    }),
  );
  const outputs = Array.isArray(built) ? built : [built];
  const scriptBytes = outputs
    .flatMap((one) => ('output' in one ? one.output : []))
    .reduce((sum, chunk) => sum + (chunk.type === 'chunk' ? Buffer.byteLength(chunk.code) : 0), 0);
  const server = createServer((request, response) => {
    if (request.url === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    readFile(join(out, path)).then(
      (bytes) => {
        response.writeHead(200, {
          'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
          // A page of its own process, whose clock is 20 times finer.
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-embedder-policy': 'require-corp',
        });
        response.end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/${page.slice(page.lastIndexOf('/') + 1)}`,
    scriptBytes,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      rmSync(out, { recursive: true, force: true });
    },
  };
}

/** A test runner says it is a test, and would get React's development build. */
async function asForProduction<T>(run: () => Promise<T>): Promise<T> {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    return await run();
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

/** The panel over its fake host, in a page of its own. */
export const servePanel = (): Promise<ServedPage> => servePage('packages/chat/src/ui/testing/dev.html');
