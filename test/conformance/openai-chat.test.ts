import { describe, expect, it } from 'vitest';
import { bytesOf, frame, framesOf, HARMLESS, inReads, type Payloads, positions } from './mutations.ts';
import { assembleWhole, streamOf } from './openai-chat-whole.ts';
import { decode as decodeAs, filesIn, onRecordings, streamsOf, textFile } from './recordings.ts';

const FOLDER = 'vercel-ai/openai-chat';

const decode = (reads: Uint8Array | readonly Uint8Array[]) =>
  decodeAs('openai-chat', reads instanceof Uint8Array ? [reads] : reads);

const outcome = (reads: Uint8Array | readonly Uint8Array[]) => decode(reads).answer;

const outcomeOf = (body: string) => outcome(bytesOf(body));

/** Index of the first payload that tells how the answer ended. */
function finishAt(payloads: Payloads): number {
  return payloads.findIndex((payload) => JSON.parse(payload).choices?.[0]?.finish_reason);
}

const streams = streamsOf(FOLDER);
const bodies = filesIn(FOLDER, '.json').map((name) => ({ name, text: textFile(name) }));
const wholes = bodies.filter(({ text }) => JSON.parse(text).choices);

onRecordings('recorded openai-chat streams', () => {
  it('are there', () => {
    expect(streams.length).toBeGreaterThan(15);
    expect(wholes.length).toBeGreaterThan(15);
  });

  describe.each(streams)('$name', ({ payloads }) => {
    const original = outcomeOf(frame(payloads));
    const finish = finishAt(payloads);

    it('ends as its provider said, with everything in it', () => {
      expect(original.finish).toMatchObject({ reason: expect.stringMatching(/^(stop|length|tool-calls)$/) });
      expect(original.finish).not.toHaveProperty('failure');
      expect(original.parts.length).toBeGreaterThan(0);
      expect(original.usage?.inputTokens).toBeGreaterThan(0);
      expect(original.usage?.outputTokens).toBeGreaterThan(0);
      expect(original.responseId).toBeTruthy();
      expect(original.model).toBeTruthy();
    });

    it('keeps every character', () => {
      const recorded = payloads
        .map((payload) => JSON.parse(payload).choices?.[0]?.delta?.content)
        .filter((text) => typeof text === 'string');
      const decoded = original.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
      if (recorded.join('') !== '') expect(decoded).toContain(recorded.join(''));
    });

    it('quirk 2, quirk 3, quirk 4, quirk 29: says the same in any reads', () => {
      const bytes = bytesOf(frame(payloads));
      for (const size of [1, 3, 64, 1_000]) expect(outcome(inReads(bytes, size))).toEqual(original);
      for (const at of positions(bytes.length, 30)) {
        expect(outcome([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(original);
      }
    });

    it.each(Object.entries(HARMLESS))('says the same with %s', (_name, mutate) => {
      const bytes = bytesOf(mutate(framesOf([...payloads, '[DONE]'])));
      expect(outcome(bytes)).toEqual(original);
      expect(outcome(inReads(bytes, bytes.length < 60_000 ? 5 : 500))).toEqual(original);
    });

    it('quirk 10: says the same without [DONE]', () => {
      expect(outcomeOf(frame(payloads, { done: false }))).toEqual(original);
      expect(outcomeOf(frame(payloads, { done: false }).trimEnd())).toEqual(original);
    });

    it('quirk 36: says the same with usage and finish swapped', () => {
      const apart = payloads.findIndex((payload) => {
        const { usage, choices } = JSON.parse(payload);
        return usage && !choices?.[0];
      });
      if (apart === -1) return;
      const swapped = [...payloads];
      swapped[finish] = payloads[apart] as string;
      swapped[apart] = payloads[finish] as string;
      expect(outcomeOf(frame(swapped))).toEqual(original);
    });

    it('quirk 25: folds to the same as the whole answer', () => {
      const whole = assembleWhole(payloads.map((payload) => JSON.parse(payload)));
      expect(outcomeOf(JSON.stringify(whole))).toEqual(original);
      expect(outcomeOf(`   \n\n${JSON.stringify(whole, null, 2)}\n`)).toEqual(original);
      expect(outcomeOf(`data: ${JSON.stringify(whole)}\n\ndata: [DONE]\n\n`)).toEqual(original);
    });

    it('quirk 11, quirk 13: cut anywhere before the finish marker it is truncated', () => {
      const bytes = bytesOf(frame(payloads, { done: false }));
      const marker = bytesOf(frame(payloads.slice(0, finish + 1), { done: false })).length;
      // A payload is complete without the blank line behind it.
      const last = marker - 3;
      for (const at of positions(last + 1, 100)) {
        const { finish: cut } = outcome(bytes.subarray(0, at));
        expect(cut?.failure?.kind, `cut at byte ${at} of ${bytes.length}`).toBe('truncated');
      }
    });

    it('quirk 26: cut anywhere behind the finish marker, the finish stands', () => {
      const bytes = bytesOf(frame(payloads));
      const marker = bytesOf(frame(payloads.slice(0, finish + 1), { done: false })).length;
      for (const at of positions(bytes.length - marker + 1, 40)) {
        const cut = outcome(bytes.subarray(0, marker + at));
        expect(cut.finish).toEqual(original.finish);
        expect(cut.parts).toEqual(original.parts);
        if (cut.usage) expect(cut.usage).toEqual(original.usage);
      }
    });

    it('quirk 19, quirk 20, quirk 21: an error inserted after any chunk is reported', () => {
      const errors = [
        'data: {"error":{"code":429,"message":"Rate limit exceeded"}}\n\n',
        'event: error\ndata: {"error":{"code":429,"message":"Rate limit exceeded"}}\n\n',
        'data: {"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}],"error":{"code":429,"message":"Rate limit exceeded"}}\n\n',
        'error: {"code":429,"message":"Rate limit exceeded"}\n\n',
        '{\n  "error": {\n    "code": 429,\n    "message": "Rate limit exceeded"\n  }\n}\n\n',
      ];
      for (const at of positions(payloads.length + 1, 24)) {
        for (const error of errors) {
          const body = frame(payloads.slice(0, at), { done: false }) + error + frame(payloads.slice(at));
          const { events, answer } = decode(bytesOf(body));
          expect(events.filter(({ type }) => type === 'finish')).toHaveLength(1);
          expect(answer.finish).toMatchObject({ reason: 'error', failure: { kind: 'rate-limit' } });
        }
      }
    });
  });

  describe.each(wholes)('$name as a whole answer', ({ text }) => {
    const whole = JSON.parse(text);
    const original = outcomeOf(text);

    it('ends as its provider said', () => {
      expect(original.finish).not.toHaveProperty('failure');
      expect(original.parts.length).toBeGreaterThan(0);
    });

    it('quirk 25: folds to the same as the stream that says the same', () => {
      expect(outcomeOf(frame(streamOf(whole)))).toEqual(original);
      expect(outcomeOf(frame(streamOf(whole), { done: false }).replaceAll('\n', '\r\n'))).toEqual(original);
    });

    it('says the same in any reads', () => {
      expect(outcome(inReads(bytesOf(text), 1))).toEqual(original);
      expect(outcome(inReads(bytesOf(JSON.stringify(whole)), 13))).toEqual(original);
    });

    it('quirk 13: cut anywhere it is truncated', () => {
      const bytes = bytesOf(text.trimEnd());
      for (const at of positions(bytes.length, 100)) {
        expect(outcome(bytes.subarray(0, at)).finish?.failure?.kind).toBe('truncated');
      }
    });
  });

  it('quirk 15: a recorded error body with status 200 is an error', () => {
    const errors = bodies.filter(({ text }) => JSON.parse(text).error);
    expect(errors.length).toBeGreaterThan(0);
    for (const { text } of errors)
      expect(outcomeOf(text).finish).toMatchObject({ reason: 'error', failure: { kind: 'parameter' } });
  });
});
