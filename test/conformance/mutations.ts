/** A stream as its payloads, before any framing. */
export type Payloads = readonly string[];

/** Frames as OpenAI's chat protocol does. */
export function frame(payloads: Payloads, options: { readonly done?: boolean } = {}): string {
  return [...payloads, ...(options.done === false ? [] : ['[DONE]'])].map((payload) => `data: ${payload}\n\n`).join('');
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The same bytes in reads of a given size. */
export function inReads(bytes: Uint8Array, size: number): Uint8Array[] {
  const reads: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) reads.push(bytes.subarray(at, at + size));
  return reads;
}

/** Ways of saying the same thing; the outcome must be the same to the letter. */
export const HARMLESS: Readonly<Record<string, (payloads: Payloads) => string>> = {
  'line ends of CRLF': (payloads) => frame(payloads).replaceAll('\n', '\r\n'),
  'line ends of CR': (payloads) => frame(payloads).replaceAll('\n', '\r'),
  'one line end between events': (payloads) => frame(payloads).replaceAll('\n\n', '\n'),
  'no space behind the colon': (payloads) => frame(payloads).replaceAll('data: ', 'data:'),
  'comments everywhere': (payloads) =>
    `: OPENROUTER PROCESSING\n\n${payloads.map((payload) => `: keep-alive\ndata: ${payload}\n: x\n\n: ping\n\n`).join('')}data: [DONE]\n\n`,
  'pings everywhere': (payloads) =>
    payloads.map((payload) => `event: ping\ndata: {"type":"ping"}\n\ndata: ${payload}\n\n`).join('') +
    'data: [DONE]\n\n',
  'blank frames everywhere': (payloads) =>
    `${payloads.map((payload) => `\n\ndata:\n\ndata: \n\ndata: ${payload}\n\n\n`).join('')}data: [DONE]\n\n`,
  'ids and retry fields': (payloads) =>
    `${payloads.map((payload, n) => `id: ${n}\nretry: 3000\ndata: ${payload}\n\n`).join('')}data: [DONE]\n\n`,
  'a byte order mark': (payloads) => `\ufeff${frame(payloads)}`,
  'no [DONE]': (payloads) => frame(payloads, { done: false }),
  'no [DONE] and no last line end': (payloads) => frame(payloads, { done: false }).trimEnd(),
  'each value over several data lines': (payloads) =>
    `${payloads
      .map((payload) => `data: ${JSON.stringify(JSON.parse(payload), null, 1).replaceAll('\n', '\ndata: ')}\n\n`)
      .join('')}data: [DONE]\n\n`,
};

/** Positions to try in a sequence of this length: all of them where it is short, else an even sample with both ends. */
export function positions(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, n) => n);
  return [...new Set(Array.from({ length: most }, (_, n) => Math.round((n * (length - 1)) / (most - 1))))];
}
