const QUOTE = 34;
const BACKSLASH = 92;
/** Cuts valid JSON into scalars, and what stands between them. */
const SCALARS = /("(?:[^"\\]|\\.)*"|[\w.+-]+)/;
/** A longer text is no frame of one delta: it is parsed, and nothing is learnt from it. */
const LONGEST = 4_096;
/** Frames that differ in more than this have little in common. */
const MOST_VARYING = 8;
/** Learning takes as long as parsing some twenty frames: it is done once in so many at most, but for the first times. */
const LEARNING = 64;
const MOST_CREDIT = 3 * LEARNING;

/** An object or array that leads to what varies: under which keys, and to what; a number is an index of the values. */
interface Varying {
  readonly of: object;
  readonly at: readonly (readonly [key: string, what: Varying | number])[];
}

/**
 * `JSON.parse` for JSON objects that mostly differ from the last one in a few scalars. Those alone are read then, which
 * takes a quarter to half of the time; what differs in anything else is parsed as ever.
 *
 * It gives what `JSON.parse` gives, and throws what it throws. Values share what does not vary: nobody may change it.
 */
export function createFrameParser(): (text: string) => unknown {
  /** The text before, between and behind what varies, and where that belongs; undefined while nothing is learnt. */
  let fixed: string[] = [];
  let root: Varying | number | undefined;
  const values: unknown[] = [];
  /** The last text where it had to be parsed whole, '' where not. */
  let parsed = '';
  let credit = MOST_CREDIT;

  /** Reads what varies; false where anything else differs. */
  const read = (text: string): boolean => {
    let at = 0;
    for (let n = 0; ; n++) {
      const part = fixed[n] as string;
      const from = at + part.length;
      // Cheaper than `startsWith`: a slice copies nothing, and whole strings are compared by the word.
      if (text.slice(at, from) !== part) return false;
      if (n + 1 === fixed.length) return from === text.length;
      let code = text.charCodeAt(from);
      let plain = code === QUOTE;
      at = from;
      if (plain) {
        at++;
        for (code = text.charCodeAt(at++); code !== QUOTE; code = text.charCodeAt(at++)) {
          // Also where the text ends.
          if (!(code > 31)) return false;
          if (code === BACKSLASH) {
            plain = false;
            at++;
          }
        }
      } else {
        // A number or a word: up to a comma, a bracket, a space, or the text's end.
        for (; code > 44 && code < 123 && code !== 93; code = text.charCodeAt(at)) at++;
      }
      try {
        // A slice of some length would keep all of the text.
        values[n] = plain && at - from < 13 ? text.slice(from + 1, at - 1) : JSON.parse(text.slice(from, at));
      } catch {
        return false;
      }
    }
  };

  const build = ({ of, at }: Varying): object => {
    const copy: { [key: string]: unknown } = Array.isArray(of) ? (of.slice() as never) : { ...of };
    for (const [key, what] of at) copy[key] = typeof what === 'number' ? values[what] : build(what);
    return copy;
  };

  const learn = (one: string, other: string) => {
    const { length } = one;
    const pieces = one.split(SCALARS);
    const others = other.split(SCALARS);
    if (pieces.length !== others.length) return;
    const parts: string[] = [];
    let from = 0;
    let to = 0;
    // Strings longer than any in this text stand for what varies, and tell by their length which it is. In the place of
    // anything but a scalar they make it invalid.
    const marked = pieces.map((piece, n) => {
      const start = to;
      to += piece.length;
      if (piece === others[n]) return piece;
      const mark = 'x'.repeat(length + parts.push(one.slice(from, start)) - 1);
      from = to;
      return `"${mark}"`;
    });
    let found = 1;
    const find = (value: unknown): Varying | number | undefined => {
      if (typeof value === 'string' && value.length >= length) {
        found++;
        return value.length - length;
      }
      if (typeof value !== 'object' || value === null) return undefined;
      const at: [string, Varying | number][] = [];
      for (const [key, held] of Object.entries(value)) {
        const what = find(held);
        if (what !== undefined) at.push([key, what]);
      }
      return at.length > 0 ? { of: value, at } : undefined;
    };
    if (parts.length > MOST_VARYING) return;
    try {
      const what = find(JSON.parse(marked.join('')));
      // Where not all are found, one is a key, or stands under a key that comes twice.
      if (found === parts.push(one.slice(from))) {
        fixed = parts;
        root = what;
      }
    } catch {
      // More than scalars differs.
    }
  };

  return (text) => {
    if (credit < MOST_CREDIT) credit++;
    if (typeof root === 'object' && read(text)) {
      parsed = '';
      return build(root);
    }
    const value: unknown = JSON.parse(text);
    const last = parsed;
    parsed = text.length > LONGEST ? '' : text;
    // A single frame of another sort, such as a ping, is nothing to learn from.
    if (last !== '' && parsed !== last && credit >= LEARNING) {
      credit -= LEARNING;
      learn(last, text);
    }
    return value;
  };
}
