import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { BrowserContext } from 'playwright-core';
import { type Outside, startOutside } from './outside.ts';

/** OpenRouter as its users see it: the page on which they agree, the trade of a code for a key, and the API. */
export interface OpenRouter {
  readonly outside: Outside;
  /** Keys that were given out, in order. */
  readonly keys: readonly string[];
  /** Verifiers and codes that came to the trade, in order. */
  readonly trades: readonly { readonly code: string; readonly verifier: string; readonly granted: boolean }[];
  /** Shows its page in this browser from now on. */
  serve(context: BrowserContext): Promise<void>;
  close(): Promise<void>;
}

interface Grant {
  readonly challenge: string;
  readonly method: string;
}

/**
 * Plays openrouter.ai (https://openrouter.ai/docs/use-cases/oauth-pkce).
 * @param api where the API's requests go: origin of a model server
 */
export async function startOpenRouter(api: string): Promise<OpenRouter> {
  const grants = new Map<string, Grant>();
  const keys: string[] = [];
  const trades: { code: string; verifier: string; granted: boolean }[] = [];

  const trade = async (request: IncomingMessage, response: ServerResponse) => {
    const body = JSON.parse(await read(request)) as Readonly<Record<string, string>>;
    const { code = '', code_verifier: verifier = '', code_challenge_method: method } = body;
    const grant = grants.get(code);
    // Used once, whatever comes of it.
    grants.delete(code);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const granted = grant !== undefined && grant.method === method && grant.challenge === challenge;
    trades.push({ code, verifier, granted });
    response.setHeader('content-type', 'application/json');
    if (!granted) {
      response.writeHead(403).end(JSON.stringify({ error: { code: 403, message: 'Invalid code or code_verifier' } }));
      return;
    }
    const key = `sk-or-v1-${randomBytes(32).toString('hex')}`;
    keys.push(key);
    response.end(JSON.stringify({ key, user_id: 'user_test' }));
  };

  const outside = await startOutside('openrouter.ai', (request, response) => {
    if (request.method === 'POST' && request.url === '/api/v1/auth/keys') {
      trade(request, response).catch(() => response.destroy());
      return;
    }
    const onward = httpRequest(
      new URL(request.url ?? '/', api),
      { method: request.method, headers: { ...request.headers, host: new URL(api).host } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });

  /** The page on which the user agrees. With an address to go back to it links there; else it shows the code. */
  const page = (url: URL): string => {
    const code = randomBytes(12).toString('hex');
    grants.set(code, {
      challenge: url.searchParams.get('code_challenge') ?? '',
      method: url.searchParams.get('code_challenge_method') ?? '',
    });
    const back = url.searchParams.get('callback_url');
    if (back === null) return `<p>Your code: <code>${code}</code></p>`;
    const target = new URL(back);
    target.searchParams.set('code', code);
    return `<a href="${target.href.replaceAll('&', '&amp;').replaceAll('"', '%22')}">Authorize</a>`;
  };

  return {
    outside,
    keys,
    trades,
    serve: async (context) => {
      const isPage = (url: URL) => url.origin === 'https://openrouter.ai' && url.pathname === '/auth';
      await context.route(isPage, (route) => {
        const body = `<!doctype html><title>OpenRouter</title>${page(new URL(route.request().url()))}`;
        return route.fulfill({ contentType: 'text/html', body });
      });
    },
    close: outside.close,
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
