import { describe, expect } from 'vitest';
import { conformance, decode, type Fields, filesIn, recordedTest, streamsOf, textFile } from './recordings.ts';

const candidateOf = (payload: Fields) => (payload.candidates as Fields[] | undefined)?.[0];

describe('gemini recordings', () => {
  conformance({
    dialect: 'gemini',
    recordings: streamsOf('vercel-ai/gemini'),
    frame: (payload) => `data: ${payload}\n\n`,
    marksFinish: (payload) => candidateOf(payload)?.finishReason !== undefined,
    error: {
      // Quirk 16: printed over many lines, without framing.
      frame: `${JSON.stringify({ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }, null, 2)}\n\n`,
      kind: 'overloaded',
    },
    pings: [
      'data: {"candidates":[],"usageMetadata":{}}\n\n',
      'data: {"usageMetadata":{"trafficType":"ON_DEMAND"}}\n\n',
    ],
    whole: assemble,
  });

  recordedTest('quirk 18: the same stream as an array of chunks, as it comes without alt=sse', () => {
    for (const { name, payloads } of streamsOf('vercel-ai/gemini')) {
      const framed = payloads.map((payload) => `data: ${payload}\r\n\r\n`).join('');
      const array = `[${payloads.map((payload) => JSON.stringify(JSON.parse(payload), null, 2)).join('\r\n,\r\n')}\r\n]`;
      expect(decode('gemini', array).answer, name).toEqual(decode('gemini', framed).answer);
    }
  });

  recordedTest('every recorded whole answer is understood', () => {
    for (const file of filesIn('vercel-ai/gemini', '.json')) {
      const told = JSON.parse(textFile(file)) as Fields;
      const { answer } = decode('gemini', textFile(file));
      if (told.error) {
        // Quirk 120: a limit for each minute, and how long to wait.
        expect(answer.finish?.failure).toMatchObject({ kind: 'rate-limit', retryAfterMs: 34_400 });
        continue;
      }
      const content = candidateOf(told)?.content as Fields | undefined;
      const parts = (content?.parts as Fields[]) ?? [];
      const text = parts.map((part) => (part.thought ? '' : (part.text ?? ''))).join('');
      expect(answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''), file).toBe(text);
      expect(answer.finish?.reason, file).toBe(parts.some((part) => part.functionCall) ? 'tool-calls' : 'stop'); // quirk 104
      const usage = told.usageMetadata as {
        promptTokenCount: number;
        candidatesTokenCount: number;
        thoughtsTokenCount?: number;
      };
      expect(answer.usage).toMatchObject({
        inputTokens: usage.promptTokenCount,
        outputTokens: usage.candidatesTokenCount + (usage.thoughtsTokenCount ?? 0), // quirk 117
      });
    }
  });
});

/** All chunks as one: their parts in a row, and the last of everything else. */
function assemble(payloads: readonly Fields[]): Fields {
  const parts = payloads.flatMap(
    (payload) => ((candidateOf(payload)?.content as Fields | undefined)?.parts as Fields[]) ?? [],
  );
  const last = payloads.at(-1) ?? {};
  return { ...last, candidates: [{ ...candidateOf(last), content: { role: 'model', parts } }] };
}
