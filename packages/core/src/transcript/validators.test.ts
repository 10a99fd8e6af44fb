import { describe, expect, it } from 'vitest';
import { targetOf } from './targets.testing.ts';
import { complaintsOf } from './validators.testing.ts';

// biome-ignore lint/suspicious/noExplicitAny: bodies are broken here on purpose
type Body = any;
/** What a good body is broken by, and what is said then. */
type Broken = readonly (readonly [breakIt: (body: Body) => void, complaint: RegExp])[];

const userText = (text: string) => ({ role: 'user', content: [{ type: 'text', text }] });

function each(dialect: string, target: ReturnType<typeof targetOf>, good: () => Body, broken: Broken): void {
  describe(dialect, () => {
    it('has nothing to say about a good body', () => expect(complaintsOf(good(), target)).toEqual([]));
    it.each(broken.map(([breakIt, complaint]) => [complaint, breakIt] as const))('says %s', (complaint, breakIt) => {
      const body = good();
      breakIt(body);
      expect(complaintsOf(body, target).join('\n')).toMatch(complaint);
    });
  });
}

each(
  'anthropic-messages',
  targetOf('anthropic', 'claude-opus-4-6'),
  () => ({
    tools: [{ name: 'f' }],
    messages: [
      userText('?'),
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: '', signature: 's' },
          { type: 'tool_use', id: 'a', name: 'f', input: {} },
          { type: 'tool_use', id: 'b', name: 'f', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: '1' }] },
          { type: 'tool_result', tool_use_id: 'b' },
          { type: 'text', text: '!' },
        ],
      },
    ],
  }),
  [
    [(body) => body.messages.splice(0), /at least one message/],
    [(body) => body.messages.shift(), /first message must use/],
    [(body) => body.messages.push(userText('?')), /roles must alternate/],
    [(body) => body.messages[0].content.pop(), /non-empty content/],
    [(body) => Object.assign(body.messages[0].content[0], { text: '' }), /must be non-empty/],
    [(body) => Object.assign(body.messages[2].content[0].content[0], { text: ' ' }), /non-whitespace/],
    [(body) => Object.assign(body.messages[1].content[1], { id: 'a|b' }), /tool_use\.id/],
    [(body) => Object.assign(body.messages[1].content[1], { name: 'a.b' }), /tool_use\.name/],
    [(body) => Object.assign(body.messages[1].content[1], { input: [] }), /valid dictionary/],
    [
      (body) => body.messages[0].content.push({ type: 'tool_use', id: 'c', name: 'f', input: {} }),
      /stand in assistant/,
    ],
    [(body) => body.messages[1].content.unshift({ type: 'tool_result', tool_use_id: 'a' }), /stand in user messages/],
    [(body) => body.messages[2].content.reverse(), /must come first/],
    [
      (body) => Object.assign(body.messages[2].content[0], { is_error: true, content: [{ type: 'image' }] }),
      /is_error: all content/,
    ],
    [(body) => Object.assign(body.messages[1].content[0], { signature: '' }), /carry a signature/],
    [(body) => body.messages[2].content.shift(), /without `tool_result` blocks/],
    [(body) => Object.assign(body.messages[2].content[0], { tool_use_id: 'c' }), /unexpected `tool_use_id`/],
    [(body) => body.messages[0].content.unshift({ type: 'tool_result', tool_use_id: 'c' }), /in the first message/],
    [(body) => body.messages[1].content.reverse(), /final block/],
    [
      (body) => body.messages.push({ role: 'assistant', content: [{ type: 'text', text: 'It ' }] }),
      /trailing whitespace[\s\S]*must end with a user/,
    ],
    [(body) => Object.assign(body.messages[1].content[2], { id: 'a' }), /must be unique/],
    [(body) => Object.assign(body, { tools: [] }), /must define tools/],
  ],
);

const chat = () => ({
  messages: [
    { role: 'system', content: 's' },
    { role: 'user', content: '?' },
    {
      role: 'assistant',
      content: null,
      reasoning_content: '',
      tool_calls: [
        { id: 'abcdefghi', function: { name: 'f', arguments: '{}' } },
        { id: 'abcdefghj', function: { name: 'f', arguments: '{}' } },
      ],
    },
    { role: 'tool', tool_call_id: 'abcdefghi', content: '1' },
    { role: 'tool', tool_call_id: 'abcdefghj', content: '2' },
  ] as Body[],
});
const callOf = (body: Body) => body.messages[2].tool_calls[0];

