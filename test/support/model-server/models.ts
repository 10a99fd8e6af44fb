/**
 * The models the local server offers, in the shape of OpenRouter's `/models`. Ids, windows and prices look like the real
 * ones and add up like the real ones, so that costs and caps behave as they would; they are not a price list.
 */
export interface ServedModel {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  /** USD per token, decimal strings; "-1" means the price depends on who answers. */
  readonly prompt: string;
  readonly completion: string;
  readonly input?: readonly ('text' | 'image' | 'file')[];
  /** Thinks before it answers. */
  readonly reasoning?: boolean;
  /** False: its usage carries tokens but no `cost`, as behind many proxies. */
  readonly reportsCost?: boolean;
  /** Who serves it, as the answer's `provider` field says. */
  readonly servedBy: string;
  /** Time to the first token (ms) and tokens per second. */
  readonly pace: { readonly ttft: number; readonly tps: number };
  readonly parameters?: readonly string[];
}

const COMMON = ['max_tokens', 'stop', 'temperature', 'top_p', 'tools', 'tool_choice', 'response_format'] as const;
const THINKING = [...COMMON, 'reasoning', 'include_reasoning'] as const;

export const MODELS: readonly ServedModel[] = [
  {
    id: 'anthropic/claude-sonnet-4.5',
    name: 'Anthropic: Claude Sonnet 4.5',
    description: 'Balanced model for writing and code, with optional thinking.',
    contextTokens: 1_000_000,
    maxOutputTokens: 64_000,
    prompt: '0.000003',
    completion: '0.000015',
    input: ['text', 'image', 'file'],
    servedBy: 'Anthropic',
    pace: { ttft: 420, tps: 70 },
    parameters: THINKING,
  },
  {
    id: 'anthropic/claude-haiku-4.5',
    name: 'Anthropic: Claude Haiku 4.5',
    description: 'Fast and inexpensive.',
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    prompt: '0.000001',
    completion: '0.000005',
    input: ['text', 'image'],
    servedBy: 'Amazon Bedrock',
    pace: { ttft: 220, tps: 130 },
    parameters: THINKING,
  },
  {
    id: 'anthropic/claude-opus-4.1',
    name: 'Anthropic: Claude Opus 4.1',
    description: 'Large and expensive.',
    contextTokens: 200_000,
    maxOutputTokens: 32_000,
    prompt: '0.000015',
    completion: '0.000075',
    input: ['text', 'image', 'file'],
    servedBy: 'Anthropic',
    pace: { ttft: 800, tps: 40 },
    parameters: THINKING,
  },
  {
    id: 'openai/gpt-5-mini',
    name: 'OpenAI: GPT-5 Mini',
    description: 'Small general model.',
    contextTokens: 400_000,
    maxOutputTokens: 128_000,
    prompt: '0.00000025',
    completion: '0.000002',
    input: ['text', 'image', 'file'],
    servedBy: 'OpenAI',
    pace: { ttft: 300, tps: 110 },
    parameters: ['max_completion_tokens', 'tools', 'tool_choice', 'response_format', 'seed', 'reasoning'],
  },
  {
    id: 'openai/gpt-4.1',
    name: 'OpenAI: GPT-4.1',
    description: 'Long context, no thinking.',
    contextTokens: 1_047_576,
    maxOutputTokens: 32_768,
    prompt: '0.000002',
    completion: '0.000008',
    input: ['text', 'image'],
    servedBy: 'OpenAI',
    pace: { ttft: 350, tps: 90 },
    parameters: [...COMMON, 'seed'],
  },
  {
    id: 'google/gemini-2.5-flash',
    name: 'Google: Gemini 2.5 Flash',
    description: 'Sees pictures, long context, inexpensive.',
    contextTokens: 1_048_576,
    maxOutputTokens: 65_535,
    prompt: '0.0000003',
    completion: '0.0000025',
    input: ['text', 'image', 'file'],
    servedBy: 'Google AI Studio',
    pace: { ttft: 260, tps: 150 },
    parameters: THINKING,
  },
  {
    id: 'deepseek/deepseek-r1',
    name: 'DeepSeek: R1',
    description: 'Always thinks aloud before it answers.',
    contextTokens: 163_840,
    maxOutputTokens: 65_536,
    prompt: '0.0000004',
    completion: '0.000002',
    reasoning: true,
    servedBy: 'DeepInfra',
    pace: { ttft: 500, tps: 60 },
    parameters: ['max_tokens', 'temperature', 'top_p', 'stop', 'reasoning', 'include_reasoning'],
  },
  {
    id: 'meta-llama/llama-3.3-70b-instruct',
    name: 'Meta: Llama 3.3 70B Instruct',
    description: 'Open weights.',
    contextTokens: 131_072,
    maxOutputTokens: 16_384,
    prompt: '0.00000013',
    completion: '0.00000039',
    reportsCost: false,
    servedBy: 'Groq',
    pace: { ttft: 180, tps: 220 },
    parameters: COMMON,
  },
  {
    id: 'meta-llama/llama-3.3-70b-instruct:free',
    name: 'Meta: Llama 3.3 70B Instruct (free)',
    description: 'The same weights at no charge, with tight rate limits.',
    contextTokens: 65_536,
    maxOutputTokens: 4_096,
    prompt: '0',
    completion: '0',
    servedBy: 'Venice',
    pace: { ttft: 600, tps: 45 },
    parameters: ['max_tokens', 'temperature', 'top_p', 'stop'],
  },
  {
    id: 'mistralai/mistral-small-3.2-24b-instruct',
    name: 'Mistral: Mistral Small 3.2 24B',
    description: 'Small, open weights.',
    contextTokens: 131_072,
    maxOutputTokens: 16_384,
    prompt: '0.00000006',
    completion: '0.00000018',
    input: ['text', 'image'],
    reportsCost: false,
    servedBy: 'Mistral',
    pace: { ttft: 200, tps: 120 },
    parameters: COMMON,
  },
  {
    id: 'qwen/qwen3-coder',
    name: 'Qwen: Qwen3 Coder 480B A35B',
    description: 'For code.',
    contextTokens: 262_144,
    maxOutputTokens: 65_536,
    prompt: '0.00000022',
    completion: '0.00000095',
    servedBy: 'Together',
    pace: { ttft: 320, tps: 80 },
    parameters: COMMON,
  },
  {
    id: 'openrouter/auto',
    name: 'Auto Router',
    description: 'Picks a model for each message; the price depends on which.',
    contextTokens: 2_000_000,
    maxOutputTokens: 32_000,
    prompt: '-1',
    completion: '-1',
    servedBy: 'OpenRouter',
    pace: { ttft: 400, tps: 90 },
    parameters: COMMON,
  },
];

