import { describe, expect } from 'vitest';
import {
  conformance,
  decode,
  type Fields,
  filesIn,
  meaningOf,
  type Recording,
  recordedTest,
  streamsOf,
  textFile,
} from './recordings.ts';

const streams = streamsOf(
  'vercel-ai/anthropic-messages',
  // Two recordings repeat the start of a message, or splice another one in.
  (payload, name) => payload.type === 'message_start' && !/^(duplicate|spliced)-/.test(name),
);

const raw: Recording[] = [...filesIn('anthropic-sdk', '.sse'), ...filesIn('anthropic-sdk', '.txt')].map((file) => ({
  name: file,
  payloads: textFile(file)
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice(6)),
}));

describe('anthropic-messages recordings', () => {
  conformance({
    dialect: 'anthropic-messages',
    recordings: [...streams, ...raw],
    frame: (payload) => `event: ${(JSON.parse(payload) as Fields).type}\ndata: ${payload}\n\n`,
    marksFinish: (payload) =>
      (payload.delta as Fields | undefined)?.stop_reason != null ||
      (payload.message as Fields | undefined)?.stop_reason != null,
    error: {
      frame: 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
      kind: 'overloaded',
    },
    pings: ['event: ping\ndata: {"type": "ping"}\n\n', 'event: of_tomorrow\ndata: {"type":"of_tomorrow","x":1}\n\n'],
    failing: {
      'anthropic-refusal': 'content-policy',
      'spliced-message-start': 'malformed-output',
      'anthropic-sdk/stream-a-refusal.sse': 'content-policy',
      'anthropic-sdk/stream-a-toolrefusal.sse': 'content-policy',
    },
    whole: assemble,
  });

  recordedTest('a whole answer of the same call folds to the same message', () => {
    for (const name of ['anthropic-fallback', 'anthropic-refusal']) {
      const stream = streams.find((one) => one.name === name);
      const body = stream?.payloads.map((payload) => `data: ${payload}\n\n`).join('') ?? '';
      const { responseId: _id, ...streamed } = meaningOf(decode('anthropic-messages', body)) as Fields;
      const file = textFile(`vercel-ai/anthropic-messages/anthropic/${name}.json`);
      const { responseId: _other, ...whole } = meaningOf(decode('anthropic-messages', file)) as Fields;
      expect(whole, name).toEqual(streamed);
    }
  });

  recordedTest('every recorded whole answer is understood', () => {
    for (const file of filesIn('vercel-ai/anthropic-messages', '.json')) {
      const told = JSON.parse(textFile(file)) as Fields;
      if (told.type !== 'message' && told.type !== 'error') continue;
      const { answer } = decode('anthropic-messages', textFile(file));
      const texts = told.type === 'message' ? (told.content as Fields[]).filter((one) => one.type === 'text') : [];
      expect(answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''), file).toBe(
        texts.map((one) => one.text).join(''),
      );
      if (told.type === 'error' || told.stop_reason === 'refusal') expect(answer.finish?.failure, file).toBeDefined();
      else expect(answer.finish?.failure, file).toBeUndefined();
    }
  });
});

/** The whole message that a stream adds up to, by the documented meaning of each event. */
function assemble(payloads: readonly Fields[]): Fields | undefined {
  const starts = payloads.filter((payload) => payload.type === 'message_start');
  const first = starts[0]?.message as Fields | undefined;
  if (!first || new Set(starts.map((one) => (one.message as Fields).id)).size > 1) return undefined;
  const content: Fields[] = [...((first.content as Fields[]) ?? [])];
  const json: string[] = [];
  const message: Fields = { ...first, content };
  for (const payload of payloads) {
    const index = payload.index as number;
    const block = content[index];
    const delta = payload.delta as Fields | undefined;
    if (payload.type === 'content_block_start') content[index] = { ...(payload.content_block as Fields) };
    else if (payload.type === 'content_block_stop' && block && json[index]) block.input = JSON.parse(json[index] ?? '');
    else if (payload.type === 'message_delta') {
      Object.assign(message, delta);
      message.usage = larger((message.usage ?? {}) as Fields, (payload.usage ?? {}) as Fields); // quirk 81
    } else if (block && delta) {
      if (delta.type === 'text_delta') block.text = `${block.text}${delta.text}`;
      if (delta.type === 'thinking_delta') block.thinking = `${block.thinking}${delta.thinking}`;
      if (delta.type === 'signature_delta') block.signature = delta.signature;
      if (delta.type === 'input_json_delta') json[index] = `${json[index] ?? ''}${delta.partial_json}`;
      if (delta.type === 'compaction_delta') block.content = delta.content;
      if (delta.type === 'citations_delta')
        block.citations = [...((block.citations as Fields[]) ?? []), delta.citation];
    }
  }
  // A call cut off in the middle has no whole form.
  const stopped = payloads.filter((payload) => payload.type === 'content_block_stop').length;
  return stopped === content.length - ((first.content as Fields[]) ?? []).length ? message : undefined;
}

function larger(before: Fields, after: Fields): Fields {
  const both: Fields = { ...before, ...after };
  for (const [name, count] of Object.entries(before)) {
    if (typeof count === 'number') both[name] = Math.max(count, Number(after[name] ?? 0));
  }
  return both;
}
