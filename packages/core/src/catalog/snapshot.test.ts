import { describe, expect, test } from 'vitest';
import { buildSnapshot, committedSnapshot, renderSnapshot } from '../../../../scripts/generate-snapshot.ts';
import { data } from './generated/snapshot.ts';
import { createSnapshot, loadSnapshot } from './snapshot.ts';

describe('the bundled snapshot', () => {
  test('is what the pinned package gives: run `node scripts/generate-snapshot.ts` after an update', () => {
    expect(committedSnapshot()).toBe(renderSnapshot(buildSnapshot(data.asOf)));
  });

  test('stays small', () => {
    expect(committedSnapshot()?.length).toBeLessThan(120_000);
  });

  test('prices every row, exactly, by the token', () => {
    for (const [provider, rows] of Object.entries(data.providers)) {
      const snapshot = createSnapshot(data);
      for (const row of rows) {
        const model = snapshot.find(provider, row.id);
        expect(model?.price?.input, `${provider}/${row.id}`).toMatch(/^\d+(\.\d+)?$/);
        expect(model?.price?.output).toMatch(/^\d+(\.\d+)?$/);
        expect(model).not.toHaveProperty('input');
        expect(model).not.toHaveProperty('parameters');
        expect(model).not.toHaveProperty('maxOutputTokens');
      }
    }
  });

  test('loads on demand', async () => {
    const snapshot = await loadSnapshot();
    expect(snapshot.asOf).toBe(data.asOf);
    expect(snapshot.find('openai', 'gpt-4o')?.price?.input).toBe('0.0000025');
  });
});

describe('createSnapshot', () => {
  const snapshot = createSnapshot({
    asOf: '2026-01-01',
    source: 'by hand',
    providers: {
      acme: [
        { id: 'one', in: '2.5', out: '10', read: '0.25', web: '10', ask: '5', ctx: 1000, also: ['uno', 'two'] },
        { id: 'two', in: '0.039', out: '1' },
        { id: 'old', in: '1', out: '1', like: ['^old-\\d{4}$'], old: true },
        {
          id: 'night',
          in: '1',
          out: '1',
          tiers: [
            { from: 30, to: 1630, in: '2' },
            { above: 272_000, out: '4' },
          ],
        },
      ],
    },
  });

  test('turns prices per million into prices per token, and per thousand searches or requests into one', () => {
    expect(snapshot.find('acme', 'one')).toEqual({
      id: 'one',
      contextTokens: 1000,
      price: { input: '0.0000025', output: '0.00001', cacheRead: '0.00000025', webSearch: '0.01', request: '0.005' },
      aliases: ['uno', 'two'],
    });
    expect(snapshot.find('acme', 'two')?.price?.input).toBe('0.000000039');
  });

  test('finds other names and patterns, an id before another’s other name', () => {
    expect(snapshot.find('acme', 'uno')?.id).toBe('one');
    expect(snapshot.find('acme', 'two')?.id).toBe('two');
    expect(snapshot.find('acme', 'old-2024')?.id).toBe('old');
    expect(snapshot.find('acme', 'old-24')).toBeUndefined();
    expect(snapshot.find('acme', 'nobody')).toBeUndefined();
    expect(snapshot.find('nobody', 'one')).toBeUndefined();
    expect(snapshot.find('constructor', 'one')).toBeUndefined();
  });

  test('keeps tiers apart', () => {
    expect(snapshot.find('acme', 'night')?.price?.tiers).toEqual([
      { utcStart: 30, utcEnd: 1630, input: '0.000002' },
      { abovePromptTokens: 272_000, output: '0.000004' },
    ]);
  });

  test('lists what can still be asked for', () => {
    expect(snapshot.list('acme').map((model) => model.id)).toEqual(['one', 'two', 'night']);
    expect(snapshot.list('nobody')).toEqual([]);
  });
});
