import { describe, expect, it } from 'vitest';
import { type Relay, relayed } from './relay.ts';

type Batch = readonly string[];

/** A reading of these batches. */
function reading(batches: readonly Batch[], onCancel: () => void = () => undefined): Relay<Batch> {
  return (ended) => {
    const waiting = [...batches];
    return {
      next: async () => {
        const value = waiting.shift();
        return value ? { done: false, value } : ended();
      },
      cancel: onCancel,
    };
  };
}

describe('relayed', () => {
  it('gives what the steps yield and what their readings give, in order', async () => {
    async function* steps(): AsyncGenerator<Batch | Relay<Batch>, void> {
      yield ['a'];
      yield reading([['b'], ['c']]);
      yield reading([]);
      yield ['d'];
      yield reading([['e']]);
    }
    const seen: string[] = [];
    for await (const batch of relayed(steps())) seen.push(...batch);
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('goes on with the steps only when the reading is over', async () => {
    let over = false;
    async function* steps(): AsyncGenerator<Batch | Relay<Batch>, void> {
      yield reading([['a'], ['b']]);
      over = true;
      yield ['c'];
    }
    const iterator = relayed(steps());
    expect([await iterator.next(), await iterator.next(), over]).toMatchObject([
      { value: ['a'] },
      { value: ['b'] },
      false,
    ]);
    expect([await iterator.next(), over]).toMatchObject([{ value: ['c'] }, true]);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('ends reading and steps where nobody wants to hear more', async () => {
    const said: string[] = [];
    async function* steps(): AsyncGenerator<Batch | Relay<Batch>, void> {
      try {
        yield reading([['a'], ['b'], ['c']], () => said.push('cancelled'));
        said.push('went on');
      } finally {
        said.push('cleaned up');
      }
    }
    for await (const [word] of relayed(steps())) if (word === 'b') break;
    expect(said).toEqual(['cancelled', 'cleaned up']);
  });

  it('throws what the steps throw', async () => {
    async function* steps(): AsyncGenerator<Batch | Relay<Batch>, void> {
      yield reading([['a']]);
      throw new Error('broken');
    }
    const iterator = relayed(steps());
    await iterator.next();
    await expect(iterator.next()).rejects.toThrow('broken');
  });
});
