import type { MessageRecord, Part } from '../../contract/index.ts';

/** A WAV file of a tone: 16-bit samples of one channel, 8,000 a second; base64. */
export function tone(seconds: number): string {
  const samples = Math.round(seconds * 8000);
  const file = new DataView(new ArrayBuffer(44 + samples * 2));
  const words = [0x52494646, 36 + samples * 2, 0x57415645, 0x666d7420, 16, 0x10001, 8000, 16_000, 0x100002, 0x64617461];
  // Names are read as they are written, numbers with their little end first.
  for (const [n, word] of [...words, samples * 2].entries()) file.setUint32(n * 4, word, ![0, 2, 3, 9].includes(n));
  for (let n = 0; n < samples; n += 1) file.setInt16(44 + n * 2, 8000 * Math.sin(n / 3), true);
  return btoa(String.fromCharCode(...new Uint8Array(file.buffer)));
}

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export const BLOBS: ReadonlyMap<string, { readonly mediaType: string; readonly base64: string }> = new Map([
  ['tone', { mediaType: 'audio/wav', base64: tone(0.5) }],
  ['noise', { mediaType: 'audio/ogg', base64: btoa('no sound at all') }],
  ['bytes', { mediaType: 'application/octet-stream', base64: btoa('just bytes') }],
  ['picture', { mediaType: 'image/png', base64: PIXEL }],
]);

const blob = (blobId: string) => ({ kind: 'blob', blobId }) as const;
const file = (name: string, mediaType: string, blobId: string, bytes?: number): Part => ({
  ...{ type: 'file', name, mediaType, source: blob(blobId) },
  ...(bytes !== undefined && { bytes }),
});

/** What models hand over beside words: a sound, one that no browser plays, a file, a picture, and what was lost. */
export const MEDIA_PARTS: MessageRecord['parts'] = [
  { type: 'text', text: 'Here is what you asked for.' },
  file('audio.wav', 'audio/wav', 'tone'),
  file('audio.ogg', 'audio/ogg', 'noise'),
  file(`${'a-very-long-name-of-a-file-'.repeat(4)}.bin`, 'application/x-whatever', 'bytes', 10),
  { type: 'image', mediaType: 'image/png', source: blob('picture'), alt: 'A dot' },
  file('gone.bin', 'application/x-whatever', 'gone'),
];
