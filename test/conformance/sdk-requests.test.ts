import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ChatRequest } from '@patchbay/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialectOf } from '../../packages/core/src/dialects/lookup.ts';
import { handOver } from '../../packages/core/src/transcript/hand-over.ts';
import { historiesFor } from '../../packages/core/src/transcript/histories.testing.ts';
import type { Target } from '../../packages/core/src/transcript/rules.ts';
import { targets } from '../../packages/core/src/transcript/targets.testing.ts';
import type { BegunRequests, SdkRequests } from './sdk-requests.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'node_modules/.cache/patchbay/sdk-requests');
const TSC = join(ROOT, 'node_modules/.bin/tsc');
/** Conversations for each target, `PATCHBAY_FUZZ=500` for a long run; the same ones each time, but for another `PATCHBAY_SEED`. */
const HISTORIES = Math.min(Number(process.env.PATCHBAY_FUZZ ?? 25), 500);
const SEED = Number(process.env.PATCHBAY_SEED ?? 1);

/** Who is asked in the words of whose SDK. */
const SDKS: Readonly<Record<keyof SdkRequests, string>> = {
  'anthropic-messages': 'anthropic',
  'openai-chat': 'openai',
  'openai-responses': 'openai',
  gemini: 'google',
};

const TOOLS: ChatRequest['tools'] = [
  { name: 'look', description: 'Looks.', parameters: { type: 'object', properties: { at: { type: 'string' } } } },
  { name: 'now', parameters: {} },
];
/** What else a request may ask for; histories take turns at them. */
const WISHES: readonly Partial<ChatRequest>[] = [
  {},
  { tools: TOOLS, toolChoice: 'required', parallelToolCalls: false },
  { tools: TOOLS, toolChoice: { name: 'look' }, sessionId: 's' },
  { tools: TOOLS, toolChoice: 'none', reasoningEffort: 'low' },
  { responseFormat: { type: 'json' }, reasoningEffort: 'none' },
  { responseFormat: { type: 'json-schema', name: 'place', schema: { type: 'object', properties: {} }, strict: true } },
  { temperature: 0.5, topP: 0.9, stop: ['END'], seed: 7 },
  { reasoningEffort: 'high', sessionId: 's' },
];

function bodyFor(
  { provider, model, modelId }: Target,
  history: Parameters<typeof handOver>[0],
  wish: Partial<ChatRequest> = {},
): string {
  const { messages, system } = handOver(history, { provider, model, modelId }, 'Be brief.');
  return dialectOf(provider.dialect).encode({
    request: {
      choice: { provider: provider.id, model: modelId },
      messages,
      ...(system !== undefined && { system }),
      ...wish,
    },
    provider,
    model,
    maxOutputTokens: 2_000,
    media: new Map([['here', 'AAAA']]),
  }).body;
}

/** Who goes on with an answer by OpenAI's protocol. */
const BEGUN = ['mistral', 'deepseek', 'moonshotai', 'qwen', 'groq', 'openrouter', 'vllm', 'llamacpp'] as const;
const CUT: Parameters<typeof handOver>[0] = [
  { role: 'user', parts: [{ type: 'text', text: '?' }] },
  { role: 'assistant', parts: [{ type: 'text', text: 'It is ' }] },
];

/** The bodies as a program would write them out, one statement each, so that nothing unknown to the SDK goes unseen. */
function program(type: `${keyof SdkRequests}` | `begun-${keyof BegunRequests}`, bodies: readonly string[]): string {
  const types = join(ROOT, 'test/conformance/sdk-requests.ts');
  const [table, name] = type.startsWith('begun-') ? ['BegunRequests', type.slice(6)] : ['SdkRequests', type];
  return [
    `import type { ${table} } from ${JSON.stringify(types)};`,
    `type Request = ${table}[${JSON.stringify(name)}];`,
    ...bodies.map((body, at) => `export const request${at}: Request = ${body};`),
  ].join('\n');
}

/** What the compiler says about the programs, by file. */
function compile(programs: Readonly<Record<string, string>>): string[] {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, source] of Object.entries(programs)) writeFileSync(join(FOLDER, `${name}.ts`), source);
  const config = {
    extends: join(ROOT, 'tsconfig.base.json'),
    compilerOptions: { lib: ['ES2024', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'], types: ['node'] },
    files: Object.keys(programs).map((name) => `${name}.ts`),
  };
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config));
  const { stdout, stderr, error } = spawnSync(TSC, ['-p', FOLDER, '--pretty', 'false'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (error) throw error;
  return `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
}

describe('a conversation handed over and encoded', () => {
  const names = Object.keys(SDKS) as (keyof SdkRequests)[];
  let said: string[] = [];

  beforeAll(() => {
    rmSync(FOLDER, { recursive: true, force: true });
    const programs = Object.fromEntries(
      names.map((dialect) => {
        const asked = targets.filter(({ provider }) => provider.dialect === dialect && provider.id === SDKS[dialect]);
        const bodies = asked.flatMap((target) =>
          fc
            .sample(historiesFor(target), { numRuns: HISTORIES, seed: SEED })
            .map((history, at) => bodyFor(target, history, WISHES[at % WISHES.length])),
        );
        return [dialect, program(dialect, bodies)];
      }),
    );
    const begun = Object.fromEntries(
      BEGUN.map((id) => {
        const asked = targets.filter((one) => one.provider.id === id && handOver(CUT, one).continues?.prefilled);
        expect(asked.length, id).toBeGreaterThan(0);
        return [
          `begun-${id}`,
          program(
            `begun-${id}`,
            asked.map((target) => bodyFor(target, CUT)),
          ),
        ];
      }),
    );
    said = compile({
      ...programs,
      ...begun,
      // Without its mark it would be answered anew.
      'broken-mark': program('begun-mistral', [
        '{ "model": "m", "stream": true, "messages": [{ "role": "assistant", "content": "It" }] }',
      ]),
      // A body that no SDK would let pass: without it, silence would prove nothing.
      broken: program('openai-chat', [
        '{ "model": "m", "stream": true, "messages": [{ "role": "tool", "content": 1 }] }',
      ]),
    });
  }, 120_000);
  afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

  it.each(BEGUN)('is what %s documents beside it, where it goes on with an answer', (id) => {
    expect(said.filter((line) => line.includes(`begun-${id}.ts`))).toEqual([]);
  });

  it.each(names)('is what the official SDK of %s would send', (dialect) => {
    expect(said.filter((line) => line.startsWith(`${dialect}.ts`) || line.includes(`/${dialect}.ts`))).toEqual([]);
  });

  it('is looked at by a compiler that would say so', () => {
    for (const name of ['broken', 'broken-mark']) expect(said.some((line) => line.includes(`${name}.ts`))).toBe(true);
    expect(said.filter((line) => !/broken(-mark)?\.ts/.test(line) && !line.startsWith(' '))).toEqual([]);
  });
});
