import { answerOf } from './reading.ts';
import type { Chunking, WireName } from './wire.ts';

declare global {
  interface Window {
    /** Takes this answer's place in the page; what was there before is let go. */
    prepare(wire: WireName, chunking: Chunking, deltas: number): void;
    /** Reads it once. */
    read(reader: string): Promise<void>;
  }
}

let current = answerOf('openai', 'one event a read', 1);
window.prepare = (wire, chunking, deltas) => {
  current = answerOf(wire, chunking, deltas);
};
window.read = (reader) => current(reader);
