import { afterEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../contract/limits.ts';
import {
  catalogOf,
  closeHosts,
  createWorld,
  GUIDE,
  newKey,
  SECRET,
  send,
  sendImage,
  startHost,
  type TestPanel,
  text,
  until,
  upload,
} from './fakes.testing.ts';

afterEach(closeHosts);

async function exportAll(panel: TestPanel): Promise<string> {
  let whole = '';
  let cursor: string | undefined;
  do {
    const slice = await panel.client.request('data.export', cursor === undefined ? {} : { cursor });
    whole += slice.text;
    cursor = slice.next;
  } while (cursor !== undefined);
  return whole;
}

describe('settings and defaults', () => {
  it('are kept, told to every panel, and taken into new conversations', async () => {
    const { panel } = startHost(createWorld());
    const [one, two] = [panel(), panel()];
    const { settings } = await one.client.ready;
    await two.client.ready;
    const changed = {
      ...settings,
      theme: 'dark',
      system: 'Be brief.',
      parameters: { temperature: 0.2 },
      choice: GUIDE,
    } as const;
    await one.client.request('settings.save', { settings: changed });
    await until(() => two.events.some((event) => event.kind === 'state' && event.state.settings.theme === 'dark'));
    const { conversation } = await two.client.request('conversation.create', { id: 'c1' });
    expect(conversation).toMatchObject({ system: 'Be brief.', parameters: { temperature: 0.2 }, choice: GUIDE });
  });

  it('follow what was used last where no default was set', async () => {
    const one = startHost(createWorld()).panel();
    const choice = { provider: 'openrouter', model: 'a/b', keyId: 'k1' };
    await one.client.request('conversation.create', { id: 'c1' });
    await one.client.request('conversation.configure', { id: 'c1', choice });
    expect((await one.client.request('conversation.create', { id: 'c2' })).conversation.choice).toEqual(choice);
  });

  it('of a conversation go into its requests, and one message may have its own', async () => {
    const { gateway, panel } = startHost(createWorld());
    const one = panel();
    await one.client.request('conversation.create', { id: 'c1' });
    await one.client.request('conversation.configure', {
      id: 'c1',
      system: 'In French.',
      parameters: { temperature: 0.5, maxOutputTokens: 100 },
    });
    await one.client.request('run.start', {
      runId: 'r1',
      conversationId: 'c1',
      parentId: null,
      parts: [{ type: 'text', text: 'Hi' }],
      choice: GUIDE,
      parameters: { maxOutputTokens: 7 },
    });
    expect((await gateway.call(0)).request).toMatchObject({
      system: 'In French.',
      temperature: 0.5,
      maxOutputTokens: 7,
      sessionId: 'c1',
    });
    const { conversation } = await one.client.request('conversation.open', { id: 'c1' });
    expect(conversation.parameters).toEqual({ temperature: 0.5, maxOutputTokens: 100 });
  });
});

describe('conversations', () => {
  it('are listed newest first and found by their words', async () => {
    let time = Date.now();
    const one = startHost(createWorld(), { now: () => ++time }).panel();
    await send(one, 'r1', 'Why are there tides in Brest?', 'c1');
    await send(one, 'r2', 'A recipe for bread', 'c2');
    const { conversations } = await one.client.request('conversation.list', {});
    expect(conversations.map(({ id, title, busy }) => [id, title, busy])).toEqual([
      ['c2', 'A recipe for bread', true],
      ['c1', 'Why are there tides in Brest?', true],
    ]);
    const found = await one.client.request('conversation.list', { search: 'brest TIDES' });
    expect(found.conversations).toMatchObject([{ id: 'c1', excerpt: 'Why are there tides in Brest?' }]);
    expect((await one.client.request('conversation.list', { search: 'cheese' })).conversations).toEqual([]);
  });

  it('keep the name the user gave them, and take one again when it is taken away', async () => {
    const one = startHost(createWorld()).panel();
    await one.client.request('conversation.create', { id: 'c1' });
    await one.client.request('conversation.rename', { id: 'c1', title: '  Mine  ' });
    const { assistantMessage } = await send(one, 'r1', 'Something else');
    const title = async () => (await one.client.request('conversation.open', { id: 'c1' })).conversation.title;
    expect(await title()).toBe('Mine');
    await one.client.request('conversation.rename', { id: 'c1', title: ' ' });
    await send(one, 'r2', 'Named anew', 'c1', assistantMessage.id);
    expect(await title()).toBe('Named anew');
  });

  it('that do not exist are refused', async () => {
    const one = startHost(createWorld()).panel();
    for (const attempt of [
      one.client.request('conversation.open', { id: 'x' }),
      one.client.request('conversation.rename', { id: 'x', title: 'y' }),
      one.client.request('conversation.branch', { id: 'x', headId: 'y' }),
      one.client.request('draft.save', { conversationId: 'x', draft: 'y' }),
      one.client.request('run.attach', { runId: 'x', fromSeq: 0 }),
      one.client.request('run.start', {
        runId: 'r',
        conversationId: 'x',
        parentId: null,
        parts: [{ type: 'text', text: 'y' }],
        choice: GUIDE,
      }),
    ]) {
      await expect(attempt).rejects.toMatchObject({ failure: { message: expect.stringContaining('deleted') } });
    }
  });
});

describe('the model list', () => {
  it('has every key’s models and the guide, with exact prices per million and no guess', async () => {
    const world = createWorld();
    const key = await world.vault.add(newKey);
    const asked: string[] = [];
    const { panel } = startHost(world, {
      catalog: catalogOf({
        openrouter: [
          {
            id: 'a/known',
            provider: 'openrouter',
            name: 'Known',
            source: 'live',
            price: { input: '0.00000015', output: '0.0000006000000000000000000001', request: '0.005' },
            contextTokens: 128_000,
            maxOutputTokens: 4_096,
            input: ['text', 'image'],
            parameters: ['temperature', 'tools'],
            expires: '2027-01-01',
          },
          { id: 'a/unknown', provider: 'openrouter', source: 'live' },
          { id: 'a/embed', provider: 'openrouter', source: 'live', chat: false },
        ],
        guide: [
          {
            id: 'guide',
            provider: 'guide',
            name: 'Built-in guide',
            source: 'snapshot',
            free: true,
            price: { input: '0', output: '0' },
          },
        ],
      }),
      refreshModels: async (one) => {
        asked.push(one.id);
        return { kind: 'network', retryable: true, fallbackable: true, message: 'Not reached.', userAction: 'retry' };
      },
    });
    const one = panel();
    const choice = (model: string) => ({ provider: 'openrouter', model, keyId: key.id });
    const { models, failures } = await one.client.request('models.list', {});
    expect(failures).toEqual([]);
    expect(models).toEqual([
      {
        choice: choice('a/known'),
        name: 'Known',
        providerName: 'OpenRouter',
        keyLabel: 'Mine',
        contextTokens: 128_000,
        maxOutputTokens: 4_096,
        inputPerMillion: '0.15',
        outputPerMillion: '0.600000000000000001',
        perRequest: '0.005',
        input: ['text', 'image'],
        reasoning: false,
        tools: true,
        expires: '2027-01-01',
      },
      { choice: choice('a/unknown'), name: 'a/unknown', providerName: 'OpenRouter', keyLabel: 'Mine' },
      {
        choice: GUIDE,
        name: 'Built-in guide',
        providerName: 'Built-in guide',
        keyLabel: '',
        free: true,
        inputPerMillion: '0',
        outputPerMillion: '0',
        note: 'not an AI model',
      },
    ]);
    expect(asked).toEqual([]);
    const refreshed = await one.client.request('models.list', { refresh: true });
    expect(asked).toEqual([key.id]);
    expect(refreshed).toMatchObject({ failures: [{ message: 'Not reached.' }], models: { length: 3 } });
  });
});

describe('export', () => {
  it('is one JSON document of everything but secrets, in slices', async () => {
    const world = createWorld();
    const key = await world.vault.add({
      ...newKey,
      caps: [{ limit: 1_500_000_000n, window: 'month' }],
      scope: { models: ['a/*'], perRequest: 250_000_000n },
    });
    const request = {
      id: 'x1',
      account: key.fingerprint,
      policyVersion: key.policy.version,
      caps: key.policy.caps,
      bound: 2n,
      provider: 'openrouter',
      model: 'a/b',
      runId: 'r1',
    };
    await world.ledger.reserve([request], { id: 'o', leaseMs: 60_000 });
    await world.ledger.markSent('x1');
    await world.ledger.settle('x1', { amount: 1n, source: 'provider', inputTokens: 3 });
    const { gateway, panel } = startHost(world);
    const one = panel();
    const bytes = crypto.getRandomValues(new Uint8Array(65_536));
    const big = new Uint8Array(LIMITS.sliceBytes + 5_000);
    big.set(bytes);
    await upload(one, 'b1', big);
    await upload(one, 'b2', bytes);
    await send(one, 'r1', 'A "quoted" question', 'c1');
    (await gateway.call(0)).emit(text(0, 'An answer'));
    (await gateway.call(0)).finish();
    await one.ended('r1');
    await sendImage(one, 'r2', 'b1', 'c2');
    await one.client.request('settings.save', { settings: { ...(await one.client.ready).settings, system: 'S' } });

    const whole = await exportAll(one);
    const document = JSON.parse(whole);
    expect(document).toMatchObject({ format: 'patchbay-export', version: 1, settings: { system: 'S' } });
    expect(document.keys).toEqual([
      {
        id: key.id,
        label: 'Mine',
        provider: 'openrouter',
        origin: 'https://openrouter.ai',
        baseUrl: key.baseUrl,
        lastFour: 'cdef',
        createdAt: key.createdAt,
        caps: [{ limitUsd: '1.5', window: 'month' }],
        scope: { models: ['a/*'], perRequestUsd: '0.25' },
      },
    ]);
    expect(document.ledger).toMatchObject([
      {
        id: 'x1',
        keyId: key.id,
        boundUsd: '0.000000002',
        countedUsd: '0.000000001',
        settlement: { amountUsd: '0.000000001', source: 'provider', inputTokens: 3 },
      },
    ]);
    const conversations = document.conversations as { conversation: { id: string }; messages: unknown[] }[];
    expect(conversations.map(({ conversation }) => conversation.id)).toEqual(['c1', 'c2']);
    expect(conversations[0]?.messages).toEqual(await world.conversations.messages('c1'));
    expect(document.blobs.map((blob: { id: string }) => blob.id)).toEqual(['b1', 'b2']);
    expect(Buffer.compare(Buffer.from(document.blobs[0].base64, 'base64'), big)).toBe(0);
    expect(Buffer.compare(Buffer.from(document.blobs[1].base64, 'base64'), bytes)).toBe(0);
    expect(whole).not.toContain(SECRET.slice(10));
    expect(whole).not.toContain(key.fingerprint);
  });

  it('of nothing is a document, too; a cursor of nobody is refused', async () => {
    const one = startHost(createWorld()).panel();
    expect(JSON.parse(await exportAll(one))).toMatchObject({ conversations: [], blobs: [], keys: [], settings: null });
    await expect(one.client.request('data.export', { cursor: 'nonsense' })).rejects.toMatchObject({
      failure: { kind: 'internal' },
    });
  });

  it('goes on when a blob is deleted in the middle of it', async () => {
    const world = createWorld();
    const one = startHost(world).panel();
    await upload(one, 'b1', new Uint8Array(LIMITS.sliceBytes + 1));
    await upload(one, 'b2', new Uint8Array(3));
    const slice = await one.client.request('data.export', { cursor: 'blobs' });
    await world.blobs.delete(['b1']);
    const rest = await one.client.request('data.export', { cursor: slice.next ?? '' });
    const last = await one.client.request('data.export', { cursor: rest.next ?? '' });
    expect(JSON.parse(`[${slice.text}${rest.text}${last.text}]`).map((blob: { id: string }) => blob.id)).toEqual([
      'b1',
      'b2',
    ]);
  });
});

describe('deleting everything', () => {
  it('stops what runs and leaves no conversation, blob, setting or charge; keys only if asked', async () => {
    const world = createWorld();
    const key = await world.vault.add(newKey);
    let forgotten = 0;
    const deleteProductData = async () => {
      forgotten += 1;
    };
    const { gateway, panel } = startHost(world, { deleteProductData });
    const [one, two] = [panel(), panel()];
    await two.client.ready;
    await upload(one, 'b1', new Uint8Array(3));
    await send(one, 'r1', 'Hi');
    const call = await gateway.call(0);
    call.emit(text(0, 'Going'));
    await until(() => one.text('r1') === 'Going');
    await one.client.request('settings.save', { settings: { ...(await one.client.ready).settings, theme: 'dark' } });

    await one.client.request('data.deleteAll', { keys: false });
    expect(call.options.signal.aborted).toBe(true);
    expect(forgotten).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([await world.conversations.conversations(), await world.blobs.list()]).toEqual([[], []]);
    expect([await world.conversations.settings(), await world.conversations.run('r1')]).toEqual([undefined, undefined]);
    expect((await world.vault.list()).map(({ id }) => id)).toEqual([key.id]);
    await until(() => two.events.some((event) => event.kind === 'conversations' && event.conversations.length === 0));

    await one.client.request('data.deleteAll', { keys: true });
    expect(await world.vault.list()).toEqual([]);
    await send(one, 'r2', 'A new beginning');
  });
});

describe('the product’s own place for keys', () => {
  it('is opened on request', async () => {
    const asked: unknown[] = [];
    const one = startHost(createWorld(), { openKeys: (options) => void asked.push(options) }).panel();
    await one.client.request('keys.manage', { reason: 'caps', keyId: 'k1' });
    expect(asked).toEqual([{ reason: 'caps', keyId: 'k1' }]);
  });
});
