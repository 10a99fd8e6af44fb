import { describe, expect, it } from 'vitest';
import { createMemorySessionArea } from './session-area.ts';
import { createSessionState } from './session-state.ts';

describe('what the vault keeps for the session', () => {
  it('belongs to one generation and is nothing to any other', async () => {
    const state = createSessionState(createMemorySessionArea());
    const dataKey = crypto.getRandomValues(new Uint8Array(32));
    await state.unlock('g1', dataKey);
    await state.keep('g1', { ledgerId: 'l', entries: [] });
    expect(await state.unlocked('g1')).toEqual(dataKey);
    expect(await state.contents('g1')).toEqual({ ledgerId: 'l', entries: [] });
    expect(await state.unlocked('g2')).toBeUndefined();
    expect(await state.contents('g2')).toBeUndefined();
  });

  it('does not loosen a policy that it cannot read, nor forget its key', async () => {
    const area = createMemorySessionArea();
    const entry = { key: { id: 'k', label: 'Work' }, policy: { v: 9 }, secret: 's3cret-s3cret' };
    await area.set('patchbay.vault.keys', { generation: 'g1', entries: [entry] });
    await expect(createSessionState(area).contents('g1')).rejects.toThrow(/“Work” is damaged/);
    expect(JSON.stringify(await area.get('patchbay.vault.keys'))).toContain('s3cret');
  });

  it('takes what others left under its names for nothing', async () => {
    const area = createMemorySessionArea();
    await area.set('patchbay.vault.unlocked', { generation: 'g1', key: 7 });
    await area.set('patchbay.vault.used', 'yesterday');
    await area.set('patchbay.vault.keys', 'none');
    const state = createSessionState(area);
    expect(await state.unlocked('g1')).toBeUndefined();
    expect(await state.usedAt()).toBeUndefined();
    expect(await state.contents('g1')).toBeUndefined();
  });
});
