import { createHook } from 'node:async_hooks';
import {
  createGateway,
  createMemoryLedger,
  createMemoryVault,
  type Gateway,
  type Key,
  type ProviderOverrides,
} from '@patchbay/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bodyOf } from '../bench/harness.ts';
import { chunksOf, WIRE_NAMES, WIRES, type WireName } from '../bench/wire.ts';

/** Who speaks this wire, and what such a key is set to. */
const SPEAKERS: Readonly<Record<WireName, { readonly provider: string; readonly overrides?: ProviderOverrides }>> = {
  openai: { provider: 'openai', overrides: { dialect: 'openai-chat' } },
  openrouter: { provider: 'openrouter' },
  responses: { provider: 'openai', overrides: { dialect: 'openai-responses' } },
  anthropic: { provider: 'anthropic' },
  gemini: { provider: 'google' },
  cohere: { provider: 'cohere' },
};

const FEW = 200;
const MANY = 1_200;

let ids = 0;
const newId = () => `id-${++ids}`;

async function product(wire: WireName, fetch: () => Promise<Response>): Promise<{ gateway: Gateway; key: Key }> {
  const ledger = createMemoryLedger();
  const vault = createMemoryVault({
    raisePolicy: (account, version) => ledger.raisePolicy(account, version),
    now: Date.now,
    newId,
  });
  const key = await vault.add({
    label: 'Work',
    ...SPEAKERS[wire],
    baseUrl: 'http://127.0.0.1:9/v1',
    secret: 'secret-0123456789',
    caps: [{ limit: 1_000_000_000_000n, window: 'day' }],
  });
  const gateway = createGateway({
    fetch,
    vault,
    ledger,
    catalog: {
      find: async (provider, id) => ({ id, provider, source: 'live', price: { input: '0', output: '0' } }),
      list: async () => [],
    },
    blob: async () => undefined,
    owner: { id: 'owner', leaseMs: 30_000 },
    now: Date.now,
    newId,
  });
  return { gateway, key };
}

/** Promises made in this thread while an answer of so many deltas goes through the whole gateway, and what it said. */
async function answer(
  wire: WireName,
  chunks: readonly Uint8Array[],
): Promise<{ promises: number; characters: number }> {
  const { gateway, key } = await product(
    wire,
    async () => new Response(bodyOf(chunks), { headers: { 'content-type': 'text/event-stream' } }),
  );
  let promises = 0;
  let characters = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PROMISE') promises++;
    },
  });
  hook.enable();
  const request = {
    choice: { provider: key.provider, model: 'm', keyId: key.id },
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'x' }] }],
  } as const;
  for await (const events of gateway.chat(request, { runId: newId(), signal: new AbortController().signal })) {
    for (const event of events) {
      if (event.type === 'text') characters += event.text.length;
      if (event.type === 'finish' && event.failure) throw new Error(event.failure.message);
    }
  }
  hook.disable();
  return { promises, characters };
}

/** What one more delta costs; whatever else goes on in the process can only add to a count, so the least one holds. */
async function promisesPerDelta(wire: WireName, chunking: Parameters<typeof chunksOf>[1]): Promise<number> {
  const count = async (deltas: number) => {
    const { events, characters } = WIRES[wire].sample(deltas);
    const chunks = chunksOf(events, chunking);
    const counts: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const told = await answer(wire, chunks);
      expect(told.characters).toBe(characters);
      counts.push(told.promises);
    }
    return Math.min(...counts);
  };
  return ((await count(MANY)) - (await count(FEW))) / (MANY - FEW);
}

afterEach(() => vi.restoreAllMocks());

describe.each(WIRE_NAMES)('an answer on the %s wire, from its connection to the last event', (wire) => {
  // Three of them are the stream's own: `read()`, the wait for it, and the source's pull.
  it('costs four promises a delta that comes by itself', async () => {
    expect(await promisesPerDelta(wire, 'one event a read')).toBeLessThanOrEqual(4.05);
  });

  it('costs a fraction of one where deltas come together', async () => {
    expect(await promisesPerDelta(wire, '16 events a read')).toBeLessThanOrEqual(0.4);
  });

  it('goes through no transform, pipe or second stream', async () => {
    const forbidden = [
      vi.spyOn(ReadableStream.prototype, 'pipeThrough'),
      vi.spyOn(ReadableStream.prototype, 'pipeTo'),
      vi.spyOn(ReadableStream.prototype, 'tee'),
      vi.spyOn(globalThis, 'TransformStream'),
      vi.spyOn(globalThis, 'TextDecoderStream'),
    ];
    const { events, characters } = WIRES[wire].sample(50);
    expect((await answer(wire, chunksOf(events, 'one event a read'))).characters).toBe(characters);
    for (const one of forbidden) expect(one).not.toHaveBeenCalled();
  });
});
