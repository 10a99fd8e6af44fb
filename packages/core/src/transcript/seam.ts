import type { DecoderEvent } from '../chat/event.ts';

/** An answer that was cut, as its next model was handed it. */
export interface Continuation {
  /** Its last words as they were sent; nothing but white space was cut off behind them. */
  readonly text: string;
  /** That white space: whoever shows the answer has it. */
  readonly trimmed: string;
  /** The model goes on by itself; otherwise it was asked to begin by saying `lastWords` again. */
  readonly prefilled: boolean;
  /** It begins by saying all of `text` again, however short that is. */
  readonly echoed?: true;
}

/** Where two texts meet. Synchronous, in time linear in what comes. */
export interface Join {
  /** What of the continuation is new, as far as that is known. */
  push(text: string): string;
  /**
   * What was held back to the end.
   * @param whole false: the continuation was cut too, so what looks like the beginning of a repetition is one
   */
  end(whole: boolean): string;
}

/** Most characters that a model is asked to say again: enough to be found once, few enough to be said exactly. */
const ANCHOR = 60;
/** A repetition that nobody asked for counts from this many characters on; what is shorter may be meant. */
const LEAST = 16;
/** So far back may a sentence or line begin that a model says again. */
const WINDOW = 4_000;

/**
 * The end of a text, from a word's beginning: what a model is asked to say again, so that it is certain where it goes on.
 * Chat models swallow the white space at the beginning of a turn; behind words said again it is there.
 */
export function lastWords(text: string): string {
  if (text.length <= ANCHOR) return text;
  const end = text.slice(-ANCHOR);
  const word = /\s\S/.exec(end);
  // Without a word's beginning: whole characters at least.
  return word ? end.slice(word.index + 1) : end.replace(/^[\uDC00-\uDFFF]/, '');
}

/**
 * Joins a continuation to a text so that no character is lost and none is there twice. It is compared as a reader would:
 * white space counts as one, curly quotes as straight ones.
 *
 * 1. The last words that the model was asked for are left out: once, though the text may go on alike.
 * 2. So is all of the answer (some repeat what they are to go on from: quirks 171, 187), and a repetition from the
 *    beginning of one of its last lines or sentences: from 16 characters on, and where these stand nowhere else, for a
 *    table's next row may well be like its last.
 * 3. What stands in front of a repetition goes with it: an ellipsis, or the opening of the code block that was cut.
 * 4. White space on both sides of the seam is there once.
 *
 * While it is not decided, what came is held back; a model that repeats nothing is not held back beyond its first
 * characters. Where the same bytes could be both, a repetition and the text's own next words, these rules decide.
 */
