import type { FailureKind, ProviderOverrides } from '@patchbay/core';
import { SECRET } from './stage.ts';
import type { Script, Wire } from './wires/script.ts';

/** An error as this provider words it, and what it is. */
type Refusal = readonly [kind: FailureKind, status: number, body: string];

/** One provider of full rank, as it answers and as it wants to be asked. */
export interface Spec {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  /** Another model of the same provider, that has no claim to what this one thought. */
  readonly other: string;
  /** Behind the server's address. */
  readonly base: string;
  readonly overrides?: ProviderOverrides;
  readonly path: RegExp;
  /** Header that carries the secret, and what stands in it. */
  readonly auth: readonly [string, string];
  readonly wire: Wire;
  readonly thinks?: true;
  readonly sources?: true;
  readonly pictures?: true;
  /** Counts that it tells; default all of them. */
  readonly counts?: { readonly cached?: false; readonly thought?: false };
  /** USD of a scripted answer, where it is not what the price list makes of it. */
  readonly cost?: { readonly usd: string; readonly source: string };
  readonly declines: FailureKind;
  /** What of a thinking answer with calls goes back to the model that gave it. */
  readonly goesBack?: string;
  /** How a PDF is written down; absent: it is told in words. */
  readonly pdf?: string;
  /** How a schema for the answer is written down. */
  readonly schema: string;
  /** How it is told to think hard, where it can be. */
  readonly effort?: string;
  /** How it is told which conversation this is, for its caches, where it can be. */
  readonly session?: string;
  readonly errors: readonly Refusal[];
  /** An error in the middle of a stream, and what it is. */
  readonly broken: readonly [kind: FailureKind, frame: string];
}

export const bearer = ['authorization', `Bearer ${SECRET}`] as const;
export const inChat = /^\/v1\/chat\/completions$/;
export const chatUsage = ({ input, cached, output, thought }: Script['usage']) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cached },
  completion_tokens_details: { reasoning_tokens: thought },
});
export const plainUsage = ({ input, output }: Script['usage']) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
});
export const SCHEMA_FIELD = '"response_format":{"type":"json_schema","json_schema":{"name":"place","schema":{';
export const openAiError = (message: string, code: string, type = 'invalid_request_error') =>
  JSON.stringify({ error: { message, type, param: null, code } });
const TOO_LONG = 'This model’s maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.';
export const OPENAI_ERRORS: readonly Refusal[] = [
  ['auth', 401, openAiError('Incorrect API key provided: sk-x', 'invalid_api_key')],
  [
    'rate-limit',
    429,
    openAiError('Rate limit reached for m. Please try again in 1.2s.', 'rate_limit_exceeded', 'tokens'),
  ],
  ['credit', 429, openAiError('You exceeded your current quota', 'insufficient_quota', 'insufficient_quota')],
  ['context-length', 400, openAiError(TOO_LONG, 'context_length_exceeded')],
  ['overloaded', 503, openAiError('The server is overloaded', '', 'server_error')],
];
export const inBand = (error: object) => `data: ${JSON.stringify(error)}\n\n`;
export const OPENAI_BROKEN = [
  'rate-limit',
  inBand({ error: { message: 'Rate limit reached', code: 'rate_limit_exceeded' } }),
] as const;