each('openai-chat', targetOf('openai'), chat, [
  [(body) => body.messages.splice(1), /too short/],
  [(body) => body.messages.push(body.messages[0]), /stand first/],
  [(body) => Object.assign(body.messages[1], { content: [] }), /non-empty array/],
  [(body) => Object.assign(body.messages[1], { content: '' }), /says something/],
  [(body) => Object.assign(body.messages[2], { content: [{ type: 'text', text: 'x' }] }), /only users/],
  [(body) => Object.assign(body.messages[1], { content: [{ type: 'text', text: '' }] }), /not empty/],
  [(body) => body.messages.push({ role: 'assistant', content: '' }), /needs content or tool_calls/],
  [(body) => body.messages.push({ role: 'assistant', content: 'x', tool_calls: [] }), /\[\] is too short/],
  [(body) => body.messages.pop(), /must be followed by tool messages/],
  [(body) => Object.assign(callOf(body), { id: 'x'.repeat(41) }), /maximum length 40/],
  [(body) => Object.assign(callOf(body).function, { name: 'a.b' }), /function\.name/],
  [(body) => Object.assign(callOf(body).function, { arguments: '{"pa' }), /text of an object/],
  [(body) => body.messages.splice(2, 1), /must be a response to a preceding message/],
  [(body) => Object.assign(body.messages[3], { content: [] }), /tool messages are text/],
  [(body) => Object.assign(callOf(body), { id: 'abcdefghj' }), /are unique/],
  [(body) => body.messages.push({ role: 'assistant', content: 'x' }), /last message/],
]);
const goneOn = (mark: object, more: object) => () => ({
  ...more,
  messages: [
    { role: 'user', content: '?' },
    { role: 'assistant', content: 'It is', ...mark },
  ] as Body[],
});
const UNMARKED = /would not be continued/;
each('an answer that Mistral is to continue', targetOf('mistral'), goneOn({ prefix: true }, {}), [
  [(body) => delete body.messages[1].prefix, UNMARKED],
  [(body) => Object.assign(body.messages[1], { content: 'It is ' }), /ends in a word/],
  [(body) => Object.assign(body.messages[0], { prefix: true }), /only the last message/],
]);
each('one for Kimi', targetOf('moonshotai'), goneOn({ partial: true }, {}), [
  [(body) => delete body.messages[1].partial, UNMARKED],
]);
each('one for Qwen', targetOf('qwen'), goneOn({ partial: true }, { enable_thinking: false }), [
  [(body) => delete body.messages[1].partial, UNMARKED],
  [(body) => delete body.enable_thinking, UNMARKED],
]);
const continues = { continue_final_message: true, add_generation_prompt: false };
each('one for vLLM', targetOf('vllm'), goneOn({}, continues), [
  [(body) => Object.assign(body, { add_generation_prompt: true }), UNMARKED],
  [(body) => body.messages.pop(), /the final message is not from the assistant/],
]);
each('one for llama.cpp', targetOf('llamacpp'), goneOn({}, { chat_template_kwargs: { enable_thinking: false } }), [
  [(body) => delete body.chat_template_kwargs, UNMARKED],
  [(body) => body.messages.splice(0, 1, body.messages[1]), UNMARKED],
]);
each('mistral', targetOf('mistral'), chat, [
  [(body) => body.messages.push({ role: 'user', content: 'x' }), /Unexpected role 'user'/],
  [(body) => Object.assign(callOf(body), { id: 'call_1' }), /length of 9/],
]);
each('bedrock', targetOf('aws'), chat, [[(body) => Object.assign(callOf(body), { id: 'call_1' }), /toolUseId/]]);
each('deepseek', targetOf('deepseek'), chat, [
  [(body) => body.messages.splice(1, 0, body.messages[1]), /successive/],
  [(body) => delete body.messages[2].reasoning_content, /reasoning_content/],
]);
each('perplexity', targetOf('perplexity'), () => ({ messages: chat().messages.slice(0, 2) }), [
  [(body) => body.messages.push(body.messages[1]), /should be alternating/],
  [(body) => body.messages.push({ role: 'assistant', content: 'x' }), /Last message/],
]);

each(
  'openai-responses',
  targetOf('openai', undefined, 'openai-responses'),
  () => ({
    input: [
      { role: 'user', content: [{ type: 'input_text', text: '?' }] },
      { type: 'reasoning', id: 'rs_1' },
      { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'a', output: '1' },
    ],
  }),
  [
    [(body) => body.input.splice(0), /at least one item/],
    [(body) => Object.assign(body.input[2], { call_id: 'x'.repeat(65) }), /maximum length 64/],
    [(body) => body.input.splice(2, 0, body.input[2]), /call_id is unique/],
    [(body) => Object.assign(body.input[2], { name: 'a.b' }), /name does not match/],
    [(body) => Object.assign(body.input[2], { arguments: '1' }), /text of an object/],
    [(body) => body.input.splice(1, 2), /No tool call found/],
    [(body) => body.input.splice(2), /required following item[\s\S]*/],
    [(body) => body.input[0].content.pop(), /content is not empty/],
    [(body) => Object.assign(body.input[0].content[0], { text: '' }), /text is not empty/],
    [(body) => body.input.pop(), /No tool output found/],
    [(body) => body.input.push({ role: 'assistant', content: 'x' }), /last item/],
  ],
);

