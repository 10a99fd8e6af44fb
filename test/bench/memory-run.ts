import { createDecoder, createFold } from '@patchbay/core';
import { readEvents } from '../../packages/core/src/transport/read-events.ts';
import { collectGarbage } from './garbage.ts';
import { openAiWire } from './wire.ts';

/** Streams so many deltas through decoder and fold, and prints what the heap grew by: at its peak, and at the end. */
const deltas = Number(process.argv[2]);
const keepsAnswer = process.argv[3] === 'answer';

const sample = openAiWire(1_000).events.slice(0, -3);
const tail = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
const encoder = new TextEncoder();
let sent = 0;
const body = new ReadableStream<Uint8Array>({
  pull: (controller) => {
    if (sent === deltas) controller.enqueue(encoder.encode(tail));
    else if (sent > deltas) controller.close();
    else controller.enqueue(encoder.encode(sample[sent % sample.length]));
    sent++;
  },
});

const heap = () => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

const before = heap();
let peak = before;
let reads = 0;
const fold = createFold();
for await (const batch of readEvents(body, createDecoder('openai-chat'))) {
  if (keepsAnswer) fold.push(batch);
  if (reads++ % Math.max(1, Math.floor(deltas / 20)) === 0) peak = Math.max(peak, heap());
}
const parts = fold.answer().parts;
const after = heap();
peak = Math.max(peak, after);
const characters = parts.reduce((sum, part) => sum + (part.type === 'text' ? part.text.length : 0), 0);
process.stdout.write(
  JSON.stringify({
    peakHeapMiB: mib(peak - before),
    heldMiB: mib(after - before),
    characters,
    rssMiB: mib(process.memoryUsage().rss),
  }),
);

function mib(bytes: number): number {
  return Number((bytes / 1_048_576).toFixed(2));
}
