import { expect, test } from 'vitest';
import { classifyFailure } from '../../packages/core/src/failures/classify.ts';
import type { DialectName } from '../../packages/core/src/providers/provider.ts';
import { decode, type Fields, filesIn, onRecordings, textFile } from './recordings.ts';

/** Which wire a case's provider speaks; whoever is not here speaks OpenAI's chat, or something that is not chat at all. */
const DIALECTS: Readonly<Record<string, DialectName>> = {
  anthropic: 'anthropic-messages',
  'google-gemini': 'gemini',
  gemini: 'gemini',
  'openai-responses': 'openai-responses',
  'deepseek-responses': 'openai-responses',
};

const FINISHES: Readonly<Record<string, string>> = {
  stop: 'stop',
  function_call: 'tool-calls',
  length: 'length',
  content_filter: 'content-filter',
};

/** Where a case wants less of an answer than there is, or something that is not asked for here. */
const APART: Readonly<Record<string, string>> = {
  'gemini-multi-sample-chat': 'one answer is asked for, never several',
  'deepseek-responses-streaming-reasoning-tool':
    'a call without a name can be carried out by nobody, and is told as broken',
  'openai-multi-sample-chat': 'one answer is asked for, never several',
  'openai-chat-ignores-deepseek-reasoning-content': 'reasoning that came is shown, whoever sent it (quirk 136)',
};

interface Case extends Fields {
  readonly name: string;
  readonly kind: string;
  readonly provider?: string;
  readonly transport_responses?: readonly (string | { json?: unknown; body?: string; status?: number })[];
  readonly expected_output?: Output | readonly Output[] | null;
  readonly expected_status?: number;
}
interface Output {
  readonly results?: readonly Result[];
  readonly model_usage?: { readonly tokens?: { readonly completion_tokens?: number } } | null;
}
interface Result {
  readonly content?: string;
  readonly finish_reason?: string | null;
  readonly function_calls?: readonly {
    readonly id?: string;
    readonly function: { readonly name: string | null; readonly params: unknown };
  }[];
}

const cases = filesIn('ax-conformance', '.json').map((file) => JSON.parse(textFile(file)) as Case);
const dialectOf = ({ provider }: Case): DialectName => DIALECTS[provider ?? ''] ?? 'openai-chat';

/** What the last response that came holds. */
function answerOf({ transport_responses: responses = [] }: Case): { status: number; text: string } | undefined {
  const last = responses.at(-1);
  if (last === undefined) return undefined;
  if (typeof last === 'string') return { status: 200, text: last };
  return { status: last.status ?? 200, text: last.body ?? JSON.stringify(last.json) };
}

const params = (value: unknown): unknown =>
  typeof value === 'string' && value !== '' ? JSON.parse(value) : value || {};

/** The calls that results add up to: a stream tells a call's arguments piece by piece. */
function callsOf(results: readonly Result[]): { name: string; params: unknown }[] {
  const calls = new Map<string, { name: string; params: unknown }>();
  for (const call of results.flatMap((result) => result.function_calls ?? [])) {
    const { name, params: given } = call.function;
    const before = calls.get(call.id ?? '');
    const joined = typeof before?.params === 'string' && typeof given === 'string' ? before.params + given : given;
    calls.set(call.id ?? '', { name: before?.name ?? name ?? '', params: joined });
  }
  return [...calls.values()].map(({ name, params: given }) => ({ name, params: params(given) }));
}

onRecordings('answers', () => {
  const chats = cases.filter((one) => {
    if (!['ai_chat', 'ai_stream'].includes(one.kind) || one.name in APART) return false;
    const answer = answerOf(one);
    return answer !== undefined && answer.status === 200 && answer.text.length > 2;
  });

  test.each(chats.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const { answer } = decode(dialectOf(one), answerOf(one)?.text ?? '');
    expect(answer.finish?.failure).toBeUndefined();
    if (!one.expected_output) return;
    const outputs = [one.expected_output].flat() as readonly Output[];
    const results = outputs.flatMap((output) => output.results?.slice(0, 1) ?? []);
    const text = answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    expect(text).toBe(results.map((result) => result.content ?? '').join(''));
    const finish = results.findLast((result) => result.finish_reason)?.finish_reason;
    if (finish) expect(answer.finish?.reason).toBe(FINISHES[finish]);
    const told = callsOf(results);
    const calls = answer.parts.flatMap((part) =>
      part.type === 'tool-call' ? [{ name: part.name, params: params(part.arguments) }] : [],
    );
    expect(calls).toEqual(told);
  });
});

onRecordings('errors', () => {
  /** What each of the case's classes of error is here. */
  const KINDS: Readonly<Record<string, readonly string[]>> = {
    AxAIServiceAuthenticationError: ['auth', 'permission'],
    AxAIServiceStatusError: ['rate-limit', 'overloaded', 'unavailable', 'parameter', 'model-gone', 'credit'],
    AxAIRefusalError: ['unavailable', 'parameter', 'refusal', 'content-policy'],
  };
  const errors = cases.filter(
    (one) => one.kind === 'ai_error' && String(one.expected_error_type) in KINDS && answerOf(one),
  );

  test.each(errors.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const { status, text } = answerOf(one) ?? { status: 0, text: '' };
    const kind =
      status === 200
        ? decode(dialectOf(one), text).answer.finish?.failure?.kind
        : classifyFailure({ source: 'http', status, body: text, provider: 'P', model: 'm' }).kind;
    expect(KINDS[String(one.expected_error_type)]).toContain(kind);
    if (one.expected_status === 529) expect(kind).toBe('overloaded');
    if (one.expected_status === 429) expect(kind).toBe('rate-limit');
  });
});
