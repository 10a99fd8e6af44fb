import { MISTRAL } from './model-demands.ts';
import type { Provider } from './provider.ts';

/** Mistral's own API. */
export const mistral: Provider = {
  id: 'mistral',
  name: 'Mistral',
  dialect: 'openai-chat',
  baseUrl: 'https://api.mistral.ai/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^[A-Za-z0-9]{32}$', unique: false }],
  keysPage: 'https://console.mistral.ai/api-keys',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those that bill an aborted answer in full.
  abort: 'bills-in-full',
  families: [
    { pattern: '(embed|moderation|ocr|transcribe|voxtral|realtime|tts)', chat: false },
    // Quirk 176: trained to think, they are told so by a prompt of Mistral's; those that also think know an effort, or none.
    { pattern: '^magistral', reasoning: true, knob: 'prompt-mode', prefill: false },
    { pattern: '^mistral-(medium|small)-(2[6-9]|3[.-]5|latest)', reasoning: true, efforts: ['none', 'high'] },
  ],
  privacy: {
    text: 'Mistral does not train on what paid plans send; on the free plan it may, unless you opt out.',
    source: 'https://help.mistral.ai/en/articles/347617',
  },
  flags: {
    maxTokensField: 'max_tokens',
    // Quirk 167: nine letters and digits.
    toolCallIdMax: 9,
    // Quirk 172, as the next.
    requiredToolWord: 'any',
    seedField: 'random_seed',
    reasoning: 'effort',
    // docs.mistral.ai/capabilities/document_ai/document_qna
    files: 'document_url',
    // docs.mistral.ai/api: `prefix`, "to force the model to start its answer by the content of the message". Quirk 171.
    prefill: { message: { prefix: true }, echoed: true },
    // Quirk 175: Mistral's own command line sends it, so that a conversation's prompts are found in one cache.
    sessionHeader: 'x-affinity',
    transcript: MISTRAL,
  },
};
