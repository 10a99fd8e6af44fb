import type { ServerResponse } from 'node:http';
import type { Exchange } from './journal.ts';

/** What a scripted answer may do to its connection, one call after the other. */
export interface Stage {
  readonly exchange: Exchange;
  /** Status line and headers; a stream of events at 200 unless said otherwise. */
  head(status?: number, headers?: Readonly<Record<string, string>>): void;
  /** Bytes exactly as given. */
  raw(text: string): void;
  /** One event with this text, in OpenRouter's form. */
  text(text: string): void;
  /** The last events: finish reason, usage, `[DONE]`. Ends the response. */
  finish(usage?: { readonly promptTokens: number; readonly completionTokens: number; readonly cost?: number }): void;
  /** A whole JSON answer. Ends the response. */
  json(status: number, body: unknown, headers?: Readonly<Record<string, string>>): void;
  /** Rejects with {@link ClientGone} when the client leaves meanwhile, which ends the script. */
  wait(ms: number): Promise<void>;
  /** Ends the response without another byte. */
  end(): void;
  /** Tears the connection down, as a crash would. */
  reset(): void;
}

/** An answer written out by hand, for what a server that behaves cannot do. */
export type Script = (stage: Stage) => void | Promise<void>;

/** The client closed the connection while a script was waiting. */
export class ClientGone extends Error {}

/** A stage on one open response. `note` is told of everything that is written. */
export function createStage(
  exchange: Exchange,
  response: ServerResponse,
  cors: Readonly<Record<string, string>>,
  note: (text: string) => void,
): Stage {
  const id = `gen-${Math.floor(exchange.at / 1000)}-${String(exchange.number).padStart(12, '0')}`;
  const model = String(exchange.json?.model ?? 'unknown');
  const head: Stage['head'] = (status = 200, headers = {}) => {
    exchange.status = status;
    response.writeHead(status, {
      ...cors,
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'x-generation-id': id,
      ...headers,
    });
    response.flushHeaders();
    note('');
  };
  const raw: Stage['raw'] = (text) => {
    if (!response.headersSent) head();
    response.write(text);
    note(text);
  };
  const event = (body: object) =>
    raw(
      `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created: Math.floor(exchange.at / 1000), model, provider: 'Scripted', ...body })}\n\n`,
    );
  const choice = (delta: object, finish: string | null) => ({
    choices: [
      { index: 0, delta: { role: 'assistant', ...delta }, finish_reason: finish, native_finish_reason: finish },
    ],
  });
  return {
    exchange,
    head,
    raw,
    text: (text) => event(choice({ content: text }, null)),
    finish: (usage) => {
      event(choice({ content: '' }, 'stop'));
      if (usage) {
        event({
          ...choice({ content: '' }, 'stop'),
          usage: {
            prompt_tokens: usage.promptTokens,
            completion_tokens: usage.completionTokens,
            total_tokens: usage.promptTokens + usage.completionTokens,
            ...(usage.cost === undefined ? {} : { cost: usage.cost, is_byok: false }),
          },
        });
      }
      raw('data: [DONE]\n\n');
      response.end();
    },
    json: (status, body, headers = {}) => {
      const text = JSON.stringify(body);
      exchange.status = status;
      response.writeHead(status, { ...cors, 'content-type': 'application/json', ...headers });
      response.end(text);
      note(text);
    },
    wait: (ms) =>
      new Promise((resolve, reject) => {
        if (response.destroyed) {
          reject(new ClientGone());
          return;
        }
        const gone = () => {
          clearTimeout(timer);
          reject(new ClientGone());
        };
        const timer = setTimeout(() => {
          response.off('close', gone);
          resolve();
        }, ms);
        response.once('close', gone);
      }),
    end: () => response.end(),
    reset: () => {
      exchange.closedBy = 'server';
      response.socket?.resetAndDestroy();
    },
  };
}
