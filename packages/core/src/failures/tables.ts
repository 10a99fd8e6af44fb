import type { UserAction } from '../chat/failure.ts';
import type { ProviderFailureKind } from './kinds.ts';

/** One piece of knowledge about errors: when all that it names is so, the failure is of this kind. */
export interface FailureRule {
  readonly kind: ProviderFailureKind;
  /** Provider ids; absent: any. */
  readonly provider?: readonly string[];
  /** HTTP status, or the status told inside an error. */
  readonly status?: readonly number[];
  /** Any of the error's codes, types and reasons, in lower case. With a text beside them, either will do. */
  readonly code?: readonly string[];
  /** All that was said, the codes behind it. */
  readonly text?: RegExp;
  /** Not where the text matches this. */
  readonly unless?: RegExp;
  /** The response had no body at all; among `OF_RESPONSES` alone. */
  readonly empty?: true;
  /** The response was a web page. */
  readonly html?: true;
  /** Absent, as with the two below: what the kind says. */
  readonly retryable?: boolean;
  readonly action?: UserAction;
  readonly says?: string;
}

/** What OpenRouter and OpenAI call a spent balance; also said with status 429 and 403 (quirk 155). */
const QUOTA: readonly FailureRule[] = [
  { kind: 'in-flight-budget', code: ['in_flight_budget_exhausted', 'openrouter_in_flight_budget'] },
  { kind: 'affordability', code: ['weight_exceeds_budget'], text: /can only afford|fewer max_tokens/i },
  {
    kind: 'key-limit',
    code: ['openrouter_key_limit', 'openrouter_guardrail_budget', 'openrouter_workspace_budget', '1308', 'status_2056'],
    text: /key limit exceeded|usage limit (?:has been )?reached|GoUsageLimitError|plan limit/i,
  },
  {
    kind: 'credit',
    code: [
      'insufficient_quota',
      'billing_hard_limit_reached',
      'billing_not_active',
      'payment_required',
      'insufficient_credits',
      'insufficient_balance',
      'account_suspended',
      'status_1008',
    ],
  },
  {
    kind: 'credit',
    text: /exceeded your current quota|credit balance|insufficient (?:balance|credits?|funds)|requires more credits|credits are depleted|out of credits|spend(?:ing)? (?:limit|cap)|check your plan and billing|account is not active|requires billing/i,
    unless: /per (?:minute|second|day)|try again in/i,
  },
];

/** Google says "exceeded your current quota" of its rate limits too; which quota it was stands in the details (quirk 120). */
const GOOGLE_QUOTA: readonly FailureRule[] = [
  {
    kind: 'rate-limit',
    text: /^\w+PerDay\w*(?:-FreeTier)?$/m,
    retryable: false,
    action: 'other-model',
    says: '{model} did not answer: your requests at {provider} are used up for today{wait}. Choose another model or key, or come back tomorrow.',
  },
  { kind: 'rate-limit', text: /^\w+PerMinute\w*(?:-FreeTier)?$/m },
];

