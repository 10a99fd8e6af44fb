import type { HostState, KeyView } from '@patchbay/chat/contract';
import type { Reservation } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { hunkAt, hunkBeside, hunkViews, noticesText } from './edit/edit-view.ts';
import { beginEdit, endStream, streamLines } from './edit/session.ts';
import { ledgerMarkdown } from './ledger-view.ts';
import { statusView } from './status.ts';

const key = (changes: Partial<KeyView> = {}): KeyView => ({
  ...{ id: 'k1', label: 'Mine', provider: 'openrouter', providerName: 'OpenRouter', origin: 'https://openrouter.ai' },
  ...{ lastFour: 'abcd', todayUsd: '0.0123', monthUsd: '1', totalUsd: '2', locked: false, caps: [] },
  ...changes,
});

const state = (keys: readonly KeyView[], changes: Partial<HostState> = {}): HostState => ({
  contractVersion: 1,
  vault: { mode: 'device', locked: false },
  ledger: { state: 'ready' },
  keys,
  settings: { v: 1, id: 'settings', parameters: {}, theme: 'system', pinned: [], enterSends: true },
  ...changes,
});

const cap = (leftUsd: string) => ({ limitUsd: '5', window: 'day', spentUsd: '0', reservedUsd: '0', leftUsd }) as const;

describe('statusView', () => {
  it('says model, spend and cap, and warns when the cap is nearly used', () => {
    expect(statusView(state([key({ caps: [cap('4.9')] })]), 'GPT')).toMatchObject({
      text: 'GPT · $0.0123 / $5.00',
      alarm: false,
    });
    expect(statusView(state([key({ caps: [cap('0.5')] })]), 'GPT').alarm).toBe(true);
    expect(statusView(state([]), undefined)).toMatchObject({ text: 'no key yet', alarm: false });
  });

  it('tells of the key in use, and of what locks the money', () => {
    const two = state([key(), key({ id: 'k2', todayUsd: '0.5', locked: true })], {
      settings: { ...state([]).settings, choice: { provider: 'openrouter', model: 'm', keyId: 'k2' } },
      ledger: { state: 'missing', message: 'Gone.' },
    });
    expect(statusView(two, 'GPT')).toMatchObject({ text: 'GPT · $0.50', alarm: true });
    expect(statusView(two, 'GPT').tooltip).toMatch(/^Gone\.\nGPT\nMine: \$0\.0123 today, no cap\n/);
  });
});

describe('what cannot be read', () => {
  const unread = state([key({ unknown: true, todayUsd: '0' })], { ledger: { state: 'unreadable', message: 'Full.' } });
  const locked = state([], {
    vault: { mode: 'device', locked: true },
    ledger: { state: 'unreadable', message: 'The keyring does not answer.' },
  });

  it('is not shown as nothing spent, or as no key', () => {
    expect(statusView(unread, 'GPT')).toMatchObject({ text: 'GPT · spend unknown', alarm: true });
    expect(statusView(unread, 'GPT').tooltip).toMatch(/^Full\.\nGPT\nMine: what it has spent cannot be read\n/);
    expect(statusView(locked, undefined)).toMatchObject({ text: 'keys cannot be read', alarm: true });
    expect(ledgerMarkdown(unread, undefined)).toContain('| Mine | ? | ? | ? | cannot be read |');
    expect(ledgerMarkdown(unread, undefined)).toContain('The requests cannot be read.');
    expect(ledgerMarkdown(locked, undefined)).toContain('The keys cannot be read.');
  });

  it('leaves room in the status bar, however long a name is', () => {
    expect(statusView(state([key()]), '🙂'.repeat(100)).text).toBe(`${'🙂'.repeat(39)}… · $0.0123`);
  });
});

