import type { ModelFamily, Provider } from './provider.ts';

/** Models that think as hard as they are told, or not at all. */
const MAY_THINK = {
  dialect: 'openai-responses',
  reasoning: true,
  refuses: ['stop'],
  refusesWhileReasoning: ['temperature', 'top_p'],
} as const satisfies Partial<ModelFamily>;

/**
 * OpenAI. Models that think are asked over the Responses API, which hands their thinking back to them (quirk 69); all
 * others over Chat Completions. Its model list holds ids alone, so families tell what an id gives away.
 */
export const openai: Provider = {
  id: 'openai',
  name: 'OpenAI',
  dialect: 'openai-chat',
  baseUrl: 'https://api.openai.com/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [
    { pattern: '^sk-proj-', unique: true },
    { pattern: '^sk-svcacct-', unique: true },
    // Every OpenAI key carries this: "OpenAI" in base64.
    { pattern: '^sk-[\\w-]*T3BlbkFJ', unique: true },
    { pattern: '^sk-(?!or-|ant-|lf-|admin-)', unique: false },
  ],
  keysPage: 'https://platform.openai.com/api-keys',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  countPath: '/responses/input_tokens',
  browser: 'open',
  // OpenRouter's list of upstreams at which an abort ends the bill names OpenAI (its page on stream cancellation).
  abort: 'stops-billing',
  families: [
    // Not for conversations at all, or over other endpoints only.
    {
      pattern:
        '^(text-embedding|text-moderation|omni-moderation|whisper|tts-|dall-e|gpt-image|chatgpt-image|sora|babbage|davinci|ada$|curie|text-|code-)',
      chat: false,
    },
    { pattern: '(-realtime|-transcribe|-tts|-instruct|-deep-research)', chat: false },
    { pattern: '^computer-use', chat: false },
    // OpenAI's schema: `xhigh` is known to all models from gpt-5.1-codex-max on.
    {
      pattern: '^gpt-5\\.(1-codex-max|[2-5]-codex)',
      dialect: 'openai-responses',
      reasoning: true,
      refuses: ['temperature', 'top_p', 'stop', 'seed'],
      efforts: ['low', 'medium', 'high', 'xhigh'],
    },
    {
      pattern: '^(codex-mini|o1-pro|o3-pro|gpt-5[.\\d]*-pro|gpt-5[.\\d]*-codex)',
      dialect: 'openai-responses',
      reasoning: true,
      refuses: ['temperature', 'top_p', 'stop', 'seed'],
      efforts: ['low', 'medium', 'high'],
    },
    // Quirk 50. What no family names stays unknown: nothing is dropped for it.
    // Their every answer is a search. OpenAI has published 25 to 35 USD for a thousand of those; what the models are
    // listed with elsewhere is the price of a tool.
    { pattern: 'search-preview', reasoning: false, refuses: ['temperature', 'top_p'], searches: { fee: '0.035' } },
    { pattern: '-search-api', searches: 'unbounded' },
    { pattern: '^gpt-5[.\\d]*-chat', reasoning: false },
    // developers.openai.com/api/docs/guides/deployment-checklist: these two "require Responses for tool calling"; they
    // cannot but think, and so take no sampling at all. Of the others "remove `temperature`, `top_p`" while they think.
    {
      pattern: '^gpt-6(-astra|\\.\\d)',
      dialect: 'openai-responses',
      reasoning: true,
      refuses: ['temperature', 'top_p', 'stop'],
      efforts: ['low', 'medium', 'high', 'max'],
    },
    {
      pattern: '^gpt-(6|5\\.([6-9]|\\d\\d))',
      ...MAY_THINK,
      efforts: ['none', 'low', 'medium', 'high', 'max'],
    },
    {
      pattern: '^gpt-5\\.[2-5]',
      ...MAY_THINK,
      efforts: ['none', 'low', 'medium', 'high', 'xhigh'],
    },
    {
      pattern: '^gpt-5\\.[1-9]',
      ...MAY_THINK,
      efforts: ['none', 'low', 'medium', 'high'],
    },
    {
      pattern: '^gpt-5',
      dialect: 'openai-responses',
      reasoning: true,
      refuses: ['temperature', 'top_p', 'stop'],
      efforts: ['minimal', 'low', 'medium', 'high'],
    },
    {
      pattern: '^o\\d',
      dialect: 'openai-responses',
      reasoning: true,
      refuses: ['temperature', 'top_p', 'stop'],
      efforts: ['low', 'medium', 'high'],
    },
    { pattern: '^(gpt-4|gpt-3\\.5|chatgpt-4o|ft:gpt-4|ft:gpt-3\\.5)', reasoning: false },
  ],
  privacy: {
    text: 'OpenAI does not train on API data unless you opt in, and keeps it up to 30 days to watch for abuse.',
    source: 'https://platform.openai.com/docs/guides/your-data',
  },
  flags: {
    reasoning: 'effort',
    reasoningModelsRejectSampling: true,
    maxStopStrings: 4,
    toolCallIdMax: 40,
    sessionField: 'prompt_cache_key',
  },
  // Left out, the project's own setting counts, which may be a tier at twice the listed price.
  body: { service_tier: 'default' },
};
