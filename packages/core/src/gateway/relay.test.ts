import { describe, expect, it } from 'vitest';
import { type Relay, relayed } from './relay.ts';

type Batch = readonly string[];

type Steps = AsyncGenerator<Batch | Relay<Batch, Batch>, void>;

/** A reading of these batches. */
function reading(batches: readonly Batch[], onCancel: () => void = () => undefined): Relay<Batch, Batch> {
  return {
    read: (deliver) => {
      const waiting = [...batches];
      return { next: async () => deliver(waiting.shift() ?? []), cancel: onCancel };
    },
    take: (events) => {
      if (events[0] === 'poison') throw new Error('cannot be taken');
      return events.length > 0 ? events : undefined;
    },
  };
}

describe('relayed', () => {
  it('gives what the steps yield and what their readings give, in order', async () => {
    async function* steps(): Steps {
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
    async function* steps(): Steps {
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
    async function* steps(): Steps {
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
    async function* steps(): Steps {
      yield reading([['a']]);
      throw new Error('broken');
    }
    const iterator = relayed(steps());
    await iterator.next();
    await expect(iterator.next()).rejects.toThrow('broken');
  });

  it('throws at the steps what a batch cannot be taken for, so that they clean up', async () => {
    const said: string[] = [];
    async function* steps(): Steps {
      try {
        yield reading([['a'], ['poison'], ['b']], () => said.push('cancelled'));
      } catch (error) {
        yield [String(error)];
      } finally {
        said.push('cleaned up');
      }
    }
    const seen: string[] = [];
    for await (const batch of relayed(steps())) seen.push(...batch);
    expect(seen).toEqual(['a', 'Error: cannot be taken']);
    expect(said).toEqual(['cancelled', 'cleaned up']);
  });
});