describe('ledgerMarkdown', () => {
  const reservation: Reservation = {
    ...{ id: 'r', seq: 1, account: 'a', state: 'settled', bound: 9n, counted: 12_300_000n, reservedAt: 0 },
    ...{ provider: 'openrouter', model: 'a|b', runId: 'r' },
    settlement: { amount: 12_300_000n, source: 'provider', inputTokens: 10 },
  };

  it('lists keys and requests, and lets no name break the table', () => {
    const text = ledgerMarkdown(state([key({ caps: [cap('4.9')] })]), [
      reservation,
      { ...reservation, state: 'sent', settlement: undefined } as unknown as Reservation,
    ]);
    expect(text).toContain('| Mine | $0.0123 | $1 | $2 | $4.9 of $5 day |');
    expect(text).toContain('| 1970-01-01 00:00:00 | a\\|b | OpenRouter | 10 / ? | $0.0123 | provider |');
    expect(text).toContain('running: held in full |');
  });

  it('says that nothing is there, and what is wrong', () => {
    const text = ledgerMarkdown(state([], { ledger: { state: 'newer', message: 'Reload.' } }), []);
    expect(text).toContain('> Reload.');
    expect(text).toContain('No key is stored yet.');
    expect(text).toContain('Nothing was sent yet.');
    const ahead = { message: 'The record is ahead.', details: 'Since 2099.' };
    expect(ledgerMarkdown(state([], { ledger: { state: 'ready', ahead } }), [])).toContain(
      '> The record is ahead. Since 2099.',
    );
  });
});

describe('hunkViews', () => {
  const views = (original: string, answer: readonly string[]) =>
    hunkViews(endStream(streamLines(beginEdit(10, original, '\n'), answer), 'complete'));

  it('counts lines and shows what is gone', () => {
    expect(views('a\n  old one\n\nb\n', ['a\n', 'new\n', 'b\n'])).toEqual([
      {
        ...{ id: expect.any(Number), start: 12, end: 16, counts: '−2 +1', typed: false },
        ...{ ghost: 'old one … 2 lines', removed: '  old one\n\n', diff: '-  old one\n-\n+new' },
      },
    ]);
    expect(views('a\n', ['a\n', 'b\n'])[0]).toMatchObject({ counts: '+1', ghost: '' });
    expect(views('a\n\n', ['a\n'])[0]).toMatchObject({ counts: '−1', ghost: '(empty line)', start: 12, end: 12 });
  });

  it('shows the beginning of a change that is thousands of lines long', () => {
    const old = Array.from({ length: 3000 }, (_, index) => `old ${index}\n`).join('');
    const [view] = views(old, ['new\n']);
    expect(view).toMatchObject({ counts: '−3000 +1', ghost: 'old 0 … 3000 lines', removed: old });
    expect(view?.diff.split('\n').slice(98)).toEqual(['-old 98', '-old 99', '- … 2900 more', '+new']);
  });

  it('shortens a long line without cutting a character', () => {
    expect(views(`${'🙂'.repeat(100)}\n`, ['x\n'])[0]?.ghost).toBe(`${'🙂'.repeat(79)}…`);
  });
});

describe('the change', () => {
  const original = Array.from({ length: 9 }, (_, index) => `line${index}\n`);
  const answer = original.map((line, index) => (index % 4 === 1 ? `new${index}\n` : line));
  const hunks = hunkViews(endStream(streamLines(beginEdit(0, original.join(''), '\n'), answer), 'complete'));

  it('at the cursor is the one under it, else the next, else the last', () => {
    const [first, second] = hunks;
    expect(hunks.map(({ start }) => start)).toEqual([6, 29]);
    expect([0, 6, 8, 11].map((at) => hunkAt(hunks, at))).toEqual([first, first, first, first]);
    expect([12, 30, 50].map((at) => hunkAt(hunks, at))).toEqual([second, second, second]);
    expect(hunkAt([], 3)).toBeUndefined();
  });

  it('beside the cursor is none that was passed over', () => {
    const [first, second] = hunks;
    expect([0, 6, 29, undefined].map((at) => hunkBeside(hunks, at, 1))).toEqual([first, second, first, first]);
    expect([50, 29, 6, 0].map((at) => hunkBeside(hunks, at, -1))).toEqual([second, first, second, second]);
    expect(hunkBeside([], 3, 1)).toBeUndefined();
  });
});

describe('noticesText', () => {
  const line = { kind: 'line-kept', line: '  x = 1;\n' } as const;
  const given = { kind: 'hunk-given-up', hunk: 1 } as const;

  it('says what was kept and why', () => {
    expect(noticesText([line])).toContain('“x = 1;”');
    expect(noticesText([given])).toContain('You wrote into this change');
  });

  it('says it once, however much it was', () => {
    expect(noticesText([{ kind: 'line-kept', line: '\n' }, line, line])).toMatch(/^3 lines changed .* “x = 1;”\.$/);
    expect(noticesText([line, given, given])).toMatch(/^You changed a line .* You wrote into 2 changes, /);
  });
});
