import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEditKeeper } from './edit-keeper.ts';
import { beginEdit, endStream, streamLines } from './session.ts';
import { type StoredEdit, storedEdit } from './stored-edit.ts';

const DAY = 24 * 3600 * 1000;
const edit = (uri: string, savedAt: number): StoredEdit => {
  const state = endStream(streamLines(beginEdit(0, 'one\n', '\n'), ['two\n']), 'complete');
  return storedEdit(state, 'two\n', { uri, savedAt });
};

function lab(now = 100 * DAY) {
  const files = new Map<string, string>();
  const log: string[] = [];
  let broken = false;
  const note = async (what: string, work: () => void) => {
    log.push(what);
    if (broken) throw new Error('disk full');
    work();
  };
  const keeper = createEditKeeper(
    {
      read: async () => [...files.values()],
      write: (uri, text) => note(`write ${uri}`, () => files.set(uri, text)),
      remove: (uri) => note(`remove ${uri}`, () => files.delete(uri)),
    },
    () => now,
  );
  return { files, log, keeper, breakDisk: () => (broken = true), mendDisk: () => (broken = false), now };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('keeping edits', () => {
  it('writes the last of many changes once, a moment later', async () => {
    const { keeper, files, log, now } = lab();
    for (let at = 0; at < 50; at++) keeper.keep('a', () => edit('a', now - 50 + at));
    expect(log).toEqual([]);
    await vi.runAllTimersAsync();
    expect(log).toEqual(['write a']);
    expect(JSON.parse(files.get('a') ?? '')).toMatchObject({ savedAt: now - 1 });
    keeper.keep('a', () => edit('a', now));
    await vi.runAllTimersAsync();
    expect(await keeper.kept()).toEqual([edit('a', now)]);
  });

  it('never brings back what was decided, whatever waited or was being written', async () => {
    const { keeper, files, log, now } = lab();
    keeper.keep('a', () => edit('a', now));
    keeper.forget('a');
    keeper.keep('b', () => edit('b', now));
    keeper.flush();
    keeper.forget('b');
    await vi.runAllTimersAsync();
    expect(log).toEqual(['remove a', 'write b', 'remove b']);
    expect(files.size).toBe(0);
  });

  it('writes at once what waits when the window ends, and nothing where nothing waits for a decision', async () => {
    const { keeper, log, now } = lab();
    keeper.keep('a', () => edit('a', now));
    keeper.keep('b', () => undefined);
    keeper.flush();
    await Promise.resolve();
    expect(log).toEqual(['write a']);
    await vi.runAllTimersAsync();
    expect(log).toEqual(['write a']);
  });

  it('leaves out what it cannot read, and lets go of what is a month old', async () => {
    const { keeper, files, log, now } = lab();
    files.set('a', '{"v":1,');
    files.set('b', JSON.stringify(edit('b', now - 31 * DAY)));
    files.set('c', JSON.stringify(edit('c', now - 29 * DAY)));
    expect((await keeper.kept()).map(({ uri }) => uri)).toEqual(['c']);
    await vi.runAllTimersAsync();
    expect(log).toEqual(['remove b']);
  });

  it('goes on after a disk that took nothing', async () => {
    const { keeper, files, breakDisk, mendDisk, now } = lab();
    breakDisk();
    keeper.keep('a', () => edit('a', now));
    await vi.runAllTimersAsync();
    mendDisk();
    keeper.keep('a', () => edit('a', now));
    await vi.runAllTimersAsync();
    expect([...files.keys()]).toEqual(['a']);
  });
});
