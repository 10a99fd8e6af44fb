import type { Json } from '../chat/json.ts';
import type { DialectName, Provider } from '../providers/provider.ts';
import { authHeaders } from '../providers/registry.ts';
import { endpointUrl } from '../transport/endpoint-url.ts';

/** Nobody waits longer for a number that only decides whether to refuse. */
const MOST_MS = 10_000;

/** Anthropic calls its figure an estimate, off by "a small amount"; the same room is left with everybody. */
const MARGIN = { percent: 5, tokens: 32 };

export interface CountInput {
  readonly fetch: typeof fetch;
  readonly provider: Provider;
  readonly modelId: string;
  readonly secret: () => Promise<string>;
  readonly signal: AbortSignal;
}

/**
 * The most input tokens this request can be billed as, by the provider's own free count endpoint: tighter than the bytes
 * of its body. Undefined where it has none, or gives no answer that can be trusted; never throws.
 */
export async function countInput(request: string, input: CountInput): Promise<number | undefined> {
  const { provider, modelId, signal } = input;
  const form = FORMS[provider.dialect];
  if (provider.countPath === undefined || !form) return undefined;
  try {
    const body = form.body(JSON.parse(request) as Body, modelId);
    const url = endpointUrl(provider.baseUrl, provider.countPath.replace('{model}', encodeURIComponent(modelId)));
    const response = await input.fetch(url, {
      method: 'POST',
      headers: {
        ...provider.headers,
        ...authHeaders(provider, await input.secret()),
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(MOST_MS)]),
      ...{ redirect: 'error', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer' },
    });
    const counted = response.ok ? ((await response.json()) as Body | null)?.[form.answer] : undefined;
    if (typeof counted !== 'number' || !(counted > 0)) return undefined;
    return Math.ceil(counted * (1 + MARGIN.percent / 100)) + MARGIN.tokens;
  } catch {
    return undefined;
  }
}

type Body = { readonly [field: string]: Json };

/** What of a request its count endpoint takes, and the field of its answer. */
interface CountForm {
  readonly body: (request: Body, modelId: string) => Body;
  readonly answer: string;
}

const only =
  (...fields: readonly string[]) =>
  (request: Body): Body =>
    Object.fromEntries(Object.entries(request).filter(([field]) => fields.includes(field)));

const FORMS: { readonly [name in DialectName]?: CountForm } = {
  // https://platform.claude.com/docs/en/api/messages-count-tokens
  'anthropic-messages': {
    body: only('model', 'messages', 'system', 'tools', 'tool_choice', 'thinking', 'output_config'),
    answer: 'input_tokens',
  },
  // https://platform.openai.com/docs/api-reference/responses/input-tokens
  'openai-responses': {
    body: only('model', 'input', 'instructions', 'tools', 'tool_choice', 'parallel_tool_calls', 'reasoning', 'text'),
    answer: 'input_tokens',
  },
  // https://ai.google.dev/api/tokens
  gemini: {
    body: (request, modelId) => ({ generateContentRequest: { model: `models/${modelId}`, ...request } }),
    answer: 'totalTokens',
  },
};
