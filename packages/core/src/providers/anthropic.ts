import type { ModelFamily, Provider } from './provider.ts';

const ADAPTIVE: ModelFamily = {
  pattern: '',
  reasoning: true,
  refuses: ['seed'],
  efforts: ['none', 'low', 'medium', 'high', 'max'],
  prefill: false,
};

/** From Opus 4.7 on no sampling parameter is taken at all. */
const UNSAMPLED: readonly string[] = ['seed', 'temperature', 'top_p'];

/** Anthropic over its own Messages API. */
export const anthropic: Provider = {
  id: 'anthropic',
  name: 'Anthropic',
  dialect: 'anthropic-messages',
  baseUrl: 'https://api.anthropic.com/v1',
  auth: { header: 'x-api-key' },
  // `sk-ant-api03-` and 95 characters; admin keys are told apart before.
  keyShapes: [{ pattern: '^sk-ant-(?!admin)', unique: true }],
  keysPage: 'https://platform.claude.com/settings/keys',
  modelsPath: '/models?limit=1000',
  modelsFormat: 'anthropic',
  checkPath: '/models?limit=1',
  countPath: '/messages/count_tokens',
  // Quirk 35: with the header below, answers carry CORS headers; without it a browser is turned away.
  browser: 'open',
  headers: { 'anthropic-version': '2023-06-01', 'anthropic-dangerous-direct-browser-access': 'true' },
  // OpenRouter's list of upstreams at which an abort ends the bill names Anthropic (its page on stream cancellation).
  abort: 'stops-billing',
  // Quirk 96, by model: https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking and …/effort.
  families: [
    {
      ...ADAPTIVE,
      pattern: '^claude-(fable|mythos)-|^claude-(opus|sonnet)-5-5',
      refuses: [...UNSAMPLED, 'tool_choice'],
      efforts: ['low', 'medium', 'high', 'max'],
      thinking: { form: 'adaptive', default: 'on', mandatory: true },
    },
    { ...ADAPTIVE, pattern: '^claude-\\w+-5(-|$)', refuses: UNSAMPLED, thinking: { form: 'adaptive', default: 'on' } },
    { ...ADAPTIVE, pattern: '^claude-opus-4-[78]', refuses: UNSAMPLED, thinking: { form: 'adaptive' } },
    { ...ADAPTIVE, pattern: '^claude-(opus|sonnet)-4-6', thinking: { form: 'adaptive' } },
    {
      pattern: '^claude-(opus|sonnet|haiku)-4|^claude-3-7',
      reasoning: true,
      refuses: ['seed'],
      thinking: { form: 'budget', budget: [1_024, 64_000] },
    },
    { pattern: '^claude-(3|2|instant|v1)', reasoning: false, refuses: ['seed'] },
  ],
  privacy: {
    text: 'Anthropic does not train on API data unless you opt in, and deletes it within 30 days.',
    source: 'https://privacy.claude.com/en/articles/7996866-how-long-do-you-store-my-organization-s-data',
  },
  // An answer at the end is gone on with; which families refuse that, they say themselves.
  flags: { prefill: {} },
};
