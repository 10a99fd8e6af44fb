import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../chat/message.ts';
import type { Part } from '../chat/part.ts';
import { dialectOf } from '../dialects/lookup.ts';
import { handOver } from './hand-over.ts';
import { FOREIGN, historiesFor } from './histories.testing.ts';
import type { Target } from './rules.ts';
import { targets } from './targets.testing.ts';
import { complaintsOf } from './validators.testing.ts';

/** How many histories each target is handed; `PATCHBAY_FUZZ=20000` for a long run. */
const RUNS = Number(process.env.PATCHBAY_FUZZ ?? 25);
const SYSTEM = 'Be brief.';

const nameOf = ({ provider, modelId, model }: Target) =>
  `${provider.id} ${modelId} over ${provider.dialect} (${model ? (model.parameters ? 'blind, without tools' : 'seeing') : 'unknown'})`;

function bodyOf(
  messages: readonly Message[],
  system: string | undefined,
  { provider, modelId, model }: Target,
): unknown {
  const { body } = dialectOf(provider.dialect).encode({
    request: { choice: { provider: provider.id, model: modelId }, messages, ...(system !== undefined && { system }) },
    provider,
    model,
    maxOutputTokens: 100,
    media: new Map([['here', 'AAAA']]),
  });
  return JSON.parse(body);
}

const spoken = (part: Part): boolean => part.type !== 'text' || part.text.trim() !== '';
const isUsersOwn = (part: Part): boolean => part.type === 'text' || part.type === 'image' || part.type === 'file';
const usersOwn = (messages: readonly Message[]): Part[] =>
  messages
    .filter(({ role }) => role === 'user')
    .flatMap(({ parts }) => parts.filter((part) => isUsersOwn(part) && spoken(part)));
const withoutRaw = ({ raw: _raw, ...part }: Part) => JSON.stringify(part);

/** Do the values come one after the other in the list, whatever stands between? */
function comeInOrder(values: readonly string[], list: readonly string[]): boolean {
  let next = 0;
  for (const one of list) if (one === values[next]) next += 1;
  return next === values.length;
}

function stringsIn(value: unknown, found: string[] = []): string[] {
  if (typeof value === 'string') found.push(value);
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) stringsIn(one, found);
  return found;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

describe.each(targets.map((target) => [nameOf(target), target] as const))(
  'a conversation handed to %s',
  (_name, target) => {
    const histories = historiesFor(target);
    const holds = (check: (history: Message[]) => void) =>
      fc.assert(
        fc.property(histories, (history) => check(freeze(history))),
        { numRuns: RUNS },
      );

    it('is one that its documentation allows', () => {
      holds((history) => {
        const { messages, system } = handOver(history, target, SYSTEM);
        expect(complaintsOf(bodyOf(messages, system, target), target)).toEqual([]);
      });
    });

    it('does not change when it is handed over again', () => {
      holds((history) => {
        const once = handOver(history, target, SYSTEM);
        const twice = handOver(once.messages, target, once.system);
        expect(twice.messages).toEqual(once.messages);
        expect(twice.notices).toEqual([]);
        const again = once.continues?.prefilled && { ...once.continues, trimmed: '' };
        expect(twice.continues).toEqual(again || undefined);
      });
    });

    it('holds everything that the user said, in order and as it was', () => {
      holds((history) => {
        const { messages, system } = handOver(history, target, SYSTEM);
        expect(comeInOrder(usersOwn(history).map(withoutRaw), usersOwn(messages).map(withoutRaw))).toBe(true);
        const said = stringsIn(bodyOf(messages, system, target)).join('\n');
        for (const part of usersOwn(history))
          if (part.type === 'text') expect(said).toContain(part.text.toWellFormed());
        expect(said).toContain(SYSTEM);
      });
    });

    it('holds what models said, but for white space at the end of an answer to be continued', () => {
      holds((history) => {
        const texts = (messages: readonly Message[]) =>
          messages
            .filter(({ role }) => role === 'assistant')
            .flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'text' && spoken(part) ? [part.text] : [])));
        const { messages, continues } = handOver(history, target);
        const before = texts(history);
        const last = before.at(-1);
        if (continues && last !== undefined) {
          expect(last.replace(/[\uD800-\uDBFF]$/, '')).toBe(continues.text + continues.trimmed);
          before[before.length - 1] = continues.text;
        }
        expect(comeInOrder(before, texts(messages))).toBe(true);
      });
    });

    it('holds nothing that is for another model alone, and all that is for this one', () => {
      holds((history) => {
        const { messages, system } = handOver(history, target);
        expect(JSON.stringify(messages)).not.toContain(FOREIGN);
        expect(JSON.stringify(bodyOf(messages, system, target))).not.toContain(FOREIGN);
        const signed = (list: readonly Message[]) =>
          list
            .filter(({ role }) => role === 'assistant')
            .flatMap(({ parts }) => parts)
            .filter((part) => part.raw !== undefined && part.type === 'text' && spoken(part) && part.origin)
            .filter((part) => part.origin?.provider === target.provider.id && part.origin.model === target.modelId)
            .map((part) => JSON.stringify(part.raw));
        expect(comeInOrder(signed(history), signed(messages))).toBe(true);
      });
    });

    it('has every call answered directly behind it, once, under the same id and name', () => {
      holds((history) => {
        const { messages } = handOver(history, target);
        const ids: string[] = [];
        for (const [at, { role, parts }] of messages.entries()) {
          expect(parts.length).toBeGreaterThan(0);
          const calls = parts.filter((part) => part.type === 'tool-call');
          const results = messages[at + 1]?.role === 'tool' ? (messages[at + 1]?.parts ?? []) : [];
          if (role === 'assistant') {
            ids.push(...calls.map(({ callId }) => callId));
            expect(results).toMatchObject(calls.map(({ callId, name }) => ({ type: 'tool-result', callId, name })));
          } else expect(calls).toEqual([]);
          if (role === 'tool') expect(messages[at - 1]?.role).toBe('assistant');
          else expect(parts.some((part) => part.type === 'tool-result')).toBe(false);
        }
        expect(new Set(ids).size).toBe(ids.length);
      });
    });
  },
);

describe('a long conversation', () => {
  it('is handed over in one go, whatever comes again in it', () => {
    const many = 60_000;
    const turn: readonly Message[] = [
      { role: 'user', parts: [{ type: 'text', text: '?' }] },
      { role: 'assistant', parts: [{ type: 'tool-call', callId: 'a|b', name: 'f', arguments: '{}' }] },
      { role: 'tool', parts: [{ type: 'tool-result', callId: 'a|b', content: [] }] },
    ];
    const history = Array.from({ length: many }, (_, at) => turn[at % 3] as Message);
    const [target] = targets.filter(({ provider }) => provider.id === 'mistral');
    // Two messages between: Mistral wants an answer behind the results.
    expect(handOver(history, target as Target).messages.length).toBe(many + many / 3 - 1);
    const alone = Array.from({ length: many }, () => turn[0] as Message);
    const [merging] = targets.filter(({ provider }) => provider.id === 'anthropic');
    expect(handOver(alone, merging as Target).messages).toHaveLength(1);
    const onlyCalls = Array.from({ length: many }, () => (turn[1] as Message).parts[0] as Part);
    expect(handOver([{ role: 'assistant', parts: onlyCalls }], merging as Target).messages[2]?.parts).toHaveLength(
      many,
    );
  });
});
