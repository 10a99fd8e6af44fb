import { describe, expect } from 'vitest';
import { conformance, decode, type Fields, filesIn, recordedTest, streamsOf, textFile } from './recordings.ts';

const ENDS = new Set(['response.completed', 'response.incomplete', 'response.failed']);
/** A recording of another protocol, sent where this one was due. */
const OTHER_PROTOCOL = 'azure-deepseek-reasoning.1';
/** A recording whose long lines were shortened by hand, so that they are no JSON any more. */
const SHORTENED = 'parallel-tool-call-wrapper.1';

const recordings = streamsOf('vercel-ai/openai-responses', (payload) => payload.type === 'response.created').filter(
  ({ name }) => name !== OTHER_PROTOCOL && name !== SHORTENED,
);

describe('openai-responses recordings', () => {
  conformance({
    dialect: 'openai-responses',
    recordings,
    frame: (payload) => `event: ${(JSON.parse(payload) as Fields).type}\ndata: ${payload}\n\n`,
    marksFinish: (payload) => ENDS.has(String(payload.type)),
    error: {
      frame:
        'event: error\ndata: {"type":"error","code":"server_error","message":"The server had an error","param":null}\n\n',
      kind: 'unavailable',
    },
    pings: [
      'event: ping\ndata: {"type":"ping"}\n\n',
      'event: x\ndata: {"type":"response.of_tomorrow.delta","delta":"x"}\n\n',
    ],
    failing: { 'openai-error.1': 'credit' },
    whole: assemble,
  });

  recordedTest('quirk 72: another protocol is told for what it is', () => {
    const [stream] = streamsOf('vercel-ai/openai-responses/azure').filter(({ name }) => name === OTHER_PROTOCOL);
    const { answer } = decode(
      'openai-responses',
      (stream?.payloads ?? []).map((payload) => `data: ${payload}\n\n`).join(''),
    );
    expect(answer.finish?.failure).toMatchObject({
      kind: 'malformed-output',
      detail: 'an answer in the Chat Completions protocol',
    });
  });

  recordedTest('every recorded whole answer is understood', () => {
    for (const file of filesIn('vercel-ai/openai-responses', '.json')) {
      const told = JSON.parse(textFile(file)) as Fields;
      const { answer } = decode('openai-responses', textFile(file));
      if (told.object !== 'response') {
        expect(answer.finish?.failure, file).toBeDefined();
        continue;
      }
      const texts = (told.output as Fields[])
        .filter((item) => item.type === 'message')
        .flatMap((item) => item.content as Fields[])
        .map((one) => one.text);
      expect(answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''), file).toBe(texts.join(''));
      expect(answer.finish?.failure, file).toBeUndefined();
    }
  });
});

/** The response at the end of a stream, with the items that its events told where it leaves them out (quirk 65). */
function assemble(payloads: readonly Fields[]): Fields | undefined {
  const end = payloads.find((payload) => ENDS.has(String(payload.type)))?.response as Fields | undefined;
  const told = payloads.filter((payload) => payload.type === 'response.output_item.done');
  const begun = payloads.find((payload) => payload.type === 'response.created')?.response as Fields;
  const items: Fields[] = [];
  for (const { output_index: index, item } of told) items[index as number] = item as Fields;
  // In one recording the deltas were rewritten by hand, and say something else than their end.
  for (const [index, item] of items.entries()) {
    if (item?.type !== 'message') continue;
    const deltas = payloads.filter((one) => one.type === 'response.output_text.delta' && one.output_index === index);
    const whole = (item.content as Fields[]).map((one) => one.text).join('');
    if (!whole.startsWith(deltas.map((one) => one.delta).join(''))) return undefined;
  }
  return end && end.status !== 'failed' ? { object: 'response', ...end, id: begun.id, output: items } : undefined;
}
