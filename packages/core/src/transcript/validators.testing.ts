import type { Target } from './rules.ts';

/*
 * What providers demand of a request's conversation, each rule with the place where its provider says so: a page of the
 * documentation, or the words of the error. A validator returns what is wrong, nothing where all is well.
 */

// biome-ignore lint/suspicious/noExplicitAny: a body is looked into freely here
type Body = any;
type Complain = (rule: string, broken: boolean) => void;
export type Validator = (body: Body, target: Target) => string[];

function collecting(check: (body: Body, target: Target, complain: Complain) => void): Validator {
  return (body, target) => {
    const complaints: string[] = [];
    check(body, target, (rule, broken) => {
      if (broken) complaints.push(rule);
    });
    return complaints;
  };
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const repeats = (values: readonly string[]): boolean => new Set(values).size !== values.length;

function parsesToObject(text: unknown): boolean {
  try {
    return typeof text === 'string' && isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

/** https://platform.claude.com/docs/en/api/messages and …/agents-and-tools/tool-use/handle-tool-calls */
const anthropicMessages = collecting(({ messages, tools }, { provider }, complain) => {
  complain('messages: at least one message is required', messages.length === 0);
  complain('messages: first message must use the "user" role', messages[0]?.role !== 'user');
  const used: string[] = [];
  for (const [at, { role, content }] of messages.entries()) {
    const before = messages[at - 1];
    const last = at === messages.length - 1;
    complain('roles must alternate between "user" and "assistant"', before?.role === role);
    complain('all messages must have non-empty content', content.length === 0);
    for (const [index, block] of content.entries()) {
      complain('text content blocks must be non-empty', block.type === 'text' && block.text === '');
      // Also inside of a tool_result.
      for (const one of [block, ...(Array.isArray(block.content) ? block.content : [])])
        complain('text content blocks must contain non-whitespace text', one.type === 'text' && one.text.trim() === '');
      if (block.type === 'tool_use') {
        used.push(block.id);
        complain(
          "tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
          !/^[a-zA-Z0-9_-]{1,64}$/.test(block.id),
        );
        complain(
          "tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
          !/^[\w-]{1,128}$/.test(block.name),
        );
        complain('tool_use.input: Input should be a valid dictionary', !isObject(block.input));
        complain('tool_use blocks stand in assistant messages', role !== 'assistant');
      }
      if (block.type === 'tool_result') {
        complain('tool_result blocks stand in user messages', role !== 'user');
        complain(
          'in a user message the tool_result blocks must come first',
          content.slice(0, index).some((one: Body) => one.type !== 'tool_result'),
        );
        complain(
          'is_error: all content must be type "text" if "is_error" is true',
          block.is_error === true && (block.content ?? []).some((one: Body) => one.type !== 'text'),
        );
      }
      complain(
        'thinking blocks carry a signature',
        // MiniMax's speak this protocol and do not sign (quirk 88).
        block.type === 'thinking' && !block.signature && !provider.flags.unsignedThinking,
      );
    }
    const calls = content.filter((one: Body) => one.type === 'tool_use').map((one: Body) => one.id);
    const results = (messages[at + 1]?.content ?? []).filter((one: Body) => one.type === 'tool_result');
    complain(
      '`tool_use` ids were found without `tool_result` blocks immediately after',
      calls.some((id: string) => results.filter((one: Body) => one.tool_use_id === id).length !== 1),
    );
    complain(
      'unexpected `tool_use_id` found in `tool_result` blocks: each must have a `tool_use` block in the previous message',
      role === 'assistant' && results.some((one: Body) => !calls.includes(one.tool_use_id)),
    );
    complain(
      'no tool_result in the first message',
      at === 0 && content.some((one: Body) => one.type === 'tool_result'),
    );
    const closing = content.at(-1);
    complain(
      'The final block in an assistant message cannot be `thinking`',
      role === 'assistant' && /thinking/.test(closing?.type ?? ''),
    );
    complain(
      'final assistant content cannot end with trailing whitespace',
      last && role === 'assistant' && closing?.type === 'text' && closing.text.trimEnd() !== closing.text,
    );
  }
  complain('`tool_use` ids must be unique', repeats(used));
  complain(
    'Requests which include `tool_use` or `tool_result` blocks must define tools',
    used.length > 0 && !tools?.length,
  );
});

/** "This model does not support assistant message prefill. The conversation must end with a user message." */
const claudeWithoutPrefill = collecting(({ messages }, { modelId }, complain) => {
  complain(
    'The conversation must end with a user message',
    /opus-4-6/.test(modelId) && messages.at(-1)?.role === 'assistant',
  );
});

/** https://platform.openai.com/docs/api-reference/chat/create and …/guides/function-calling */
const openAiChat = collecting(({ messages }, target, complain) => {
  const longest = target.provider.flags.toolCallIdMax ?? 40;
  const used: string[] = [];
  complain(
    'messages: [] is too short',
    messages.every(({ role }: Body) => role === 'system' || role === 'developer'),
  );
  for (const [at, message] of messages.entries()) {
    const { role, content, tool_calls: calls } = message;
    complain('system messages stand first', (role === 'system' || role === 'developer') && at > 0);
    complain(
      'content: expected a string or a non-empty array',
      typeof content !== 'string' &&
        !(Array.isArray(content) && content.length > 0) &&
        !(role === 'assistant' && calls),
    );
    complain('a user message says something', role === 'user' && content === '');
    if (Array.isArray(content)) {
      complain('only users send lists of text and images', role !== 'user');
      for (const one of content) complain('text parts are not empty', one.type === 'text' && one.text === '');
    }
    if (role === 'assistant') {
      complain('an assistant message needs content or tool_calls (quirk 173)', !content && !calls?.length);
      complain('[] is too short: tool_calls', calls !== undefined && calls.length === 0);
      const answers = [];
      for (let next = at + 1; messages[next]?.role === 'tool'; next++) answers.push(messages[next].tool_call_id);
      const ids = (calls ?? []).map(({ id }: Body) => id);
      complain(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'",
        JSON.stringify(answers) !== JSON.stringify(ids),
      );
      for (const { id, function: called } of calls ?? []) {
        used.push(id);
        complain(`tool_calls[].id: string too long, maximum length ${longest}`, id.length > longest || id === '');
        complain("tool_calls[].function.name does not match '^[a-zA-Z0-9_-]+$'", !/^[\w-]{1,64}$/.test(called.name));
        complain('tool_calls[].function.arguments is the text of an object', !parsesToObject(called.arguments));
      }
    }
    complain(
      "messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
      role === 'tool' && messages[at - 1]?.role !== 'tool' && !messages[at - 1]?.tool_calls?.length,
    );
    complain('tool messages are text', role === 'tool' && typeof content !== 'string');
  }
  complain('ids of tool calls are unique', repeats(used));
});

/** Who goes on with an answer at the end, which of their models, and how they want to be told; whoever is not here does not. */
const GOES_ON: {
  readonly [provider: string]: { readonly models: RegExp; readonly told: (body: Body, target: Target) => boolean };
} = {
  // https://docs.mistral.ai/api/#tag/chat: `prefix`
  mistral: { models: /^(?!magistral)/, told: ({ messages }) => messages.at(-1).prefix === true },
  // https://api-docs.deepseek.com/guides/chat_prefix_completion
  deepseek: {
    models: /^deepseek-(v4|chat)/,
    told: ({ messages, thinking }, { provider, modelId }) =>
      provider.baseUrl === 'https://api.deepseek.com/beta' &&
      messages.at(-1).prefix === true &&
      (!modelId.includes('v4') || thinking?.type === 'disabled'),
  },
  // https://platform.kimi.ai/docs/api/partial
  moonshotai: { models: /^moonshot-v1|^kimi-k2\.5/, told: ({ messages }) => messages.at(-1).partial === true },
  // https://www.alibabacloud.com/help/en/model-studio/partial-mode: "(non-thinking mode)"
  qwen: {
    models: /^qwen-|^qwen3-coder/,
    told: ({ messages, enable_thinking: thinks }, { modelId }) =>
      messages.at(-1).partial === true && thinks === (modelId === 'qwen-plus' ? false : undefined),
  },
  // https://console.groq.com/docs/prefilling
  groq: { models: /^llama/, told: () => true },
  // "assistant prefill allowed"; Claude from 4.6 on refuses it wherever it is served.
  openrouter: { models: /^anthropic\/claude-sonnet-4\.5$/, told: () => true },
  // "Cannot set both continue_final_message and add_generation_prompt to True."
  vllm: {
    models: /Llama|Mistral/,
    told: (body) => body.continue_final_message === true && body.add_generation_prompt === false,
  },
  // "Assistant response prefill is incompatible with enable_thinking.", "Cannot have 2 or more assistant messages at the end"
  llamacpp: {
    models: /gemma/,
    told: ({ messages, chat_template_kwargs: template }) =>
      template?.enable_thinking === false && messages.at(-2)?.role !== 'assistant',
  },
};

const answerAtTheEnd = collecting((body, target, complain) => {
  const { messages } = body;
  const last = messages.at(-1);
  const goesOn = GOES_ON[target.provider.id];
  const begun = last?.role === 'assistant';
  complain(
    'the last message is not the assistant’s: it would not be continued',
    begun && !(goesOn?.models.test(target.modelId) && goesOn.told(body, target)),
  );
  complain('an answer to be continued ends in a word (quirk 98)', begun && last.content !== last.content.trimEnd());
  complain(
    'only the last message, and only the assistant’s, is marked as begun',
    messages.some((one: Body) => (one.prefix ?? one.partial) !== undefined && !(begun && one === last)),
  );
  complain(
    'continue_final_message is set but the final message is not from the assistant',
    body.continue_final_message !== undefined && !begun,
  );
});

/** Mistral: error 3230, invalid_request_message_order; and "Tool call id was … but must be a-z, A-Z, 0-9, with a length of 9." */
const mistral = collecting(({ messages }, _target, complain) => {
  for (const [at, { role, tool_calls: calls }] of messages.entries()) {
    complain("Unexpected role 'user' after role 'tool'", role === 'user' && messages[at - 1]?.role === 'tool');
    for (const { id } of calls ?? [])
      complain('must be a-z, A-Z, 0-9, with a length of 9', !/^[a-zA-Z0-9]{9}$/.test(id));
  }
});

/** Perplexity: "After the (optional) system message(s), user and assistant roles should be alternating." */
const perplexity = collecting(({ messages }, _target, complain) => {
  const spoken = messages.filter(({ role }: Body) => role !== 'system');
  for (const [at, { role }] of spoken.entries())
    complain('user and assistant roles should be alternating', role !== (at % 2 === 0 ? 'user' : 'assistant'));
  complain('Last message must have role `user`', spoken.at(-1)?.role !== 'user');
});

/** DeepSeek: "The deepseek-reasoner does not support successive user or assistant messages"; api-docs.deepseek.com/guides/thinking_mode */
const deepseek = collecting(({ messages }, { provider }, complain) => {
  for (const [at, message] of messages.entries()) {
    const { role, tool_calls: calls } = message;
    const successive = role === messages[at - 1]?.role;
    complain('successive user or assistant messages', successive && (role === 'user' || role === 'assistant'));
    complain(
      'reasoning_content is there beside tool calls',
      provider.id === 'deepseek' && calls && typeof message.reasoning_content !== 'string',
    );
  }
});

/** Bedrock: toolUseId, "Member must satisfy regular expression pattern"; alphanumeric for the models of others (quirk 243). */
const bedrock = collecting(({ messages }, _target, complain) => {
  for (const { tool_calls: calls } of messages)
    for (const { id } of calls ?? []) complain('toolUseId: [a-zA-Z0-9]{1,64}', !/^[a-zA-Z0-9]{1,64}$/.test(id));
});

/** https://platform.openai.com/docs/api-reference/responses/create and …/guides/reasoning */
const openAiResponses = collecting(({ input }, _target, complain) => {
  complain('input: at least one item', input.length === 0);
  const called = new Set<string>();
  const answered: string[] = [];
  for (const [at, item] of input.entries()) {
    if (item.type === 'function_call') {
      complain('call_id: string too long, maximum length 64', item.call_id.length > 64 || item.call_id === '');
      complain('call_id is unique', called.has(item.call_id));
      complain("name does not match '^[a-zA-Z0-9_-]+$'", !/^[\w-]{1,64}$/.test(item.name));
      complain('arguments is the text of an object', !parsesToObject(item.arguments));
      called.add(item.call_id);
    }
    if (item.type === 'function_call_output') {
      complain('No tool call found for function call output', !called.has(item.call_id));
      answered.push(item.call_id);
    }
    const next = input[at + 1];
    complain(
      "Item of type 'reasoning' was provided without its required following item",
      item.type === 'reasoning' && (next === undefined || next.role === 'user' || next.type === 'function_call_output'),
    );
    complain('content is not empty', Array.isArray(item.content) && item.content.length === 0);
    for (const one of Array.isArray(item.content) ? item.content : [])
      complain('text is not empty', /text/.test(one.type) && one.text === '');
  }
  complain('No tool output found for function call', called.size !== answered.length || repeats(answered));
  complain('the last item is not the assistant’s: it would not be continued', input.at(-1)?.role === 'assistant');
});

/** https://ai.google.dev/gemini-api/docs/function-calling, …/thought-signatures and …/api/generate-content#Content */
const gemini = collecting(({ contents, systemInstruction }, { modelId }, complain) => {
  complain('contents is not specified', contents.length === 0);
  complain('a conversation begins with the user', contents[0]?.role !== 'user');
  complain('Please ensure that single turn requests end with a user role', contents.at(-1)?.role !== 'user');
  complain(
    'Developer instruction is not enabled for Gemma',
    /^gemma-3/.test(modelId) && systemInstruction !== undefined,
  );
  for (const [at, { role, parts }] of contents.entries()) {
    complain('turns alternate (quirk 129)', contents[at - 1]?.role === role || (role !== 'user' && role !== 'model'));
    complain('contents.parts must not be empty', parts.length === 0);
    for (const part of parts)
      complain(
        'required oneof field "data" must have one initialized field',
        part.text === '' && part.thoughtSignature === undefined,
      );
    const calls = parts.filter((part: Body) => part.functionCall);
    const responses = (contents[at + 1]?.parts ?? []).filter((part: Body) => part.functionResponse);
    complain('function calls are the model’s', calls.length > 0 && role !== 'model');
    complain(
      'Please ensure that the number of function response parts is equal to the number of function call parts',
      role === 'model' && responses.length !== calls.length,
    );
    complain(
      'each response has its call’s name, in order',
      role === 'model' &&
        calls.some((part: Body, index: number) => part.functionCall.name !== responses[index]?.functionResponse.name),
    );
    complain(
      'function response turn comes immediately after a function call turn',
      at === 0 && parts.some((part: Body) => part.functionResponse),
    );
    for (const { functionCall } of calls) {
      complain('functionCall.args is a Struct', !isObject(functionCall.args));
      complain('Invalid function name', !/^[a-zA-Z_][\w.:-]{0,63}$/.test(functionCall.name));
    }
    complain(
      'Function call is missing a thought_signature',
      // Image models take no tools.
      /^gemini-3(?!.*-image)/.test(modelId) && calls.length > 0 && !calls.some((part: Body) => part.thoughtSignature),
    );
    complain(
      'Text part is missing a thought_signature',
      /-image/.test(modelId) && role === 'model' && !parts.find((part: Body) => !part.thought)?.thoughtSignature,
    );
    complain(
      'Image part is missing a thought_signature',
      /-image/.test(modelId) &&
        role === 'model' &&
        parts.some((part: Body) => part.inlineData && !part.thoughtSignature),
    );
  }
});

/** https://docs.cohere.com/v2/reference/chat and …/docs/tool-use-overview */
const cohere = collecting(({ messages }, _target, complain) => {
  const spoken = messages.filter(({ role }: Body) => role !== 'system');
  complain(
    'system messages stand first',
    messages.slice(1).some(({ role }: Body) => role === 'system'),
  );
  complain('A conversation must start with a user message', spoken[0]?.role !== 'user');
  complain('the last message is not the assistant’s: it would not be continued', spoken.at(-1)?.role === 'assistant');
  const used: string[] = [];
  for (const [at, { role, content, tool_calls: calls }] of spoken.entries()) {
    complain('message must be at least 1 token long', !calls && (content === undefined || content.length === 0));
    for (const one of Array.isArray(content) ? content : [])
      complain('text is not empty', one.type === 'text' && one.text === '');
    const answers = [];
    for (let next = at + 1; spoken[next]?.role === 'tool'; next++) answers.push(spoken[next].tool_call_id);
    const ids = (calls ?? []).map(({ id }: Body) => id);
    complain(
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'",
      role === 'assistant' && JSON.stringify(answers) !== JSON.stringify(ids),
    );
    for (const { id, function: called } of calls ?? []) {
      used.push(id);
      complain('tool_calls[].function.arguments is the text of an object', !parsesToObject(called.arguments));
    }
  }
  complain('ids of tool calls are unique', repeats(used));
});

/** https://webmachinelearning.github.io/prompt-api/ : the system prompt is first, and only texts go in here. */
const promptApi = collecting(({ initialPrompts, prompt }, _target, complain) => {
  complain(
    'TypeError: a system prompt stands first',
    initialPrompts.slice(1).some(({ role }: Body) => role === 'system'),
  );
  complain('a prompt says something', typeof prompt !== 'string' || prompt.trim() === '');
  const spoken = initialPrompts.filter(({ role }: Body) => role !== 'system');
  for (const [at, { role, content }] of spoken.entries()) {
    complain('roles alternate, the user first', role !== (at % 2 === 0 ? 'user' : 'assistant'));
    complain('every prompt says something', typeof content !== 'string' || content.trim() === '');
  }
  complain('the question follows an answer', spoken.length % 2 !== 0);
});

const BY_DIALECT: { readonly [dialect: string]: readonly Validator[] } = {
  'anthropic-messages': [anthropicMessages, claudeWithoutPrefill],
  'openai-chat': [openAiChat, answerAtTheEnd],
  'openai-responses': [openAiResponses],
  gemini: [gemini],
  cohere: [cohere],
  'prompt-api': [promptApi],
};

/** By provider, or by the maker's name in front of a model's at a router. */
const BY_MAKER: { readonly [maker: string]: readonly Validator[] } = {
  mistral: [mistral],
  mistralai: [mistral],
  perplexity: [perplexity],
  deepseek: [deepseek],
  aws: [bedrock],
};

/** Everything that is wrong with a body for its target; each thing once. Throws for a dialect whose rules are not here. */
export function complaintsOf(body: unknown, target: Target): string[] {
  const { id, dialect } = target.provider;
  const [maker = ''] = target.modelId.split('/');
  const validators = BY_DIALECT[dialect];
  if (!validators) throw new Error(`Write down what ${dialect} demands of a conversation.`);
  return [
    ...new Set(
      [...validators, ...(BY_MAKER[id] ?? BY_MAKER[maker] ?? [])].flatMap((validate) => validate(body, target)),
    ),
  ];
}
