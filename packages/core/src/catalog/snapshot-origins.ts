/** Which part of the snapshot prices a custom endpoint, by the origin of its base URL. */
export const snapshotOrigins: { readonly [origin: string]: string } = {
  'https://api.openai.com': 'openai',
  'https://openrouter.ai': 'openrouter',
  'https://api.cerebras.ai': 'cerebras',
  'https://api.deepseek.com': 'deepseek',
  'https://api.fireworks.ai': 'fireworks',
  'https://api.groq.com': 'groq',
  'https://api.mistral.ai': 'mistral',
  'https://api.moonshot.ai': 'moonshotai',
  'https://api.perplexity.ai': 'perplexity',
  'https://api.together.xyz': 'together',
  'https://api.x.ai': 'x-ai',
};
