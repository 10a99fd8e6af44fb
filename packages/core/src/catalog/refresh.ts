import type { Failure } from '../chat/failure.ts';
import type { Provider } from '../providers/provider.ts';
import { authHeaders, runsLocally } from '../providers/registry.ts';
import { pageUrl } from '../transport/endpoint-url.ts';
import { isRedirect, statusOf } from '../transport/send.ts';
import type { ListedModel, ModelList } from './model.ts';
import { type ParsedList, parseOpenAiModels, parseOpenRouterModels } from './model-lists.ts';
import { parseAnthropicModels, parseCohereModels, parseGitHubModels, parseGoogleModels } from './native-model-lists.ts';

export interface RefreshOptions {
  /** Resolved, so that its base URL is the key's (`resolveProvider`). */
  readonly provider: Provider;
  readonly keyId?: string;
  /** '' or absent where the server needs none. Sent to the origin of the base URL alone. */
  readonly secret?: string;
  readonly fetch: typeof fetch;
  /** ms since epoch. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

export type RefreshOutcome =
  | {
      readonly ok: true;
      readonly list: ModelList;
      /** Entries that were no models. */
      readonly dropped: number;
    }
  | { readonly ok: false; readonly failure: Failure };

/** OpenRouter's list is about 1 MB; a hundred times that is no list. */
const LARGEST = 64 * 1024 * 1024;
const PATIENCE_MS = 30_000;

/**
 * Asks a provider for its models; the caller stores the list (`ModelLists.write`). Never throws: whatever goes wrong is a
 * failure that names the provider. It also tells whether a key works, where the provider lists models to valid keys only.
 */
export async function refreshModels(options: RefreshOptions): Promise<RefreshOutcome> {
  const { provider, secret = '' } = options;
  const url = provider.modelsPath && provider.baseUrl !== '' && pageUrl(provider.baseUrl, provider.modelsPath);
  if (!url) {
    return no('unsupported', `${provider.name} has no list of models. Type the model’s id instead.`, 'none');
  }
  const timeout = AbortSignal.timeout(PATIENCE_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  let answer: unknown;
  try {
    const response = await options.fetch(url, {
      headers: { accept: 'application/json', ...provider.headers, ...authHeaders(provider, secret) },
      signal,
      credentials: 'omit',
      // A redirect could carry the secret to another origin than the one the key names.
      redirect: 'manual',
    });
    if (!response.ok) return { ok: false, failure: refusal(provider, url, statusOf(response), retryAfter(response)) };
    const text = await readText(response);
    if (text === undefined) return unreadable(provider);
    answer = JSON.parse(text);
  } catch (error) {
    if (options.signal?.aborted) return no('aborted', `${provider.name} was not asked to the end.`, 'none');
    if (timeout.aborted) {
      return no('stalled', `${provider.name} did not list its models within ${PATIENCE_MS / 1000} seconds.`, 'retry');
    }
    if (error instanceof SyntaxError) return unreadable(provider);
    return no('network', unreachable(provider), provider.browser === 'open' ? 'retry' : 'grant-permission');
  }
  const parsed: ParsedList | undefined = PARSERS[provider.modelsFormat ?? 'openai'](answer);
  if (!parsed) return unreadable(provider);
  return {
    ok: true,
    dropped: parsed.dropped,
    list: {
      v: 1,
      provider: provider.id,
      ...(options.keyId !== undefined && { keyId: options.keyId }),
      baseUrl: provider.baseUrl,
      complete: provider.modelsFormat === 'openrouter',
      models: parsed.models.map((model) => (runsLocally(provider, model.id) ? ownMachine(model) : model)),
      fetchedAt: options.now(),
    },
  };
}

const PARSERS: Readonly<Record<NonNullable<Provider['modelsFormat']>, (answer: unknown) => ParsedList | undefined>> = {
  openrouter: parseOpenRouterModels,
  openai: parseOpenAiModels,
  anthropic: parseAnthropicModels,
  google: parseGoogleModels,
  cohere: parseCohereModels,
  github: parseGitHubModels,
};

/** What runs on the user's own machine costs nothing, and that is known. */
function ownMachine(model: ListedModel): ListedModel {
  return { ...model, price: { input: '0', output: '0', request: '0' }, free: true };
}

async function readText(response: Response): Promise<string | undefined> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > LARGEST) {
      await reader.cancel().catch(() => undefined);
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** A list costs nothing and has no model, so the answers that matter are few; a chat's errors are `failures/`'. */
function refusal(provider: Provider, url: string, status: number, retryAfterMs: number | undefined): Failure {
  const extra = { status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  const { name } = provider;
  if (isRedirect(status)) {
    const message = `${name} sends on to another address, where the key is never taken. Set the address that it leads to.`;
    return failure('parameter', message, 'check-key', extra);
  }
  // Quirk 121: Google refuses a key with 400, and a list asks for nothing else that could be wrong.
  if (status === 401 || (status === 400 && provider.modelsFormat === 'google')) {
    return failure(
      'auth',
      `${name} does not accept this key. Check that it is whole and still valid.`,
      'check-key',
      extra,
    );
  }
  if (status === 403) {
    const message = provider.originRefused ?? `${name} does not let this key list its models.`;
    return failure('permission', message, 'check-key', extra);
  }
  if (status === 404) {
    return failure(
      'unsupported',
      `${name} has no list of models at ${url}. Check the address, or type the model’s id.`,
      'check-key',
      extra,
    );
  }
  if (status === 429)
    return failure('rate-limit', `${name} asks to wait before it lists its models again.`, 'wait', extra);
  if (status >= 500) return failure('unavailable', `${name} is down at the moment (${status}).`, 'retry', extra);
  return failure('parameter', `${name} refused to list its models (${status}).`, 'retry', extra);
}

function unreachable({ name, baseUrl, local, browser }: Provider): string {
  const origin = URL.parse(baseUrl)?.origin ?? baseUrl;
  if (local)
    return `${name} does not answer at ${origin}. Start its server; if it runs, it may refuse requests from this browser.`;
  const hint =
    browser === 'open'
      ? 'Check the connection.'
      : 'Check the address and the connection, and that the site may be asked from here.';
  return `${name} cannot be reached at ${origin}. ${hint}`;
}

function unreadable({ name }: Provider): RefreshOutcome {
  return no('malformed-output', `${name} answered with something that is no list of models.`, 'retry');
}

function retryAfter(response: Response): number | undefined {
  const value = response.headers.get('retry-after')?.trim();
  if (!value) return undefined;
  return /^\d{1,6}$/.test(value) ? Number(value) * 1000 : undefined;
}

function no(kind: Failure['kind'], message: string, userAction: Failure['userAction']): RefreshOutcome {
  return { ok: false, failure: failure(kind, message, userAction) };
}

const RETRYABLE: ReadonlySet<Failure['kind']> = new Set(['network', 'stalled', 'rate-limit', 'unavailable']);

function failure(
  kind: Failure['kind'],
  message: string,
  userAction: Failure['userAction'],
  extra: Pick<Failure, 'status' | 'retryAfterMs'> = {},
): Failure {
  return { kind, retryable: RETRYABLE.has(kind), fallbackable: false, message, userAction, ...extra };
}
