const LF = 10;
const CR = 13;
const EMPTY = new Uint8Array(0);
/** A buffer that grew past this for one line is given back once that line is done. */
const KEEP_BYTES = 64 * 1024;

/** Bytes in, text of whole lines out. */
export interface LineReader {
  /** Text up to and including the last line end seen so far, '' while there is none. */
  push(bytes: Uint8Array): string;
  /** The last line, where nothing ended it. */
  end(): string;
  /** True once a line passed the limit; from then on `push` and `end` give ''. */
  overflowed(): boolean;
}

/**
 * Turns network reads into text that always stops at a line end (LF, CRLF or CR, quirk 1). The unfinished line is kept
 * as bytes and decoded when its end arrives: a UTF-8 character can be cut anywhere (quirk 3), a line of any length costs
 * time linear in its length (quirk 27), and the decoder runs once a read that completes something, never once a line.
 * Nothing of `bytes` is kept by reference, so a caller may reuse its buffer.
 * @param maxLineBytes most bytes of one unfinished line (quirk 28)
 */
export function createLineReader(maxLineBytes: number): LineReader {
  // Strips a byte order mark at the start of each decoded text, so also the one at the start of a stream (quirk 5).
  const decoder = new TextDecoder();
  let held = EMPTY;
  let heldLength = 0;
  // Quirk 2: a CR that ended the last read may be the first half of CRLF.
  let afterCR = false;
  let overflow = false;

  const hold = (bytes: Uint8Array) => {
    const needed = heldLength + bytes.length;
    if (needed > maxLineBytes) {
      overflow = true;
      held = EMPTY;
      heldLength = 0;
      return;
    }
    if (needed > held.length) {
      const grown = new Uint8Array(Math.max(needed, held.length * 2, 1024));
      grown.set(held.subarray(0, heldLength));
      held = grown;
    }
    held.set(bytes, heldLength);
    heldLength = needed;
  };

  const release = (): string => {
    const text = decoder.decode(held.subarray(0, heldLength));
    heldLength = 0;
    if (held.length > KEEP_BYTES) held = EMPTY;
    return text;
  };

  return {
    push: (bytes) => {
      const length = bytes.length;
      if (overflow || length === 0) return '';
      let start = 0;
      if (afterCR) {
        afterCR = false;
        if (bytes[0] === LF) start = 1;
      }
      const cut = endOfLastLine(bytes);
      if (cut <= start) {
        if (start < length) hold(start === 0 ? bytes : bytes.subarray(start));
        return '';
      }
      afterCR = cut === length && bytes[length - 1] === CR;
      let text: string;
      if (heldLength === 0) {
        text = decoder.decode(start === 0 && cut === length ? bytes : bytes.subarray(start, cut));
      } else {
        hold(bytes.subarray(start, cut));
        if (overflow) return '';
        text = release();
      }
      if (cut < length) hold(bytes.subarray(cut));
      return text;
    },
    end: () => (overflow || heldLength === 0 ? '' : release()),
    overflowed: () => overflow,
  };
}

/** Index just behind the last line end in `bytes`, 0 where there is none. Reads are short: a loop beats `lastIndexOf`. */
function endOfLastLine(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at >= 0; at--) {
    const byte = bytes[at] as number;
    if (byte <= CR && (byte === LF || byte === CR)) return at + 1;
  }
  return 0;
}
