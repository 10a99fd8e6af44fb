import { LIMITS } from '@patchbay/chat/contract';
import type { ChatEvent, Json, MessageRecord, Part, PartType } from '@patchbay/core';
import { createBlobStore, createConversationStore, createDatabase, type Database } from '@patchbay/stores/indexeddb';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, describe, expect, it } from 'vitest';
import {
  closeHosts,
  createWorld,
  startHost,
  type TestHost,
  type TestPanel,
  type World,
} from '../../packages/chat/src/host/fakes.testing.ts';

/**
 * What a provider wants back must come back as it was: over the port, into the store, through a restart, and into the next
 * request. Each turn here has the shape of its wire; text in it has everything that encodings like to lose.
 */

const opened: Database[] = [];
afterEach(() => {
  closeHosts();
  for (const database of opened.splice(0)) database.close();
});

/** A process on the disk of `factory`. */
function boot(factory: IDBFactory): { world: World; end(): void } {
  const database = createDatabase({ factory });
  opened.push(database);
  const world = createWorld({ conversations: createConversationStore(database), blobs: createBlobStore(database) });
  return { world, end: () => database.close() };
}

const ODD = 'line\u2028separator, nul \u0000, half a pair \ud83d, whole 🌊, "quotes", \\ and é';

interface Turn {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  /** What the decoder says, in order. */
  readonly parts: readonly { readonly of: PartType; readonly events: readonly ChatEvent[]; readonly raw?: Json }[];
}

const text = (part: number, words: string): ChatEvent => ({ type: 'text', part, text: words });
const thought = (part: number, words: string): ChatEvent => ({ type: 'reasoning', part, text: words });
const call = (part: number, callId: string, name: string, args: string): readonly ChatEvent[] => [
  { type: 'tool-call-start', part, callId, name },
  { type: 'tool-call-arguments', part, delta: args.slice(0, 3) },
  { type: 'tool-call-arguments', part, delta: args.slice(3) },
  { type: 'tool-call-end', part, callId, name, arguments: args },
];

const turns: readonly Turn[] = [
  {
    name: 'a Gemini 3 tool turn with thought signatures',
    provider: 'gemini',
    model: 'gemini-3-pro-preview',
    parts: [
      {
        of: 'reasoning',
        events: [thought(0, `Two places. ${ODD}`)],
        raw: { text: `Two places. ${ODD}`, thought: true },
      },
      {
        of: 'tool-call',
        events: call(1, 'call_0', 'weather', '{"place":"Brest","unit":1e2}'),
        // The first of parallel calls alone carries the signature.
        raw: {
          functionCall: { name: 'weather', args: { place: 'Brest', unit: 1e2 } },
          thoughtSignature: `EjQKMgFyy3tu${'A'.repeat(2000)}+/==`,
        },
      },
      {
        of: 'tool-call',
        events: call(2, 'call_1', 'weather', '{"place":"Nantes"}'),
        raw: { functionCall: { args: { place: 'Nantes' }, name: 'weather' } },
      },
      // An empty text part whose only content is a signature, and which must be echoed.
      { of: 'text', events: [], raw: { text: '', thoughtSignature: 'EiYKJGUyNDgzMGE3LTVjZDYtNDJmZS05OThi' } },
    ],
  },
  {
    name: 'an Anthropic thinking and tool turn',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    parts: [
      {
        of: 'reasoning',
        events: [thought(0, 'I should look '), thought(0, ODD)],
        raw: { type: 'thinking', thinking: `I should look ${ODD}`, signature: `ErUBCkYIBxgCKkD${'x'.repeat(900)}==` },
      },
      {
        of: 'reasoning',
        events: [],
        raw: { type: 'redacted_thinking', data: `EmwKAhgBEgy3va3pzix/LafPsn4a${'q'.repeat(400)}` },
      },
      { of: 'text', events: [text(2, 'Let me see.')], raw: { type: 'text', text: 'Let me see.', citations: null } },
      {
        of: 'tool-call',
        events: call(3, 'toolu_01A09q90qw90lq917835lq9', 'get_weather', '{"location": "San Francisco, CA"}'),
        raw: {
          type: 'tool_use',
          id: 'toolu_01A09q90qw90lq917835lq9',
          name: 'get_weather',
          input: { location: 'San Francisco, CA' },
        },
      },
    ],
  },
  {
    name: 'an OpenAI Responses turn with item ids and phase',
    provider: 'openai',
    model: 'gpt-5.2-codex',
    parts: [
      {
        of: 'reasoning',
        events: [thought(0, '**Looking** at it')],
        raw: {
          id: 'rs_0a1b2c3d4e5f',
          type: 'reasoning',
          summary: [{ type: 'summary_text', text: '**Looking** at it' }],
          encrypted_content: `gAAAAABpQ${'Z'.repeat(3000)}`,
        },
      },
      {
        of: 'text',
        events: [text(1, 'I will look first.')],
        raw: { id: 'msg_01', type: 'message', status: 'completed', role: 'assistant', phase: 'commentary' },
      },
      {
        of: 'tool-call',
        events: call(2, 'call_AbC', 'shell', '{"cmd":"ls \\"-la\\""}'),
        raw: {
          id: 'fc_02',
          type: 'function_call',
          call_id: 'call_AbC',
          name: 'shell',
          arguments: '{"cmd":"ls \\"-la\\""}',
        },
      },
      {
        of: 'server-tool',
        events: [
          {
            type: 'server-tool',
            part: 3,
            callId: 'ws_1',
            name: 'web_search',
            input: { query: 'tides' },
            output: [1.5, null],
          },
        ],
        raw: { id: 'ws_1', type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'tides' } },
      },
      {
        of: 'text',
        events: [text(4, `Done. ${ODD}`)],
        raw: { id: 'msg_03', type: 'message', phase: 'final_answer', annotations: [] },
      },
      { of: 'citation', events: [{ type: 'citation', part: 5, url: 'https://example.org/', title: 'T', quote: ODD }] },
    ],
  },
];

