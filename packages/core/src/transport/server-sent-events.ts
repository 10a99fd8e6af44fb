const LINE_FEED = 10;
const SPACE = 32;
const COLON = 58;
const LETTER_A = 97;
const LETTER_D = 100;
const LETTER_E = 101;
const LETTER_N = 110;
const LETTER_T = 116;
const LETTER_V = 118;

/** What the lines of a text/event-stream body say, one call a line; comments say nothing (quirk 7). */
export interface LineSink {
  /** A `data` line's value, without the one optional space (quirk 6). */
  data(value: string): void;
  /** A blank line: whatever belonged together is complete. */
  boundary(): void;
  /** A line that names the event: where it stands, since few want to know. */
  event(text: string, from: number, to: number): void;
  /** Any other line, whole. */
  other(line: string): void;
}

/**
 * Splits text that ends at a line end (or at the end of the body) into lines and names them. Searches by `indexOf`, and
 * each character once per kind of line end.
 */
export function readLines(text: string, sink: LineSink): void {
  const length = text.length;
  let cr = text.indexOf('\r');
  let lf = -1;
  let from = 0;
  while (from < length) {
    // Every second line is blank: no search for its end.
    if (text.charCodeAt(from) === LINE_FEED) {
      sink.boundary();
      from++;
      continue;
    }
    if (lf < from) {
      lf = text.indexOf('\n', from);
      if (lf === -1) lf = length;
    }
    let end = lf;
    let next = lf + 1;
    if (cr !== -1 && cr < lf) {
      end = cr;
      next = cr + 1 === lf ? lf + 1 : cr + 1;
      cr = text.indexOf('\r', next);
    }
    if (end === from) {
      sink.boundary();
    } else if (
      text.charCodeAt(from) === LETTER_D &&
      text.charCodeAt(from + 4) === COLON &&
      text.charCodeAt(from + 1) === LETTER_A &&
      text.charCodeAt(from + 2) === LETTER_T &&
      text.charCodeAt(from + 3) === LETTER_A
    ) {
      const value = text.charCodeAt(from + 5) === SPACE && end > from + 5 ? from + 6 : from + 5;
      sink.data(text.slice(value, end));
    } else if (
      text.charCodeAt(from) === LETTER_E &&
      text.charCodeAt(from + 5) === COLON &&
      text.charCodeAt(from + 1) === LETTER_V &&
      text.charCodeAt(from + 2) === LETTER_E &&
      text.charCodeAt(from + 3) === LETTER_N &&
      text.charCodeAt(from + 4) === LETTER_T
    ) {
      sink.event(text, from, end);
    } else if (text.charCodeAt(from) !== COLON) {
      sink.other(text.slice(from, end));
    }
    from = next;
  }
}
