import { MISTRAL } from './model-demands.ts';
import type { Provider } from './provider.ts';

/** NVIDIA's hosted NIM endpoints. */
export const nvidia: Provider = {
  id: 'nvidia',
  name: 'NVIDIA NIM',
  dialect: 'openai-chat',
  baseUrl: 'https://integrate.api.nvidia.com/v1',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^nvapi-', unique: true }],
  keysPage: 'https://build.nvidia.com/settings/api-keys',
  modelsPath: '/models',
  modelsFormat: 'openai',
  checkPath: '/models',
  browser: 'unknown',
  abort: 'unknown',
  families: [
    { pattern: '(embed|rerank|reward|guard|parse|asr|tts|vila)', chat: false },
    { pattern: '^mistralai/', transcript: MISTRAL },
  ],
  privacy: {
    text: 'What NVIDIA keeps of requests, and whether it learns from them, is told in its terms.',
    source: 'https://assets.ngc.nvidia.com/products/api-catalog/legal/NVIDIA%20API%20Trial%20Terms%20of%20Service.pdf',
  },
  flags: {
    // Quirk 149.
    maxTokensField: 'max_tokens',
    // Quirk 258: each model has fields of its own.
    reasoning: 'none',
  },
};
