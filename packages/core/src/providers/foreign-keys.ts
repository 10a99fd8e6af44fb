/** A kind of secret that is recognised though no provider of ours takes it. */
export interface ForeignKey {
  readonly name: string;
  /** Anchored regular expression source. */
  readonly pattern: string;
  /** Where it works today, over the custom provider; absent where it does not. */
  readonly baseUrl?: string;
  /** Instead of a model provider's key: what it is, as a full sentence. */
  readonly notAKey?: string;
}

/** First match counts: longer prefixes stand before shorter ones. */
export const foreignKeys: readonly ForeignKey[] = [
  {
    name: 'Anthropic',
    pattern: '^sk-ant-admin',
    notAKey: 'This is an Anthropic admin key. It manages an organisation and cannot talk to models.',
  },
  {
    name: 'OpenAI',
    pattern: '^sk-admin-',
    notAKey: 'This is an OpenAI admin key. It manages an organisation and cannot talk to models; a project key can.',
  },
  {
    name: 'Langfuse',
    pattern: '^(sk|pk)-lf-',
    notAKey: 'This is a Langfuse key. Langfuse records requests; it does not answer them.',
  },
  {
    name: 'AWS',
    pattern: '^A[KS]IA[0-9A-Z]{16}$',
    notAKey: 'This is an AWS access key id. It is half of a pair, and Patchbay does not use AWS credentials.',
  },
  { name: 'Chutes', pattern: '^cpk_', baseUrl: 'https://llm.chutes.ai/v1' },
  { name: 'Friendli', pattern: '^flp_', baseUrl: 'https://api.friendli.ai/serverless/v1' },
  { name: 'Replicate', pattern: '^r8_' },
];
