import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../chat/json.ts';
import type { ChatRequest, ReasoningEffort } from '../chat/request.ts';
import { providerOf } from '../providers/registry.ts';
import { requestBound } from '../spending/bound.ts';
import { priceOf } from '../spending/price.ts';
import { validate } from '../validation/validate.ts';
import { encodeHanded } from './handed-over.testing.ts';

type Body = { readonly [field: string]: Json };

const qwen = providerOf('qwen');
if (!qwen) throw new Error('there is no Qwen');

function ask(model: string, reasoningEffort: ReasoningEffort | undefined, maxOutputTokens = 1_000, answer?: string) {
  const request: ChatRequest = {
    choice: { provider: 'qwen', model },
    messages: [
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      ...(answer ? [{ role: 'assistant' as const, parts: [{ type: 'text' as const, text: answer }] }] : []),
    ],
    ...(reasoningEffort && { reasoningEffort }),
  };
  const encoded = encodeHanded({ request, provider: qwen!, model: undefined, maxOutputTokens, media: new Map() });
  return { body: JSON.parse(encoded.body) as Body, notices: encoded.notices, request };
}

/** What Model Studio documents of each: always thinks, thinks where nobody says anything, takes the budget, takes the whole. */
interface Documented {
  readonly always?: true;
  readonly byItself?: true;
  readonly never?: true;
  readonly budget?: true;
  readonly whole?: true;
}
const DOCUMENTED: Readonly<Record<string, Documented>> = {
  'qwen-plus': { budget: true },
  'qwen-flash': { budget: true },
  'qwen3-max': { budget: true },
  'qwen3-vl-plus': { budget: true },
  'qwen3-32b': { budget: true, byItself: true },
  'qwen3.5-flash': { budget: true, byItself: true },
  'qwen3.5-397b-a17b': { budget: true, byItself: true },
  'qwen3.6-max-preview': { budget: true, byItself: true },
  'qwen3-235b-a22b-thinking-2507': { budget: true, always: true },
  'qwen3-next-80b-a3b-thinking': { budget: true, always: true },
  'qwen3-235b-a22b-instruct-2507': { never: true },
  'qwen3-coder-plus': { never: true },
  'qwen2.5-72b-instruct': { never: true },
  'qwen3.5-plus': { whole: true, budget: true, byItself: true },
  'qwen3.7-max-2026-05-20': { whole: true, budget: true, byItself: true },
  'qwen4-max-preview': { whole: true, byItself: true },
  'kimi-k2.6': { whole: true },
  'glm-5.1': { whole: true, byItself: true },
  'deepseek-v4-pro': { whole: true, byItself: true },
  'MiniMax-M2.5': { whole: true, always: true },
  'glm-4.7': { byItself: true },
  'deepseek-v3.2': {},
  'qwen3-omni-flash': {},
};

/** By how much either limit may be missed. */
const MISSED = 10;

/** The most that Model Studio bills for this body, tokens out; infinite where nothing limits it. */
function mostOutput(body: Body, { always, byItself, never, budget, whole }: Documented): number {
  if (typeof body.max_completion_tokens === 'number')
    return whole ? body.max_completion_tokens + MISSED : Number.POSITIVE_INFINITY;
  if (typeof body.max_tokens !== 'number') return Number.POSITIVE_INFINITY;
  const thinks = !never && (always || (body.enable_thinking ?? byItself ?? false) === true);
  if (!thinks) return body.max_tokens;
  if (!budget || typeof body.thinking_budget !== 'number') return Number.POSITIVE_INFINITY;
  return body.max_tokens + body.thinking_budget + MISSED;
}

const efforts = [undefined, 'none', 'minimal', 'low', 'medium', 'high', 'max'] as const;
const anyone = fc.constantFrom(...Object.entries(DOCUMENTED));

