import type { ChatRequest, Message, Part } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import type { RawServer } from '../support/raw-server.ts';
import { PROVIDERS } from './providers.ts';
import { server, stage, whom } from './raw-bed.ts';
import type { Spec } from './spec.ts';
import { createStage, LIMIT, type Outcome, say, user } from './stage.ts';
import type { Script } from './wires/script.ts';

const USAGE: Script['usage'] = { input: 100, cached: 40, output: 20, thought: 8 };
const THOUGHT = { text: 'Hm, a place.', signature: 'c2lnbmVk' };
const SOURCE = 'https://a.example/bern';
const CALLS: Script['calls'] = [
  { id: 'call_aaaaaaaaaaaaaaaaaaaaaaaa', name: 'weather', args: { city: 'Bern' } },
  { id: 'call_bbbbbbbbbbbbbbbbbbbbbbbb', name: 'now', args: {} },
];
const TOOLS: ChatRequest['tools'] = [
  { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
  { name: 'now', parameters: { type: 'object', properties: {} } },
];

/** An answer in every way it may come; each is told to be the same. */
function ways({ wire }: Spec, script: Script): Record<string, RawServer['answers'][number]> {
  const body = wire.frames(script).join('');
  const bytes = new TextEncoder().encode(body);
  return {
    'as a stream': { body },
    'as a stream, three bytes a time, every line end two characters': {
      body: async ({ write, end }) => {
        const all = new TextEncoder().encode(body.replaceAll(/\r?\n/g, '\r\n'));
        for (let at = 0; at < all.length; at += 3) await write(all.subarray(at, at + 3));
        end();
      },
    },
    'as a stream under the name of JSON': { body, type: 'application/json' },
    'in one piece': { body: JSON.stringify(wire.whole(script)), type: 'application/json' },
    'in one piece, padded, under the name of a stream': {
      body: `\n\n  ${JSON.stringify(wire.whole(script), null, 2)}\n`,
    },
    'as a stream in two halves': {
      body: async ({ write, end }) => {
        await write(bytes.subarray(0, bytes.length >> 1));
        await write(bytes.subarray(bytes.length >> 1));
        end();
      },
    },
  };
}

async function eachWay(
  spec: Spec,
  script: Script,
  check: (outcome: Outcome) => void,
  request: Partial<ChatRequest> = {},
) {
  for (const [name, answer] of Object.entries(ways(spec, script))) {
    server.answers = [answer];
    const outcome = await createStage().ask(whom(spec), request);
    try {
      check(outcome);
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }
}

describe.each(PROVIDERS.map((spec) => [spec.name, spec] as const))('%s', (_name, spec) => {
  const usage = {
    inputTokens: USAGE.input,
    outputTokens: USAGE.output,
    ...(spec.counts?.cached !== false && { cacheReadTokens: USAGE.cached }),
    ...(spec.counts?.thought !== false && { reasoningTokens: USAGE.thought }),
  };
  const price = spec.counts?.cached === false ? '0.0003' : '0.000264';
  const cost = spec.cost ?? { usd: price, source: 'price-table' };
  const nanos = BigInt(Math.round(Number(cost.usd) * 1e9));

  it('thinks, answers with its sources, and is billed to the token', async () => {
    const script: Script = {
      ...(spec.thinks && { thought: THOUGHT }),
      text: ['Grüße ', 'aus ', '🌊'],
      ...(spec.sources && { source: SOURCE }),
      usage: USAGE,
    };
    await eachWay(spec, script, (outcome) => {
      expect(outcome.finish).toMatchObject({ reason: 'stop' });
      expect(outcome.finish?.failure).toBeUndefined();
      expect(outcome.text).toBe('Grüße aus 🌊');
      expect(outcome.thought).toBe(spec.thinks ? THOUGHT.text : '');
      expect(outcome.sources).toEqual(spec.sources ? [SOURCE] : []);
      expect(outcome.usage).toMatchObject(usage);
      expect(outcome.cost).toMatchObject(cost);
      expect(outcome.left).toBe(LIMIT - nanos);
    });
    const [header, value] = spec.auth;
    for (const { path, headers, text } of server.requests) {
      expect(path).toMatch(spec.path);
      expect(headers[header]).toBe(value);
      expect(path + text).not.toContain(value);
    }
  });

  it('calls tools at once, one of them without arguments, and reads what they returned', async () => {
    const script: Script = { ...(spec.thinks && { thought: THOUGHT }), calls: CALLS, usage: USAGE };
    await eachWay(
      spec,
      script,
      (outcome) => {
        expect(outcome.finish?.reason).toBe('tool-calls');
        expect(outcome.calls.map(({ name, arguments: args }) => [name, JSON.parse(args)])).toEqual([
          ['weather', { city: 'Bern' }],
          ['now', {}],
        ]);
        expect(outcome.finalCalls).toEqual(outcome.calls.map(({ callId }) => callId));
      },
      { tools: TOOLS },
    );
    server.requests.length = 0;
    server.answers = [
      { body: spec.wire.frames(script).join('') },
      { body: spec.wire.frames({ text: ['Sunny.'], usage: USAGE }).join('') },
    ];
    const first = await stage.ask(whom(spec), { tools: TOOLS });
    const history = [user(say('Hello')), { role: 'assistant' as const, parts: first.parts }, resultsOf(first)];
    const second = await stage.ask(whom(spec), { tools: TOOLS, messages: history });
    expect(second.text).toBe('Sunny.');
    const sent = server.requests[1]?.text ?? '';
    expect(sent).toMatch(/sun.*noon/s);
    if (spec.goesBack !== undefined) expect(sent).toContain(spec.goesBack);
    // Nobody else hears of it, and the user is told.
    const foreign = await stage.ask({ ...whom(spec), model: spec.other }, { tools: TOOLS, messages: history });
    expect(server.requests[2]?.text).not.toContain('c2lnbmVk');
    expect(server.requests[2]?.text).not.toContain('Hm, a place');
    expect(foreign.notices.includes('reasoning-dropped')).toBe(spec.thinks === true);
  });

  it('is cut off by its maximum, and none of its calls may be acted on', async () => {
    await eachWay(spec, { calls: CALLS?.slice(0, 1) ?? [], short: true, usage: USAGE }, (outcome) => {
      expect(outcome.finish?.reason).toBe('length');
      expect(outcome.finalCalls).toEqual([]);
    });
  });

  it('declines', async () => {
    await eachWay(spec, { refusal: 'I cannot help with that.', usage: USAGE }, (outcome) => {
      expect(outcome.finish?.failure?.kind).toBe(spec.declines);
    });
  });

  if (spec.pictures) {
    it('draws', async () => {
      await eachWay(spec, { image: 'aW1hZ2U=', usage: USAGE }, ({ parts, finish }) => {
        expect(finish?.reason).toBe('stop');
        expect(parts.filter((part) => part.type === 'image')).toMatchObject([
          { mediaType: 'image/png', source: { kind: 'base64', data: 'aW1hZ2U=' } },
        ]);
      });
    });
  }

  it('is asked with a picture, a PDF, tools and a schema, in its own words', async () => {
    server.answers = [{ body: spec.wire.frames({ text: ['{}'], usage: USAGE }).join('') }];
    const media: Part[] = [
      { type: 'image', mediaType: 'image/png', source: { kind: 'base64', data: 'UElD' } },
      { type: 'file', name: 'a.pdf', mediaType: 'application/pdf', source: { kind: 'base64', data: 'UERG' } },
    ];
    const shape = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };
    const { notices, finish } = await stage.ask(whom(spec), {
      system: 'Be brief.',
      messages: [user(say('Where?'), ...media)],
      responseFormat: { type: 'json-schema', name: 'place', schema: shape, strict: true },
    });
    expect(finish?.failure).toBeUndefined();
    const sent = server.requests[0]?.text ?? '';
    expect(sent).toMatch(/Be brief\..*Where\?|Where\?.*Be brief\./s);
    expect(sent).toContain('UElD');
    expect(sent).toContain(spec.schema);
    if (spec.pdf === undefined) {
      expect(sent).not.toContain('UERG');
      expect(notices).toContain('part-described');
    } else expect(sent).toContain(spec.pdf);
    await stage.ask(whom(spec), { tools: TOOLS, toolChoice: 'required' });
    expect(server.requests[1]?.text).toMatch(/weather.*(?:required|any|ANY|REQUIRED)/s);
    await stage.ask(whom(spec), { reasoningEffort: 'high', sessionId: 'conversation-1', system: 'Be brief.' });
    const third = server.requests[2]?.text ?? '';
    if (spec.effort !== undefined) expect(third).toContain(spec.effort);
    else expect(third).not.toMatch(/reasoning_effort|thinking/);
    if (spec.session !== undefined) expect(third).toContain(spec.session);
    else expect(third).not.toContain('conversation-1');
  });
});

function resultsOf({ calls }: Outcome): Message {
  const words: { readonly [name: string]: string } = { weather: 'sun', now: 'noon' };
  return {
    role: 'tool',
    parts: calls.map(({ callId, name }) => ({
      type: 'tool-result',
      callId,
      name,
      content: [{ type: 'text', text: words[name] ?? '' }],
    })),
  };
}
