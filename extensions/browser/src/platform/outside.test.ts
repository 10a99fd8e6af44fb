import { describe, expect, it } from 'vitest';
import { createOutside } from './outside.ts';

function areaOf(values: Record<string, unknown> = {}) {
  return {
    get: async (key: string) => ({ [key]: values[key] }),
    set: async (items: Record<string, unknown>) => {
      Object.assign(values, items);
    },
  };
}

/** As the browser's: one holder at a time, whoever asks. */
function locksOf() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    request: (_name: string, work: () => Promise<unknown>) => {
      last = last.then(work, work);
      return last;
    },
  };
}

function worldOf() {
  const local = areaOf();
  let session = areaOf();
  const locks = locksOf();
  return {
    restart: () => {
      session = areaOf();
    },
    open: () => createOutside({ local, session } as never, locks as never),
  };
}

describe('createOutside', () => {
  it('does the work once after each start, and lets everybody wait for it', async () => {
    const world = worldOf();
    let works = 0;
    let over = 0;
    const work = async () => {
      works += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      over += 1;
    };
    const [background, page] = [world.open(), world.open()];
    await Promise.all(
      [background, page, background].map(async (one) => {
        await one.afterStart(work);
        expect(over).toBe(1);
      }),
    );
    expect(works).toBe(1);
    world.restart();
    await world.open().afterStart(work);
    expect(works).toBe(2);
  });

  it('does it at the next call where it failed', async () => {
    const outside = worldOf().open();
    await expect(outside.afterStart(() => Promise.reject(new Error('full')))).rejects.toThrow('full');
    let worked = false;
    await outside.afterStart(async () => {
      worked = true;
    });
    expect(worked).toBe(true);
  });

  it('remembers every database by its name, through restarts', async () => {
    const world = worldOf();
    const outside = world.open();
    expect(await outside.wasMade('a')).toBe(false);
    await Promise.all([outside.made('a'), world.open().made('b')]);
    world.restart();
    const later = world.open();
    expect([await later.wasMade('a'), await later.wasMade('b'), await later.wasMade('c')]).toEqual([true, true, false]);
  });
});
