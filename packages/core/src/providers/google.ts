import type { Provider } from './provider.ts';

/** Google's Gemini API (AI Studio) over its own protocol. */
export const google: Provider = {
  id: 'google',
  name: 'Google',
  dialect: 'gemini',
  baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  auth: { header: 'x-goog-api-key' },
  keyShapes: [
    { pattern: '^AIza', unique: true, length: 39 },
    { pattern: '^AQ\\.', unique: true },
  ],
  keysPage: 'https://aistudio.google.com/apikey',
  modelsPath: '/models?pageSize=1000',
  modelsFormat: 'google',
  checkPath: '/models?pageSize=1',
  countPath: '/models/{model}:countTokens',
  browser: 'open',
  // OpenRouter's page on stream cancellation names Google AI Studio among those that bill an aborted answer in full.
  abort: 'bills-in-full',
  // Quirk 124, by model: https://ai.google.dev/gemini-api/docs/thinking
  families: [
    { pattern: '(embedding|imagen|veo|aqa|-tts|-live|native-audio|-omni-|computer-use|robotics)', chat: false },
    // "Text part is missing a thought_signature", "Image part is missing a thought_signature".
    { pattern: '^gemini-[3-9][\\w.-]*-image|^nano-banana-', reasoning: false, signedAnswers: true },
    { pattern: '^gemini-[\\w.-]*-image', reasoning: false },
    {
      pattern: '^gemini-3[\\d.]*-pro',
      reasoning: true,
      efforts: ['low', 'medium', 'high'],
      thinking: { form: 'level', default: 'on', mandatory: true },
    },
    {
      pattern: '^gemini-([4-9]|\\d\\d)',
      reasoning: true,
      refuses: ['temperature', 'top_p'],
      efforts: ['low', 'medium', 'high'],
      thinking: { form: 'level', default: 'on', mandatory: true },
    },
    {
      // These choose their own sampling.
      pattern: '^gemini-3\\.([6-9]|5-flash-lite)',
      reasoning: true,
      refuses: ['temperature', 'top_p'],
      efforts: ['minimal', 'low', 'medium', 'high'],
      thinking: { form: 'level', default: 'on', mandatory: true },
    },
    {
      pattern: '^gemini-3|^gemini-(pro|flash|flash-lite)-latest$',
      reasoning: true,
      efforts: ['minimal', 'low', 'medium', 'high'],
      thinking: { form: 'level', default: 'on', mandatory: true },
    },
    {
      pattern: '^gemini-2\\.5-pro',
      reasoning: true,
      thinking: { form: 'budget', default: 'on', mandatory: true, budget: [128, 32_768] },
    },
    {
      pattern: '^gemini-2\\.5-flash-lite',
      reasoning: true,
      thinking: { form: 'budget', budget: [512, 24_576] },
    },
    { pattern: '^gemini-2\\.5', reasoning: true, thinking: { form: 'budget', default: 'on', budget: [1, 24_576] } },
    { pattern: '^gemini-(2\\.0|1)', reasoning: false },
    // Any other level is refused, and so is a budget.
    {
      pattern: '^gemma-4',
      reasoning: true,
      efforts: ['minimal', 'high'],
      thinking: { form: 'level', default: 'on', mandatory: true },
    },
    // Quirk 122.
    { pattern: '^gemma-(2|3)', reasoning: false, system: false },
  ],
  privacy: {
    text: 'Google may use what unpaid keys send to improve its products, human readers included; what paid keys send it does not use so.',
    source: 'https://ai.google.dev/gemini-api/terms',
  },
  flags: { maxStopStrings: 5 },
};
