import type { Provider } from './provider.ts';

/** Amazon Bedrock over its OpenAI-compatible endpoint with a Bedrock API key; the address names your region, such as https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1. */
export const bedrock: Provider = {
  id: 'aws',
  name: 'Amazon Bedrock',
  dialect: 'openai-chat',
  baseUrl: '',
  auth: { header: 'authorization', scheme: 'Bearer' },
  keyShapes: [{ pattern: '^(ABSK|bedrock-api-key-)', unique: true }],
  keysPage: 'https://console.aws.amazon.com/bedrock/home#/api-keys',
  browser: 'unknown',
  // OpenRouter's page on stream cancellation names it among those that bill an aborted answer in full.
  abort: 'bills-in-full',
  privacy: {
    text: 'Amazon does not keep or train on what is sent, and does not share it with model makers.',
    source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/data-protection.html',
  },
  flags: {
    reasoning: 'effort',
    toolCallIdMax: 64,
    // Quirk 243.
    transcript: { callIds: { longest: 64, alphabet: 'alphanumeric' } },
  },
};
