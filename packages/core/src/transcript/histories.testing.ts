import fc from 'fast-check';
import type { Json } from '../chat/json.ts';
import type { Message, Role } from '../chat/message.ts';
import type { ImagePart, Origin, Part, TextPart } from '../chat/part.ts';
import type { Target } from './rules.ts';

/** What nobody but its own model may ever see, in every `raw` of somebody else. */
export const FOREIGN = 'for-its-own-model-alone';

const texts = fc.oneof(
  { weight: 4, arbitrary: fc.string({ minLength: 1, maxLength: 12 }) },
  fc.constantFrom(
    '',
    ' ',
    '\n\t',
    'Yes ',
    ' \u00e4\u{1F600}\u{10FFFF}',
    'half \ud83d pair',
    'line\r\nline\u2028',
    '</s>',
    '\u0000',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);

const callIds = fc.constantFrom(
  'a',
  'b',
  '',
  'call_1',
  'abcdefghi',
  'functions.f:0',
  `fc|${'x'.repeat(420)}`,
  'ümlaut',
  'a#2',
);
const toolNames = fc.constantFrom(
  'f',
  'g',
  'read_file',
  'fs.read',
  'mcp:x',
  '9lives',
  '',
  'n'.repeat(80),
  'm'.repeat(200),
  'ä',
);
const args = fc.oneof(
  fc.constantFrom(
    '{}',
    '',
    ' ',
    '{"pa',
    '[1]',
    'null',
    '"{}"',
    '{"a":{"b":[1,null,"\u00e4"]}}',
    '{"__proto__":{"x":1}}',
  ),
  fc
    .dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 })
    .map((value) => JSON.stringify(value)),
);
const media = fc.constantFrom<ImagePart['source']>(
  { kind: 'blob', blobId: 'here' },
  { kind: 'blob', blobId: 'lost' },
  { kind: 'base64', data: 'AAAA' },
  { kind: 'url', url: 'https://a.example/b' },
);
const imageTypes = fc.constantFrom('image/png', 'image/jpeg', 'image/tiff');
const fileTypes = fc.constantFrom(
  'application/pdf',
  'text/markdown',
  'application/json',
  'image/png',
  'audio/wav',
  'application/zip',
);

/** What a model of this dialect leaves in `raw`, as its decoder writes it. */
function rawOf(part: Part, dialect: string): Json | undefined {
  const key = `${dialect}/${part.type}`;
  switch (key) {
    case 'anthropic-messages/reasoning':
      return part.type === 'reasoning' && part.text === ''
        ? { type: 'redacted_thinking', data: 'opaque' }
        : { type: 'thinking', signature: 'signed' };
    case 'anthropic-messages/server-tool': {
      const id = 'srvtoolu_1';
      return {
        use: { type: 'server_tool_use', id, name: 'web_search' },
        result: { type: 'web_search_tool_result', tool_use_id: id },
        resultBefore: 1,
      };
    }
    case 'cohere/reasoning':
      return { tool_plan: true };
    case 'openai-chat/reasoning':
      return { reasoning_details: [{ type: 'reasoning.text', text: 'Hm', format: 'unknown', index: 0 }] };
    case 'openai-responses/reasoning':
      return { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'opaque' };
    case 'openai-responses/text':
      return { id: 'msg_1', phase: 'final_answer' };
    case 'openai-responses/tool-call':
      return { id: 'fc_1' };
    case 'openai-responses/server-tool':
      return { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'tides' } };
    case 'openai-responses/image':
      return { type: 'image_generation_call', id: 'ig_1', status: 'completed' };
    case 'gemini/text':
    case 'gemini/reasoning':
      return { pieces: [{ end: 'text' in part ? part.text.length : 0, thoughtSignature: 'c2lnbmVk' }] };
    case 'gemini/tool-call':
      return { id: 'fc1', thoughtSignature: 'c2lnbmVk' };
    case 'gemini/image':
      return { thoughtSignature: 'c2lnbmVk' };
    case 'gemini/server-tool':
      return { parts: [{ executableCode: { language: 'PYTHON', code: 'print(1)' } }] };
    default:
      return undefined;
  }
}

const parts: fc.Arbitrary<Part> = fc.oneof(
  { weight: 5, arbitrary: texts.map((text): Part => ({ type: 'text', text })) },
  { weight: 2, arbitrary: texts.map((text): Part => ({ type: 'reasoning', text })) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('tool-call' as const),
      callId: callIds,
      name: toolNames,
      arguments: args,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record(
      {
        type: fc.constant('tool-result' as const),
        callId: callIds,
        name: toolNames,
        content: fc.array(
          fc.oneof(
            texts.map((text): TextPart => ({ type: 'text', text })),
            fc.record({ type: fc.constant('image' as const), mediaType: imageTypes, source: media }),
          ),
          { maxLength: 3 },
        ),
        isError: fc.boolean(),
      },
      { requiredKeys: ['type', 'callId', 'content'] },
    ),
  },
  fc.record({ type: fc.constant('image' as const), mediaType: imageTypes, source: media, alt: texts }),
  fc.record({ type: fc.constant('file' as const), name: texts, mediaType: fileTypes, source: media }),
  fc.record({ type: fc.constant('citation' as const), url: texts, title: texts, quote: texts }),
  fc.record({
    type: fc.constant('server-tool' as const),
    callId: callIds,
    name: toolNames,
    input: fc.constant({ query: 'tides' }),
    output: fc.constant([]),
  }),
);

const someone: readonly Origin[] = [
  { provider: 'openai', model: 'gpt-4o' },
  { provider: 'elsewhere', model: 'some-model' },
];

/**
 * Conversations of every kind, well formed or not: parts of all types wherever they do not belong, ids that come again,
 * calls cut off, blank and odd texts; written by the target itself, by others, or by nobody known.
 */
export function historiesFor({ provider, modelId }: Target): fc.Arbitrary<Message[]> {
  const own: Origin = { provider: provider.id, model: modelId };
  const others = someone.filter((one) => one.provider !== own.provider || one.model !== own.model);
  const written = (role: Role): fc.Arbitrary<Part> => {
    const origin =
      role === 'assistant' ? fc.constantFrom(own, own, ...others, undefined) : fc.constantFrom(undefined, own);
    return fc.tuple(parts, origin, fc.boolean()).map(([part, by, signed]): Part => {
      const raw = by === own ? rawOf(part, provider.dialect) : { secret: FOREIGN };
      return { ...part, ...(by && { origin: by }), ...(signed && raw !== undefined && { raw }) };
    });
  };
  const messages = fc
    .constantFrom<Role>('user', 'assistant', 'assistant', 'tool')
    .chain((role) => fc.array(written(role), { maxLength: 5 }).map((list): Message => ({ role, parts: list })));
  return fc.array(messages, { maxLength: 9 });
}