each(
  'gemini',
  targetOf('google', 'gemini-3-pro-preview'),
  () => ({
    contents: [
      { role: 'user', parts: [{ text: '?' }] },
      { role: 'model', parts: [{ functionCall: { name: 'f', args: {} }, thoughtSignature: 's' }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }] },
    ],
  }),
  [
    [(body) => body.contents.splice(0), /not specified/],
    [(body) => body.contents.shift(), /begins with the user/],
    [(body) => body.contents.push({ role: 'model', parts: [{ text: 'x' }] }), /end with a user role/],
    [(body) => body.contents.unshift(body.contents[0]), /turns alternate/],
    [(body) => body.contents[0].parts.pop(), /must not be empty/],
    [(body) => Object.assign(body.contents[0].parts[0], { text: '' }), /initialized field/],
    [(body) => body.contents[0].parts.push(body.contents[1].parts[0]), /are the model’s/],
    [(body) => body.contents[2].parts.push(body.contents[2].parts[0]), /equal to the number/],
    [(body) => Object.assign(body.contents[2].parts[0].functionResponse, { name: 'g' }), /its call’s name/],
    [(body) => body.contents.splice(0, 2), /immediately after a function call turn/],
    [(body) => Object.assign(body.contents[1].parts[0].functionCall, { args: [] }), /is a Struct/],
    [(body) => Object.assign(body.contents[1].parts[0].functionCall, { name: '9' }), /Invalid function name/],
    [(body) => delete body.contents[1].parts[0].thoughtSignature, /thought_signature/],
  ],
);
each(
  'gemini’s image models',
  targetOf('google', 'gemini-3-pro-image-preview'),
  () => ({
    contents: [
      { role: 'user', parts: [{ text: '?' }] },
      {
        role: 'model',
        parts: [
          { text: 'hm', thought: true },
          { text: 'x', thoughtSignature: 's' },
          { inlineData: {}, thoughtSignature: 's' },
        ],
      },
      { role: 'user', parts: [{ text: '!' }] },
    ],
  }),
  [
    [(body) => delete body.contents[1].parts[1].thoughtSignature, /Text part is missing/],
    [(body) => delete body.contents[1].parts[2].thoughtSignature, /Image part is missing/],
  ],
);
each('gemma', targetOf('google', 'gemma-3-27b-it'), () => ({ contents: [{ role: 'user', parts: [{ text: '?' }] }] }), [
  [(body) => Object.assign(body, { systemInstruction: {} }), /not enabled for Gemma/],
]);

each(
  'cohere',
  targetOf('cohere'),
  () => ({
    messages: [
      { role: 'system', content: 's' },
      { role: 'user', content: [{ type: 'text', text: '?' }] },
      { role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'a', content: '1' },
    ] as Body[],
  }),
  [
    [(body) => body.messages.push(body.messages[0]), /stand first/],
    [(body) => body.messages.splice(1, 1), /start with a user/],
    [(body) => body.messages.push({ role: 'assistant', content: 'x' }), /last message/],
    [(body) => body.messages[1].content.pop(), /at least 1 token/],
    [(body) => Object.assign(body.messages[1].content[0], { text: '' }), /text is not empty/],
    [(body) => body.messages.pop(), /must be followed by tool messages/],
    [(body) => Object.assign(callOf({ messages: body.messages }).function, { arguments: '[]' }), /text of an object/],
    [(body) => body.messages.push(body.messages[2], body.messages[3]), /are unique/],
  ],
);
each(
  'prompt-api',
  targetOf('browser'),
  () => ({
    initialPrompts: [
      { role: 'system', content: 's' },
      { role: 'user', content: '?' },
      { role: 'assistant', content: 'x' },
    ],
    prompt: '!',
  }),
  [
    [(body) => body.initialPrompts.push(body.initialPrompts[0]), /stands first/],
    [(body) => Object.assign(body, { prompt: ' ' }), /a prompt says something/],
    [(body) => body.initialPrompts.splice(1, 1), /alternate[\s\S]*follows an answer/],
    [(body) => Object.assign(body.initialPrompts[1], { content: '' }), /every prompt/],
  ],
);

it('knows no dialect that it has no rules for', () => {
  const guide = targetOf('openai');
  expect(() => complaintsOf({}, { ...guide, provider: { ...guide.provider, dialect: 'guide' } })).toThrow('guide');
});