/** What a plain OpenAI-compatible server at `/v1` offers. */
export const OPENAI_MODELS: readonly ServedModel[] = [
  {
    id: 'gpt-4.1-mini',
    name: 'gpt-4.1-mini',
    description: '',
    contextTokens: 1_047_576,
    maxOutputTokens: 32_768,
    prompt: '0.0000004',
    completion: '0.0000016',
    reportsCost: false,
    servedBy: 'openai',
    pace: { ttft: 250, tps: 110 },
  },
  {
    id: 'gpt-4o',
    name: 'gpt-4o',
    description: '',
    contextTokens: 128_000,
    maxOutputTokens: 16_384,
    prompt: '0.0000025',
    completion: '0.00001',
    reportsCost: false,
    servedBy: 'openai',
    pace: { ttft: 300, tps: 90 },
  },
  {
    id: 'local-7b',
    name: 'local-7b',
    description: '',
    contextTokens: 32_768,
    maxOutputTokens: 8_192,
    prompt: '0',
    completion: '0',
    reportsCost: false,
    servedBy: 'local',
    pace: { ttft: 150, tps: 60 },
  },
];

/** One entry of OpenRouter's `/models`. */
export function openRouterModel(model: ServedModel): object {
  const input = model.input ?? ['text'];
  return {
    id: model.id,
    canonical_slug: model.id,
    hugging_face_id: '',
    name: model.name,
    created: 1_758_000_000,
    description: model.description,
    context_length: model.contextTokens,
    architecture: {
      modality: `${input.join('+')}->text`,
      input_modalities: input,
      output_modalities: ['text'],
      tokenizer: 'Other',
      instruct_type: null,
    },
    pricing: { prompt: model.prompt, completion: model.completion },
    top_provider: {
      context_length: model.contextTokens,
      max_completion_tokens: model.maxOutputTokens,
      is_moderated: false,
    },
    per_request_limits: null,
    supported_parameters: model.parameters ?? COMMON,
    default_parameters: {},
    expiration_date: null,
    ...(model.reasoning ? { reasoning: { mandatory: true } } : {}),
  };
}

/** One entry of OpenAI's `/models`. */
export function openAiModel(model: ServedModel): object {
  return { id: model.id, object: 'model', created: 1_758_000_000, owned_by: model.servedBy };
}
