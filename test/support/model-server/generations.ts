import type { Exchange } from './journal.ts';
import type { ServedModel } from './models.ts';
import { costOf, tokensOf } from './usage.ts';

/** OpenRouter's record of finished answers: what `/generation?id=` says, also of those that the client cut short. */
export interface Generations {
  sent(exchange: Exchange, text: string): void;
  closed(exchange: Exchange): void;
  find(id: string): object | undefined;
}

interface Draft {
  id?: string;
  text: string;
  rest: string;
}

export function createGenerations(models: readonly ServedModel[]): Generations {
  const drafts = new WeakMap<Exchange, Draft>();
  const records = new Map<string, object>();
  return {
    sent(exchange, text) {
      if (exchange.method !== 'POST') return;
      const draft = drafts.get(exchange) ?? { text: '', rest: '' };
      drafts.set(exchange, draft);
      const lines = (draft.rest + text).split('\n');
      draft.rest = lines.pop() ?? '';
      for (const line of lines) {
        const frame = line.startsWith('data: {') ? parse(line.slice('data: '.length)) : undefined;
        if (!frame) continue;
        if (typeof frame.id === 'string') draft.id = frame.id;
        const delta = frame.choices?.[0]?.delta;
        draft.text += `${delta?.reasoning_content ?? delta?.reasoning ?? ''}${delta?.content ?? ''}`;
      }
    },
    closed(exchange) {
      const draft = drafts.get(exchange);
      const model = models.find((candidate) => candidate.id === exchange.json?.model);
      if (!draft?.id || !model) return;
      const prompt = tokensOf(JSON.stringify(exchange.json?.messages ?? ''));
      const completion = draft.text ? tokensOf(draft.text) : 0;
      const cost = costOf(model, prompt, completion);
      records.set(draft.id, {
        id: draft.id,
        model: model.id,
        provider_name: model.servedBy,
        streamed: true,
        cancelled: exchange.closedBy === 'client',
        total_cost: cost,
        usage: cost,
        is_byok: false,
        tokens_prompt: prompt,
        tokens_completion: completion,
        native_tokens_prompt: prompt,
        native_tokens_completion: completion,
      });
    },
    find: (id) => records.get(id),
  };
}

interface Frame {
  readonly id?: unknown;
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string; readonly reasoning?: string; readonly reasoning_content?: string };
  }[];
}

function parse(json: string): Frame | undefined {
  try {
    return JSON.parse(json) as Frame;
  } catch {
    return undefined;
  }
}
