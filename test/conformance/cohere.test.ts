import { describe, expect } from 'vitest';
import { conformance, decode, type Fields, filesIn, recordedTest, streamsOf, textFile } from './recordings.ts';

describe('cohere recordings', () => {
  conformance({
    dialect: 'cohere',
    recordings: streamsOf('vercel-ai/cohere-v2'),
    frame: (payload) => `event: ${(JSON.parse(payload) as Fields).type}\ndata: ${payload}\n\n`,
    marksFinish: (payload) => payload.type === 'message-end',
    error: { frame: 'data: {"message":"The server is overloaded"}\n\n', kind: 'overloaded' },
    pings: ['event: ping\ndata: {"type":"ping"}\n\n'],
    whole: assemble,
  });

  recordedTest('every recorded whole answer is understood', () => {
    for (const file of filesIn('vercel-ai/cohere-v2', '.json')) {
      const told = JSON.parse(textFile(file)) as Fields;
      const message = told.message as Fields | undefined;
      if (!message) continue; // embeddings and rankings
      const { answer } = decode('cohere', textFile(file));
      expect(answer.finish?.failure, file).toBeUndefined();
      const content = (message.content as Fields[] | undefined) ?? [];
      expect(answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''), file).toBe(
        content.map((one) => one.text ?? '').join(''),
      );
      expect(answer.parts.filter((part) => part.type === 'tool-call')).toHaveLength(
        (message.tool_calls as unknown[] | undefined)?.length ?? 0,
      );
    }
  });
});

/** The whole answer that a stream adds up to. */
function assemble(payloads: readonly Fields[]): Fields {
  const content: Fields[] = [];
  const calls: { function: { name: string; arguments: string } }[] = [];
  let plan = '';
  for (const payload of payloads) {
    const message = ((payload.delta as Fields | undefined)?.message ?? {}) as Fields;
    const index = payload.index as number;
    if (payload.type === 'content-start') content[index] = { ...(message.content as Fields) };
    if (payload.type === 'content-delta') {
      const block = content[index] as Fields;
      for (const [name, text] of Object.entries(message.content as Fields)) block[name] = `${block[name] ?? ''}${text}`;
    }
    if (payload.type === 'tool-plan-delta') plan += message.tool_plan;
    if (payload.type === 'tool-call-start')
      calls[index] = structuredClone(message.tool_calls) as (typeof calls)[number];
    if (payload.type === 'tool-call-delta') {
      const call = calls[index];
      if (call) call.function.arguments += (message.tool_calls as typeof call).function.arguments;
    }
  }
  const end = payloads.at(-1)?.delta as Fields;
  const message = { role: 'assistant', tool_plan: plan, content, tool_calls: calls };
  return { id: payloads[0]?.id, message, ...end };
}
