/** A stream as its payloads, before any framing. */
export type Payloads = readonly string[];

/** Payloads in frames without names, as OpenAI's chat protocol has them. */
export function framesOf(payloads: Payloads): string[] {
  return payloads.map((payload) => `data: ${payload}\n\n`);
}

/** The same as one body. */
export function frame(payloads: Payloads, options: { readonly done?: boolean } = {}): string {
  return framesOf([...payloads, ...(options.done === false ? [] : ['[DONE]'])]).join('');
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The same bytes in reads of a given size, or of one that is asked for each. */
export function inReads(bytes: Uint8Array, size: number | (() => number)): Uint8Array[] {
  const reads: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const to = at + Math.max(1, typeof size === 'number' ? size : size());
    reads.push(bytes.slice(at, to));
    at = to;
  }
  return reads;
}

const printed = (frame: string): string =>
  frame.replace(/^data: (\{.*)$/m, (_, json: string) =>
    JSON.stringify(JSON.parse(json), null, 1).replaceAll(/^/gm, 'data: '),
  );

/** Ways of saying the same thing over any framing of events; the outcome must be the same to the letter. */
export const HARMLESS: Readonly<Record<string, (frames: readonly string[]) => string>> = {
  'line ends of CRLF': (frames) => frames.join('').replaceAll(/\r?\n/g, '\r\n'),
  'line ends of CR': (frames) => frames.join('').replaceAll(/\r?\n/g, '\r'),
  'one line end between events': (frames) => frames.join('').replaceAll('\n\n', '\n'),
  'no space behind the colon': (frames) => frames.join('').replaceAll(/^(data|event): /gm, '$1:'),
  'comments everywhere': (frames) =>
    `: OPENROUTER PROCESSING\n\n${frames.map((one) => `: keep-alive\n${one}: ping\n\n`).join('')}`,
  'pings everywhere': (frames) => frames.map((one) => `event: ping\ndata: {"type":"ping"}\n\n${one}`).join(''),
  'blank frames everywhere': (frames) => `${frames.map((one) => `\n\ndata:\n\ndata: \n\n${one}\n`).join('')}`,
  'ids and retry fields': (frames) => frames.map((one, n) => `id: ${n}\nretry: 3000\n${one}`).join(''),
  'a byte order mark': (frames) => `\ufeff${frames.join('')}`,
  'no last line end': (frames) => frames.join('').trimEnd(),
  'each value over several data lines': (frames) => frames.map(printed).join(''),
};

/** Positions to try in a sequence of this length: all of them where it is short, else an even sample with both ends. */
export function positions(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, n) => n);
  return [...new Set(Array.from({ length: most }, (_, n) => Math.round((n * (length - 1)) / (most - 1))))];
}