describe('quirk 256: where a maximum limits the answer alone, thinking and answer together', () => {
  test.each(Object.entries(DOCUMENTED))(
    '%s never produces more than the maximum, whatever is asked',
    (id, documented) => {
      for (const effort of efforts) {
        for (const most of [32, 33, 128, 8_192, 32_768]) {
          for (const answer of [undefined, 'It is']) {
            const { body } = ask(id, effort, most, answer);
            expect(mostOutput(body, documented), `${effort} ${most} ${JSON.stringify(body)}`).toBeLessThanOrEqual(most);
            expect(Number(body.max_tokens ?? body.max_completion_tokens)).toBeGreaterThanOrEqual(1);
            if (body.thinking_budget !== undefined) expect(Number(body.thinking_budget)).toBeGreaterThanOrEqual(1);
          }
        }
      }
    },
  );

  test('no bill within the documented limits is above the bound', () => {
    const usd = fc.integer({ min: 0, max: 50_000 }).map((n) => (n / 1e9).toFixed(12));
    fc.assert(
      fc.property(
        anyone,
        fc.constantFrom(...efforts),
        fc.integer({ min: 32, max: 65_536 }),
        fc.record({ input: usd, output: usd, reasoning: usd }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([id, documented], effort, maxOutputTokens, price, said, thought) => {
          const { body } = ask(id, effort, maxOutputTokens);
          const outputTokens = Math.floor(mostOutput(body, documented) * said);
          const reasoningTokens = Math.floor(outputTokens * thought);
          const bill = priceOf({ inputTokens: 50, outputTokens, reasoningTokens }, price, 0);
          const bound = requestBound({ inputTokens: 50, maxOutputTokens }, price);
          expect(bill !== undefined && bound !== undefined && bill.total <= bound).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('a field that limits both is sent a little lower, since it may be missed', () => {
    const { body } = ask('qwen3.7-max', 'high');
    expect(body).toMatchObject({ max_completion_tokens: 990, enable_thinking: true });
    expect(body).not.toHaveProperty('max_tokens');
    expect(body).not.toHaveProperty('thinking_budget');
    // Nobody said how hard to think: that is the model's own affair.
    expect(ask('qwen3.7-max', undefined).body).not.toHaveProperty('enable_thinking');
  });

  test('a budget for thinking is taken off the answer', () => {
    expect(ask('qwen-plus', 'high').body).toMatchObject({
      max_tokens: 248,
      thinking_budget: 742,
      enable_thinking: true,
    });
    expect(ask('qwen-plus', 'low').body).toMatchObject({ max_tokens: 792, thinking_budget: 198 });
  });

  test.each(['none', undefined] as const)('effort %s leaves all of it to the answer, and says so', (effort) => {
    const { body, notices } = ask('qwen3-32b', effort);
    expect(body).toMatchObject({ max_tokens: 1_000, enable_thinking: false });
    expect(body).not.toHaveProperty('thinking_budget');
    expect(notices).toEqual([]);
  });

  test('who cannot but think gets a budget in any case', () => {
    const id = 'qwen3-235b-a22b-thinking-2507';
    expect(ask(id, undefined).body).toMatchObject({ max_tokens: 495, thinking_budget: 495, enable_thinking: true });
    expect(ask(id, 'none').body).toMatchObject({ max_tokens: 891, thinking_budget: 99, enable_thinking: true });
  });

  test('who takes no budget is not let think, and the user hears of it', () => {
    const { body, notices } = ask('glm-4.7', 'high');
    expect(body).toMatchObject({ max_tokens: 1_000, enable_thinking: false });
    expect(notices).toMatchObject([{ code: 'parameter-dropped', field: 'reasoningEffort' }]);
  });

  test('who does not think is asked as ever', () => {
    const { body } = ask('qwen3-coder-plus', undefined);
    expect(body).toMatchObject({ max_tokens: 1_000 });
    expect(body).not.toHaveProperty('enable_thinking');
  });

  test.each(['qwq-plus', 'qvq-max', 'deepseek-r1', 'kimi-k2-thinking'])(
    '%s, which nothing limits, is not asked',
    (id) => {
      const { request } = ask(id, 'low');
      const outcome = validate(request, undefined, qwen!);
      expect('refuse' in outcome && outcome.refuse).toMatchObject({ kind: 'unsupported', userAction: 'other-model' });
      expect('refuse' in outcome && outcome.refuse.message).toContain('no cap could hold');
    },
  );

  test('a maximum too small to be divided is raised first', () => {
    const { request } = ask('qwen-plus', 'low');
    const outcome = validate({ ...request, maxOutputTokens: 1 }, undefined, qwen!);
    expect('refuse' in outcome ? undefined : outcome.maxOutputTokens).toBe(32);
  });
});