const choice = { provider: 'openrouter', model: 'a/b' };

async function ask(panel: TestPanel, runId: string, parentId: string | null, parts?: readonly Part[]) {
  const params = { runId, conversationId: 'c1', parentId, choice, ...(parts && { parts }) };
  return panel.client.request('run.start', params);
}

/** Equal to the last byte: the same fields in the same order. */
const identical = (actual: unknown, expected: unknown) => expect(JSON.stringify(actual)).toBe(JSON.stringify(expected));

async function answerOf(
  host: TestHost,
  panel: TestPanel,
  index: number,
  runId: string,
  events: readonly ChatEvent[],
): Promise<MessageRecord> {
  const scripted = await host.gateway.call(index);
  for (const event of events) scripted.emit(event);
  scripted.finish();
  return (await panel.ended(runId)).message;
}

describe.each(turns)('$name', ({ provider, model, parts }) => {
  const events: readonly ChatEvent[] = [
    { type: 'attempt-start', attempt: { number: 1, provider, model }, maxOutputTokens: 100 },
    ...parts.flatMap(({ of, events: said, raw }, part): readonly ChatEvent[] => [
      ...said,
      ...(raw === undefined ? [] : [{ type: 'raw-part' as const, part, of, raw }]),
    ]),
  ];
  const raws = parts.map(({ raw }) => raw);
  const rawsOf = (list: readonly Part[]) => list.map((part) => part.raw);

  it('comes back from port, store, restart and replay as it was', async () => {
    const factory = new IDBFactory();
    const first = boot(factory);
    const host = startHost(first.world);
    const one = host.panel();
    await one.client.request('conversation.create', { id: 'c1' });
    await ask(one, 'r1', null, [{ type: 'text', text: ODD }]);
    // Over the port …
    const message = await answerOf(host, one, 0, 'r1', events);
    identical(rawsOf(message.parts), raws);
    expect(message.parts.map((part) => part.type)).toEqual(parts.map(({ of }) => of));
    for (const part of message.parts) expect(part.origin).toEqual({ provider, model });
    // … in the store, and in a process that never saw it.
    identical(await first.world.conversations.message(message.id), message);
    closeHosts();
    first.end();
    const second = boot(factory);
    const next = startHost(second.world);
    const two = next.panel();
    const view = await two.client.request('conversation.open', { id: 'c1' });
    identical(view.messages[1], message);
    expect(view.messages[0]?.parts).toEqual([{ type: 'text', text: ODD }]);

    // The tools' results go under it, and everything goes to the model again.
    const results = parts.flatMap(({ events: said }) =>
      said.flatMap((event): readonly Part[] =>
        event.type === 'tool-call-end'
          ? [{ type: 'tool-result', callId: event.callId, name: event.name, content: [{ type: 'text', text: ODD }] }]
          : [],
      ),
    );
    const tool: MessageRecord = {
      v: 1,
      id: 'tool',
      conversationId: 'c1',
      parentId: message.id,
      createdAt: message.createdAt + 1,
      role: 'tool',
      parts: results,
      status: 'complete',
    };
    await second.world.conversations.write([{ put: 'message', record: tool }]);
    const { userMessage } = await ask(two, 'r2', 'tool', [{ type: 'text', text: 'Go on' }]);
    const sent = (await next.gateway.call(0)).request.messages;
    expect(sent.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
    identical(sent[1]?.parts, message.parts);
    identical(sent[2]?.parts, results);
    await answerOf(next, two, 0, 'r2', [text(0, 'Gone on.')]);
    // Once more as another branch.
    await ask(two, 'r3', userMessage.id);
    identical((await next.gateway.call(1)).request.messages.slice(0, 3), sent.slice(0, 3));
  });

  it('comes to a panel that opens in the middle of it as it was', async () => {
    const host = startHost(boot(new IDBFactory()).world);
    const [one, two] = [host.panel(), host.panel()];
    await one.client.request('conversation.create', { id: 'c1' });
    await ask(one, 'r1', null, [{ type: 'text', text: 'Hi' }]);
    const scripted = await host.gateway.call(0);
    for (const event of events) scripted.emit(event);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const view = await two.client.request('conversation.open', { id: 'c1' });
    identical(rawsOf(view.messages[1]?.parts ?? []), raws);
    await two.client.request('run.attach', { runId: 'r1', fromSeq: 0 });
    scripted.finish();
    await two.ended('r1');
    const replayed = two.events.flatMap((event) => (event.kind === 'run.batch' ? event.batch.events : []));
    identical(
      replayed.flatMap((event) => (event.type === 'raw-part' ? [event.raw] : [])),
      raws.filter((raw) => raw !== undefined),
    );
  });
});

describe('a 5 MB image', () => {
  const bytes = new Uint8Array(5 * 1024 * 1024);
  for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));

  async function read(panel: TestPanel, id: string): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let offset = 0; offset < bytes.length; offset += LIMITS.sliceBytes) {
      const { base64 } = await panel.client.request('blob.read', { id, offset, length: LIMITS.sliceBytes });
      pieces.push(Buffer.from(base64, 'base64'));
    }
    return Buffer.concat(pieces);
  }

  it('of the user crosses in slices, survives a restart, and never travels inside a message', async () => {
    const factory = new IDBFactory();
    const first = boot(factory);
    const one = startHost(first.world).panel();
    await one.client.request('conversation.create', { id: 'c1' });
    await one.client.request('blob.begin', { id: 'b1', mediaType: 'image/png', bytes: bytes.length });
    for (let at = 0; at < bytes.length; at += LIMITS.sliceBytes) {
      const slice = Buffer.from(bytes.subarray(at, at + LIMITS.sliceBytes)).toString('base64');
      const last = at + LIMITS.sliceBytes >= bytes.length;
      await one.client.request('blob.append', { id: 'b1', base64: slice, last });
    }
    const image: Part = {
      type: 'image',
      mediaType: 'image/png',
      source: { kind: 'blob', blobId: 'b1' },
      bytes: bytes.length,
      alt: ODD,
    };
    await ask(one, 'r1', null, [{ type: 'text', text: 'What is it?' }, image]);
    closeHosts();
    first.end();

    const next = startHost(boot(factory).world, { soleOwner: true });
    const two = next.panel();
    const view = await two.client.request('conversation.open', { id: 'c1' });
    identical(view.messages[0]?.parts[1], image);
    expect(Buffer.compare(await read(two, 'b1'), bytes)).toBe(0);
    await ask(two, 'r2', view.messages[0]?.id ?? null);
    identical((await next.gateway.call(0)).request.messages[0]?.parts[1], image);
    for (const message of two.pairs.flatMap((pair) => pair.traffic)) {
      expect(message.length).toBeLessThan(LIMITS.sliceBytes * 1.4);
    }
  });

  it('of a model moves out of the stream into a blob before anything else sees it', async () => {
    const factory = new IDBFactory();
    const first = boot(factory);
    const host = startHost(first.world);
    const one = host.panel();
    await one.client.request('conversation.create', { id: 'c1' });
    await ask(one, 'r1', null, [{ type: 'text', text: 'Draw' }]);
    const data = Buffer.from(bytes).toString('base64');
    const signature = { thoughtSignature: 'EpQBCpEB' };
    const message = await answerOf(host, one, 0, 'r1', [
      text(0, 'Here: '),
      { type: 'image', part: 1, mediaType: 'image/png', source: { kind: 'base64', data } },
      { type: 'raw-part', part: 1, of: 'image', raw: signature },
      text(2, 'There.'),
    ]);
    const [, image] = message.parts;
    expect(image).toMatchObject({ type: 'image', mediaType: 'image/png', source: { kind: 'blob' }, raw: signature });
    expect(one.pairs.flatMap((pair) => pair.traffic).join('')).not.toContain(data.slice(0, 100));
    closeHosts();
    first.end();
    const two = startHost(boot(factory).world).panel();
    const view = await two.client.request('conversation.open', { id: 'c1' });
    identical(view.messages[1], message);
    const blobId = image?.type === 'image' && image.source.kind === 'blob' ? image.source.blobId : '';
    expect(Buffer.compare(await read(two, blobId), bytes)).toBe(0);
  });
});
