/**
 * Samples per second of bare 16-bit samples, undefined for any other sound. Gemini speaks in
 * `audio/L16;codec=pcm;rate=24000` (ai.google.dev/gemini-api/docs/speech-generation).
 */
export function rateOfSamples(mediaType: string): number | undefined {
  if (!/^audio\/(?:l16|pcm|x-raw)\s*(?:;|$)/i.test(mediaType)) return undefined;
  const rate = Number(/;\s*rate=(\d{4,6})\b/i.exec(mediaType)?.[1] ?? 24_000);
  return rate >= 4_000 && rate <= 192_000 ? rate : 24_000;
}

/** A WAV file around 16-bit samples of one channel, little end first, which is how models send them; no browser plays them bare. */
export function waveOf(samples: Uint8Array<ArrayBuffer>, rate: number): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(44 + samples.length);
  const view = new DataView(file.buffer);
  const word = (at: number, letters: string) => {
    for (let n = 0; n < 4; n += 1) view.setUint8(at + n, letters.charCodeAt(n));
  };
  word(0, 'RIFF');
  view.setUint32(4, 36 + samples.length, true);
  word(8, 'WAVE');
  word(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // bare samples
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true); // bytes a second
  view.setUint16(32, 2, true); // bytes of a sample
  view.setUint16(34, 16, true); // bits of a sample
  word(36, 'data');
  view.setUint32(40, samples.length, true);
  file.set(samples, 44);
  return file;
}
