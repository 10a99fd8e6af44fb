import { type Body, bare, type OnText } from './bare.ts';
import { bodyOf } from './harness.ts';
import { PEERS, patchbay } from './peers.ts';
import { type Chunking, chunksOf, WIRES, type WireName } from './wire.ts';

/**
 * Ourselves, the bound that we are held to, and what nobody can go below: reading the body and looking at nothing of it.
 * Everybody else is one of `PEERS`.
 */
export const PATCHBAY = 'patchbay';
export const BARE = 'bare';
export const DRAIN = 'drain';

/** Names of the peers that read this wire. */
export const peersOf = (wire: WireName): readonly string[] =>
  PEERS.filter(({ wires }) => wires.includes(wire)).map(({ name }) => name);

/**
 * One answer of this wire, ready to be read by anyone again and again.
 * @returns reads it once; throws where a character was lost
 */
export function answerOf(wire: WireName, chunking: Chunking, deltas: number): (reader: string) => Promise<void> {
  const { dialect, sample } = WIRES[wire];
  const { events, characters } = sample(deltas);
  const chunks = chunksOf(events, chunking);
  const read = (reader: string, body: Body, onText: OnText): Promise<void> => {
    if (reader === BARE) return bare(body, onText, dialect);
    if (reader === PATCHBAY) return patchbay(body, onText, dialect);
    const peer = PEERS.find(({ name, wires }) => name === reader && wires.includes(wire));
    if (!peer) throw new Error(`${reader} does not read the ${wire} wire.`);
    return peer.read(body, onText);
  };
  return async (reader) => {
    if (reader === DRAIN) return drain(bodyOf(chunks));
    let seen = 0;
    await read(reader, bodyOf(chunks), (text) => {
      seen += text.length;
    });
    if (seen !== characters) throw new Error(`${reader} gave ${seen} of ${characters} characters of the ${wire} wire.`);
  };
}

async function drain(body: Body): Promise<void> {
  const reader = body.getReader();
  while (!(await reader.read()).done);
}
