import type { ChatRequest, Message, Part } from '@patchbay/core';
import { providerOf } from '@patchbay/core';
import { expect, test } from 'vitest';
import { encodeHanded } from '../../packages/core/src/dialects/handed-over.testing.ts';
import type { DialectName } from '../../packages/core/src/providers/provider.ts';
import { type Fields, filesIn, onRecordings, textFile } from './recordings.ts';

/** Who asks each case's provider here; whoever is not named speaks OpenAI's chat. */
const ASKED: Readonly<Record<string, readonly [provider: string, dialect?: DialectName]>> = {
  anthropic: ['anthropic'],
  'google-gemini': ['google'],
  gemini: ['google'],
  'openai-responses': ['openai', 'openai-responses'],
  deepseek: ['deepseek'],
  mistral: ['mistral'],
  together: ['together'],
  openrouter: ['openrouter'],
};

/** Cases about what Patchbay does not do, or does otherwise, and why. */
const APART: Readonly<Record<string, string>> = {
  'audio-input-request': 'no audio is attached',
  'responses-audio-input-request': 'no audio is attached',
  'gemini-media-request': 'no audio is attached',
  'deepseek-responses-reasoning-tool-loop': 'DeepSeek is asked over Chat Completions, which gives its thinking back',
  'openai-gpt-5-6-explicit-tail-cache-breakpoint': 'OpenAI caches by itself, under the conversation’s key',
  'openai-gpt-5-6-prompt-cache-breakpoints': 'OpenAI caches by itself, under the conversation’s key',
  'vertex-gemma-maas-default-thinking': 'Vertex is not asked',
};

interface Case extends Fields {
  readonly name: string;
  readonly kind: string;
  readonly provider?: string;
  readonly model?: string;
  readonly request?: Fields;
  readonly expected_transport_request?: { readonly json?: Fields };
}

const cases = filesIn('ax-conformance', '.json')
  .map((file) => JSON.parse(textFile(file)) as Case)
  .filter(
    ({ kind, request, expected_transport_request: wire }) =>
      (kind === 'ai_chat' || kind === 'ai_stream') && request && wire?.json,
  );

const partsOf = (content: unknown): Part[] =>
  [content].flat().flatMap((one): Part[] => {
    if (typeof one === 'string') return [{ type: 'text', text: one }];
    const { type, text, image, mimeType, mime_type, fileUri, data, filename } = (one ?? {}) as Fields;
    const mediaType = String(mimeType ?? mime_type ?? 'application/octet-stream');
    const source = fileUri
      ? ({ kind: 'url', url: String(fileUri) } as const)
      : ({ kind: 'base64', data: String(image ?? data) } as const);
    if (type === 'image') return [{ type: 'image', mediaType, source }];
    if (type === 'file') return [{ type: 'file', name: String(filename ?? 'file'), mediaType, source }];
    return text === undefined ? [] : [{ type: 'text', text: String(text) }];
  });

function messageOf(given: Fields, origin: { provider: string; model: string }): Message | undefined {
  switch (given.role) {
    case 'user':
      return { role: 'user', parts: partsOf(given.content) };
    case 'function':
      return {
        role: 'tool',
        parts: [
          {
            type: 'tool-result',
            callId: String(given.functionId),
            content: [{ type: 'text', text: String(given.result) }],
          },
        ],
      };
    case 'assistant': {
      const calls = (given.functionCalls as { id: string; function: { name: string; params: unknown } }[]) ?? [];
      const parts: Part[] = [
        ...(given.thought ? [{ type: 'reasoning', text: String(given.thought), origin } as const] : []),
        ...(given.content ? partsOf(given.content) : []),
        ...calls.map(
          ({ id, function: { name, params } }): Part => ({
            type: 'tool-call',
            callId: id,
            name,
            arguments: typeof params === 'string' ? params : JSON.stringify(params ?? {}),
            origin,
          }),
        ),
      ];
      return { role: 'assistant', parts };
    }
    default:
      return undefined;
  }
}

function bodyOf({ provider: asked, model, request = {} }: Case): string {
  const [id, dialect] = ASKED[asked ?? ''] ?? ['openai'];
  const known = providerOf(id);
  if (!known) throw new Error(`no provider ${id}`);
  const provider = dialect ? { ...known, dialect } : known;
  const name = model ?? 'gpt-4.1';
  const prompt = request.chat_prompt as Fields[];
  const functions = (request.functions as { name: string; description?: string; parameters?: Fields }[]) ?? [];
  const format = request.response_format as { schema?: { name: string; schema: Fields } } | undefined;
  const full: ChatRequest = {
    choice: { provider: id, model: name },
    messages: prompt.flatMap((one) => messageOf(one, { provider: id, model: name }) ?? []),
    ...(prompt[0]?.role === 'system' && { system: String(prompt[0].content) }),
    ...(functions.length > 0 && {
      tools: functions.map((one) => ({ parameters: {}, ...one }) as NonNullable<ChatRequest['tools']>[number]),
    }),
    ...(request.function_call === 'required' && { toolChoice: 'required' as const }),
    ...(format?.schema && {
      responseFormat: { type: 'json-schema', name: format.schema.name, schema: format.schema.schema as never },
    }),
  };
  return encodeHanded({ request: full, provider, model: undefined, maxOutputTokens: 1_000, media: new Map() }).body;
}

/** Fields whose words are the wire's own and not the user's. */
const FORMAL = new Set([
  'type',
  'role',
  'detail',
  'mimeType',
  'media_type',
  'format',
  'cache_control',
  'status',
  'model',
]);

function leavesOf(value: unknown, found: string[] = []): string[] {
  if (typeof value === 'string') found.push(value);
  else if (typeof value === 'object' && value !== null)
    for (const [name, one] of Object.entries(value)) if (!FORMAL.has(name)) leavesOf(one, found);
  return found;
}

onRecordings('requests of ax-conformance hold what they are told to hold', () => {
  test.each(cases.filter(({ name }) => !(name in APART)).map((one) => [one.name, one] as const))('%s', (_, one) => {
    const body = bodyOf(one);
    const { messages, contents, input, system, instructions, tools, systemInstruction } =
      one.expected_transport_request?.json ?? {};
    const said = leavesOf({ messages, contents, input, system, instructions, tools, systemInstruction });
    for (const words of said) expect(body).toContain(JSON.stringify(words).slice(1, -1));
  });
});