/** Too long, in everybody's words (quirk 154). */
const TOO_LONG: readonly RegExp[] = [
  // Who speaks of the model's context means this: OpenAI, OpenRouter, vLLM, llama.cpp, LM Studio, MiniMax, Mistral, z.ai.
  /context[_ ](?:window|length|size|limit)|maximum context|num_ctx/i,
  /(?:prompt|input)(?: is)? too long|prompt(?: is)? long(?:er)? (?:for|than)/i, // Anthropic, Bedrock, Cohere, DeepInfra
  /request_too_large|request (?:entity )?too large\b(?!.*per min)/i, // Anthropic, proxies
  // Google, Together, TGI, SGLang, GitHub Copilot
  /(?:prompt|inputs?)`? (?:tokens?|length)\b.{0,60}(?:must be|exceed|longer|maximum)/i,
  /too many (?:input )?tokens|token[_ ]limit[_ ]exceeded|exceed(?:s|ed).{0,20}(?:number of (?:input )?tokens|token limit)/i, // Google, Kimi
  /maximum prompt length is|range of input length should be/i, // xAI, DashScope
  /reduce the length of (?:the|your) (?:messages|prompt|input|either)/i, // Groq, OpenAI
];

/** A rate limit speaks of tokens as well, and never means the length of one conversation (quirk 154). */
const NOT_TOO_LONG =
  /rate.?limit|too many requests|throttl|per (?:minute|min|second|sec|day|hour)\b|\b[tr]pm\b|please wait/i;

const CONTEXT: readonly FailureRule[] = [
  {
    kind: 'rate-limit',
    text: /request too large.*per min/i,
    retryable: false,
    action: 'shorten',
    says: 'This message alone is more than {provider} takes from you in one minute for {model}. Shorten the conversation, or choose another model.',
  },
  {
    kind: 'context-length',
    code: ['context_length_exceeded', 'string_too_long', 'string_above_max_length', 'exceed_context_size_error'],
  },
  ...TOO_LONG.map((text): FailureRule => ({ kind: 'context-length', text, unless: NOT_TOO_LONG })),
];

/** Words that leave no doubt. What a text is searched for, codes are as well: they stand in it. */
const CODES: readonly FailureRule[] = [
  {
    kind: 'auth',
    code: [
      'authentication_error',
      'authentication',
      'invalid_organization',
      'account_deactivated',
      'organization_restricted',
      'unauthenticated',
      'token_expired',
      'invalid_token',
      'status_1004',
      'status_2049',
    ],
    text: /api key not valid|access token (?:invalid|expired)|invalid.api.?(?:key|token)|incorrect api key|api key expired|security token included in the request is invalid|no auth credentials|user not found\.?$/im,
  },
  { kind: 'region', code: ['unsupported_country_region_territory', 'region_restricted', 'geo', 'data_region'] },
  {
    kind: 'region',
    text: /(?:country|region|territory|location)\b.{0,40}\bnot (?:supported|available)|not available in your (?:country|region)|unsupported countr/i,
  },
  {
    kind: 'content-policy',
    code: [
      'responsibleaipolicyviolation',
      'invalid_prompt',
      'moderation_blocked',
      'has_reasons',
      'status_1026',
      'status_1027',
    ],
    text: /requires moderation|was flagged|flagged (?:by|as|for)|content.(?:policy|management policy|filter)|usage polic|safety system/i,
  },
  { kind: 'refusal', code: ['refusal'] },
  {
    kind: 'permission',
    code: ['has_patterns'],
    says: 'A guardrail of your account at {provider} blocked this message for {model}{detail}. Change the message, or the guardrail there.',
  },
  {
    kind: 'permission',
    code: ['privacy_restricted', 'data_policy:zdr', 'data_policy:training'],
    text: /matching your data policy|data policy|privacy settings/i,
    says: 'No host of {model} at {provider} fits the data policy of your account. Change that policy there, or choose another model.',
  },
  {
    kind: 'permission',
    code: ['status_2061'],
    text: /guardrail|no allowed providers|no permission to|not allowed to (?:sample|access|use)|does not have (?:access|permission)/i,
  },
  {
    kind: 'model-gone',
    code: ['max_price'],
    text: /no endpoints? found.{0,60}(?:max_?price|price)/i,
    says: 'No host at {provider} serves {model} at or below the price that was reserved for it. Refresh the model list, or choose another model.',
  },
  { kind: 'parameter', code: ['constraint_filtered', 'require_parameters'], text: /no endpoints? found that support/i },
  {
    kind: 'model-gone',
    code: [
      'invalid_model',
      'deploymentnotfound',
      'model_terms_required',
      'wrong_endpoint',
      'no_endpoints',
      'model_unavailable_upstream',
      'free_variant_ended',
    ],
    text: /no endpoints? found|not a valid model|model.{0,80}(?:not.found|does not exist|decommissioned|no longer available|deprecated|has been (?:removed|retired))|unknown.model|try pulling it first/i,
  },
  {
    kind: 'overloaded',
    code: [
      'overloaded_error',
      'overloaded',
      'engine_overloaded',
      'engine_overloaded_error',
      'capacity_exhausted',
      'provider_overloaded',
      'insufficient_system_resource',
      'service_tier_capacity_exceeded',
    ],
  },
  {
    kind: 'rate-limit',
    text: /free-models-per-day/i,
    retryable: false,
    action: 'other-model',
    says: '{model} did not answer: your free requests at {provider} are used up for today{wait}. Choose another model or key, or come back tomorrow.',
  },
  {
    kind: 'rate-limit',
    code: ['resource_exhausted', 'tokens', 'requests', 'status_1002', 'status_1039', 'status_1041', 'status_2045'],
    text: /rate.?limit|request limit reached|too.many.requests|throttl|service tier capacity exceeded|temporarily rate-limited/i,
  },
  {
    kind: 'overloaded',
    text: /overloaded|at capacity|server is busy|high demand|no (?:healthy upstream|available capacity)/i,
  },
  { kind: 'malformed-output', code: ['tool_use_failed', 'json_validate_failed', 'malformed_function_call'] },
  {
    kind: 'unavailable',
    text: /loading model|model is (?:still )?loading/i,
    says: '{provider} is still loading {model}. Try again in a moment.',
  },
  {
    kind: 'parameter',
    code: ['max_tokens_exceeded'],
    action: 'lower-max-tokens',
    says: 'The maximum answer asked for is more than {model} at {provider} can give{detail}. Lower the maximum answer.',
  },
  {
    kind: 'parameter',
    code: [
      'unsupported_parameter',
      'unsupported_value',
      'unknown_parameter',
      'invalid_value',
      'missing_required_parameter',
      'invalid_image',
      'image_too_large',
      'image_too_small',
      'unsupported_image_format',
      'image_not_found',
      'image_download_failed',
      'unprocessable',
      'precondition_failed',
    ],
  },
  {
    kind: 'unavailable',
    code: [
      'timeout',
      'provider_unavailable',
      'temporarily_unavailable',
      'network_error',
      'unavailable',
      'unavailable_error',
      'service_unavailable',
    ],
  },
];

/** Where the words say nothing: by status. */
const STATUSES: readonly FailureRule[] = [
  { kind: 'auth', status: [401] },
  { kind: 'credit', status: [402] },
  {
    kind: 'permission',
    status: [403],
    text: /cloudflare|attention required|just a moment|access denied/i,
    says: 'A gate in front of {provider} turned the request for {model} away before it got there{detail}. A VPN or proxy is a common reason; try without it, or choose another model.',
  },
  { kind: 'permission', status: [403] },
  ...(
    [{ html: true }, { text: /^(?:404\W*)?(?:page )?not found\W*$|cannot post|method not allowed|^$/im }] as const
  ).map(
    (sign): FailureRule => ({
      kind: 'parameter',
      status: [404, 405],
      ...sign,
      action: 'check-key',
      says: '{model} was not asked: {provider} has no chat at this address. Check the address; most end in /v1.',
    }),
  ),
  { kind: 'model-gone', status: [404, 410] },
  { kind: 'unavailable', status: [408, 409, 425, 499] },
  { kind: 'context-length', status: [413] },
  { kind: 'rate-limit', status: [429] },
  { kind: 'region', status: [451] },
  { kind: 'overloaded', status: [498, 503, 529] },
  { kind: 'unavailable', status: [500, 502, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530] },
];

/** Words that many errors share; they count where nothing better is known. */
const WEAK: readonly FailureRule[] = [
  { kind: 'auth', text: /^unauthori[sz]ed\b/im },
  { kind: 'parameter', text: /^(?:field required|input should be)\b|invalid param/im },
  { kind: 'permission', code: ['permission_denied', 'permission_error'] },
  { kind: 'model-gone', code: ['not_found', 'not_found_error'] },
  { kind: 'parameter', code: ['invalid_request_error', 'invalid_request', 'invalid_argument', 'bad_request'] },
  {
    kind: 'unavailable',
    code: ['server', 'server_error', 'internal_error', 'internal_server_error', 'api_error', 'internal'],
  },
];

/** What only a whole response can be, and no error inside of one; before all else, since it says nothing in words. */
export const OF_RESPONSES: readonly FailureRule[] = [
  {
    kind: 'parameter',
    status: [301, 302, 303, 307, 308],
    action: 'check-key',
    says: '{model} was not asked and nothing was spent: the address of {provider} sends on to another one, where the key is never taken. Set the address that it leads to.',
  },
  {
    kind: 'permission',
    provider: ['ollama'],
    status: [403],
    action: 'none',
    // Quirk 35. Whom it refuses for where they come from, it tells nothing else.
    empty: true,
    says: 'Ollama refuses requests that come from a browser extension. Start it with OLLAMA_ORIGINS="chrome-extension://*,moz-extension://*" in its environment, then ask {model} again.',
  },
  // Cerebras refuses an overlong request without a word.
  { kind: 'context-length', provider: ['cerebras'], status: [400, 413], empty: true },
];

/** Read from the top; the first rule that holds decides. Money before limits, words before statuses. */
export const RULES: readonly FailureRule[] = [...GOOGLE_QUOTA, ...QUOTA, ...CONTEXT, ...CODES, ...STATUSES, ...WEAK];

type ExceptionRule = Omit<FailureRule, 'status' | 'code' | 'empty'> & {
  readonly text: RegExp;
  /** Not a byte of the request can have reached the provider: there was no connection to send it over. */
  readonly unsent?: true;
  /** What it says of a server on the user's own machine. */
  readonly here?: string;
};

/** What `fetch` throws, by the browsers' and Node's own words; read against name, message and cause code. */
export const EXCEPTIONS: readonly ExceptionRule[] = [
  { kind: 'aborted', text: /\bAbortError\b|aborted by the user/i },
  { kind: 'stalled', unsent: true, text: /UND_ERR_CONNECT_TIMEOUT/ },
  { kind: 'stalled', text: /\bTimeoutError\b|UND_ERR_(?:HEADERS|BODY)_TIMEOUT|ETIMEDOUT/ },
  {
    // The browser names the header's value here, so nothing of this text is ever shown.
    kind: 'auth',
    unsent: true,
    text: /ByteString|ISO-8859-1|invalid header value|\bHeaders\b.*invalid|fetch.*Invalid value/i,
    retryable: false,
    says: 'The key for {provider} holds characters that no key has, perhaps a line break or a typographic dash, so {model} was not asked. Paste it again.',
  },
  {
    kind: 'network',
    unsent: true,
    text: /ERR_INTERNET_DISCONNECTED|ENETUNREACH|EHOSTUNREACH/,
    says: '{model} was not asked and nothing was spent: you are offline. Send again once you are connected.',
  },
  {
    kind: 'network',
    unsent: true,
    text: /ECONNREFUSED|ERR_CONNECTION_REFUSED/,
    says: '{model} was not reached: nothing answers at the address of {provider}. Start it, or check the address.',
  },
  {
    kind: 'network',
    unsent: true,
    text: /ENOTFOUND|EAI_AGAIN|ERR_NAME_NOT_RESOLVED/,
    says: '{model} was not reached: the address of {provider} is unknown, or you are offline. Check the address and your connection.',
  },
  {
    kind: 'network',
    unsent: true,
    text: /CERT|SSL|TLS|SELF_SIGNED|ERR_CERT/,
    retryable: false,
    action: 'none',
    says: '{model} was not reached: the secure connection to {provider} failed, because its certificate is not trusted. Check the address.',
  },
  {
    kind: 'network',
    text: /ECONNRESET|EPIPE|UND_ERR_SOCKET|ERR_CONNECTION_(?:RESET|CLOSED)|ERR_EMPTY_RESPONSE/,
    says: '{model} did not answer: the connection to {provider} broke before anything of it came. Try again, or choose another model.',
    here: '{model} did not answer: {provider} broke the connection on this machine before anything of it came. Start it again, or choose another model.',
  },
  // Node's words for the rest. No browser has a say in it there.
  {
    kind: 'network',
    text: /\bfetch failed\b/,
    here: '{model} was not reached: {provider} does not answer on this machine. Start it, or check its address.',
  },
];

/**
 * How providers say that a model does not stream: OpenAI ("Unsupported value: 'stream' does not support true with this
 * model", "Your organization must be verified to stream this model"), Bedrock ("The model is unsupported for streaming"),
 * and compatible servers ("streaming is not supported").
 */
export const NO_STREAMING =
  /\bstream(?:ing)?\b[^.]{0,40}\b(?:not|n[o']t|un)[ -]?(?:yet )?(?:support|allow|avail|implement)|(?:unsupported|not support|not allowed)[^.]{0,40}\bstream|must be verified to stream|\bstream\b[^.]{0,20}must be (?:set to )?false/i;