export function createJoin({ text, trimmed, prefilled, echoed }: Continuation): Join {
  const fence = prefilled ? undefined : openFence(text);
  const known = normal(text);
  let alive = beginnings(text, known, prefilled, echoed);
  let held = '';
  /** Of `held`: white space, ellipsis and fence in front; undefined until it is known where they end. */
  let lead: number | undefined;
  /** Of `held`: how much is compared. */
  let at = 0;
  let state: 'comparing' | 'spacing' | 'through' = 'comparing';

  const settle = (from: number): string => {
    held = held.slice(from);
    state = 'spacing';
    return space(false);
  };

  const space = (ended: boolean): string => {
    const white = /^\s*/.exec(held)?.[0] ?? '';
    if (white === held && !ended) return '';
    state = 'through';
    let shared = Math.min(white.length, trimmed.length);
    while (!trimmed.endsWith(white.slice(0, shared))) shared--;
    return held.slice(shared);
  };

  const notRepeated = (): string => {
    const reopened = fence && /^\s*([`~]{3,}[^\n]*)\n/.exec(held);
    return settle(reopened?.[1]?.trim() === fence?.trim() && reopened ? reopened[0].length : 0);
  };

  const compare = (): string => {
    if (lead === undefined) {
      const dotted = alive.some((place) => /[.…]/.test(known.charAt(place)));
      lead = leadOf(held, fence !== undefined, !dotted);
      if (lead === undefined) return '';
      at = lead;
    }
    for (; at < held.length; at++) {
      const char = normalChar(held.charAt(at));
      const again = char === ' ' && at > lead && normalChar(held.charAt(at - 1)) === ' ';
      if (again) continue;
      const next: number[] = [];
      for (const place of alive) {
        if (known.charAt(place) !== char) continue;
        if (place + 1 === known.length) return settle(at + 1);
        next.push(place + 1);
      }
      alive = next;
      if (alive.length === 0) return notRepeated();
    }
    return '';
  };

  return {
    push: (more) => {
      if (state === 'through') return more;
      held += more;
      if (state === 'spacing') return space(false);
      return alive.length === 0 ? notRepeated() : compare();
    },
    end: (whole) => {
      if (state === 'through') return '';
      // The middle of a repetition, or a whole answer that is too short to be one.
      if (state === 'comparing' && (!whole || held.trim().length >= LEAST)) return '';
      return space(true);
    },
  };
}

/** The places of `known` from which a model may say it again; the one it was asked for first. */
function beginnings(text: string, known: string, prefilled: boolean, echoed: boolean = false): number[] {
  const places = new Set<number>();
  if (!prefilled) places.add(known.length - normal(lastWords(text)).length);
  if (echoed || known.length >= LEAST) places.add(known.startsWith(' ') ? 1 : 0);
  if (!prefilled) {
    const from = Math.max(0, text.length - WINDOW);
    const before = normal(text.slice(0, from)).length;
    for (const part of [/\n+\s*/g, /[.!?:]\s+/g]) {
      for (const found of text.slice(from).matchAll(part)) {
        // White space counts as one, also across the window's edge.
        const place = before + normal(text.slice(from, from + found.index + found[0].length)).length;
        const first = known.slice(place, place + LEAST);
        const once = known.indexOf(first) === place && known.lastIndexOf(first) === place;
        if (first.length === LEAST && once) places.add(place);
      }
    }
  }
  return [...places].filter((place) => place < known.length);
}

/** Length of what may stand in front of a repetition; undefined while it may still grow. */
function leadOf(held: string, inCode: boolean, dots: boolean): number | undefined {
  let lead = /^\s*/.exec(held)?.[0].length ?? 0;
  if (inCode) {
    const rest = held.slice(lead);
    const fence = /^[`~]{3,}[^\n]*\n\s*/.exec(rest);
    if (fence) lead += fence[0].length;
    else if (/^[`~]{1,2}$|^[`~]{3,}[^\n]*$/.test(rest)) return undefined;
  }
  const rest = held.slice(lead);
  if (dots) lead += /^(?:(?:…|\.{3})\s*)?/.exec(rest)?.[0].length ?? 0;
  return lead === held.length || (dots && /^\.{1,2}$/.test(rest)) ? undefined : lead;
}

/** The line that opened the code block in which a text ends. */
function openFence(text: string): string | undefined {
  let open: string | undefined;
  for (const [, line = ''] of text.matchAll(/^ {0,3}((?:`{3,}|~{3,})[^\n]*)/gm)) {
    if (open === undefined) open = line;
    else if (line.trimEnd() === line.charAt(0).repeat(line.trimEnd().length) && line.charAt(0) === open.charAt(0))
      open = undefined;
  }
  return open;
}

function normal(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[‘’]/g, "'").replace(/[“”]/g, '"');
}

function normalChar(char: string): string {
  if (char === '‘' || char === '’') return "'";
  if (char === '“' || char === '”') return '"';
  return /\s/.test(char) ? ' ' : char;
}

/** The same for the events of an answer: its first text continues another's last one, if nothing but thinking comes before. */
export interface Seam {
  push(events: readonly DecoderEvent[]): readonly DecoderEvent[];
  /** @param whole the answer was not cut */
  end(whole: boolean): readonly DecoderEvent[];
  /** Something came through that was not there before: from here on no other model may take over. */
  visible(): boolean;
}

export function createSeam(continuation: Continuation): Seam {
  const join = createJoin(continuation);
  let part: number | undefined;
  let over = false;
  let visible = false;

  const close = (whole: boolean): DecoderEvent[] => {
    if (over) return [];
    over = true;
    const text = join.end(whole);
    if (text === '' || part === undefined) return [];
    visible = true;
    return [{ type: 'text', part, text }];
  };

  const one = (event: DecoderEvent): readonly DecoderEvent[] => {
    visible ||= event.type === 'reasoning';
    if (over || NOT_SAID.has(event.type)) return [event];
    if (event.type !== 'text' || event.part !== (part ?? event.part)) {
      const before = close(true);
      visible = true;
      return [...before, event];
    }
    part = event.part;
    const text = join.push(event.text);
    if (text === '') return [];
    visible = true;
    return [{ ...event, text }];
  };

  return { push: (events) => (over ? events : events.flatMap(one)), end: close, visible: () => visible };
}

/** Neither text, nor the end of one. */
const NOT_SAID: ReadonlySet<DecoderEvent['type']> = new Set(['response-start', 'reasoning', 'raw-part', 'usage']);
