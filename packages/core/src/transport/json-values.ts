import { jsonIn } from '../chat/json.ts';
import { createFrameParser } from './frame-parser.ts';
import { createLineReader } from './lines.ts';
import { type LineSink, readLines } from './server-sent-events.ts';

const BRACE = 123;
const SPACE = 32;
/** A picture of 4096 × 4096 comes in one line of some 30 MB, and an answer in one piece may hold two. */
const DEFAULT_MAX_LINE_BYTES = 64 * 1024 * 1024;
/** As much of an unreadable body as anybody needs to see what it is. */
const MAX_SCRAP = 2_000;

/** The name of the event that is being read, '' where it has none. */
export type EventName = () => string;

/** What a response body says, whatever its framing. */
export interface JsonSink {
  /**
   * One JSON value.
   * @param event the event's name: some wires name every event, and hardly anybody asks
   * @param bare true where it stood in the body without any framing
   */
  value(json: unknown, event: EventName, bare: boolean): void;
  /** The `[DONE]` marker. */
  done(): void;
  /** Text that is no JSON where JSON was due, shortened, and the event's name. */
  scrap(text: string, event: string): void;
}

export interface JsonValues {
  push(bytes: Uint8Array): void;
  /** Reads what is left, as if a line end followed (quirk 4). */
  end(): void;
  /** A line passed the limit; nothing more is read. */
  overflowed(): boolean;
}

/**
 * Bytes of a response body to JSON values, for every framing that providers of streamed JSON are known to use:
 * server-sent events with any line end, with or without blank lines between them (quirk 1), several `data` lines to one
 * value (quirk 6), a value under the field name `error` (quirk 21), bare JSON between events, printed over many lines or
 * as an array (quirks 16–18), one JSON value a line, and one whole JSON body, padded or not (quirks 15, 25). A value is
 * handed on as soon as its last line ended, without waiting for the blank line behind it.
 */
export function createJsonValues(sink: JsonSink, maxLineBytes: number = DEFAULT_MAX_LINE_BYTES): JsonValues {
  const lines = createLineReader(maxLineBytes);
  const parseFrame = createFrameParser();
  /** The event's name, '' where it has none; undefined where it was not looked at: it stands here. */
  let name: string | undefined = '';
  let namedIn = '';
  let nameFrom = 0;
  let nameTo = 0;
  /** Lines of a value that is not complete yet; `bare` tells of which sort. */
  let pending: string[] = [];
  let pendingLength = 0;
  let bare = false;
  let depth = 0;

  const event: EventName = () => {
    name ??= namedIn.slice(nameFrom, nameTo);
    return name;
  };

  const clear = () => {
    pending = [];
    pendingLength = 0;
    depth = 0;
    bare = false;
  };

  const drop = () => {
    const text = pending.join('\n');
    clear();
    sink.scrap(text.slice(0, MAX_SCRAP), event());
  };

  const keep = (line: string) => {
    pending.push(line);
    pendingLength += line.length + 1;
    if (pendingLength > maxLineBytes) drop();
  };

  const hand = (value: unknown, isBare: boolean) => {
    if (Array.isArray(value)) for (const one of value) sink.value(one, event, isBare);
    else sink.value(value, event, isBare);
  };

  /** True where `text` was one whole value. */
  const tryValue = (text: string, isBare: boolean): boolean => {
    const value = jsonIn(text);
    if (value === undefined) return false;
    hand(value, isBare);
    return true;
  };

  const bareLine = (line: string) => {
    if (pending.length === 0) {
      if (tryValue(line, true)) return;
      line = line.replace(/^[ \t\n,[\]]+/, ''); // what stands before an element of an array (quirk 18)
      if (line === '') return;
      bare = true;
    }
    depth += nesting(line);
    keep(line);
    if (pending.length === 0 || depth > 0) return;
    const text = pending.join('\n');
    // The second form: the last element of an array whose elements came one by one.
    if (tryValue(text, true) || tryValue(`[${text.slice(0, endBeforeSeparators(text))}]`, true)) clear();
    else drop();
  };

  const dataAside = (text: string) => {
    if (bare) drop();
    // Some wrap a stream into another one.
    if (text.startsWith('data:')) {
      lineSink.data(text.slice(5).trimStart());
      return;
    }
    if (text === '[DONE]') {
      if (pending.length > 0) drop();
      sink.done();
      return;
    }
    if (pending.length > 0) {
      // Without blank lines between events, a broken one must not swallow those behind it.
      if (text.charCodeAt(0) === BRACE && jsonIn(text) !== undefined) {
        drop();
        tryValue(text, false);
      } else keep(text);
      return;
    }
    const trimmed = text.trim();
    if (trimmed === '') return;
    if (trimmed === '[DONE]') sink.done();
    else if (!tryValue(trimmed, false)) keep(text);
  };

  const lineSink: LineSink = {
    data: (text) => {
      if (text.charCodeAt(0) !== BRACE || pending.length !== 0) {
        dataAside(text);
        return;
      }
      let value: unknown;
      try {
        value = parseFrame(text);
      } catch {
        keep(text);
        return;
      }
      sink.value(value, event, false);
    },
    boundary: () => {
      if (pending.length > 0 && !bare) {
        const text = pending.join('\n');
        if (tryValue(text, false)) clear();
        else drop();
      }
      name = '';
    },
    event: (text, from, to) => {
      if (bare) {
        bareLine(text.slice(from, to));
        return;
      }
      name = undefined;
      namedIn = text;
      nameFrom = text.charCodeAt(from + 6) === SPACE && to > from + 6 ? from + 7 : from + 6;
      nameTo = to;
    },
    other: (line) => {
      if (bare) {
        bareLine(line);
        return;
      }
      const colon = line.indexOf(':');
      const field = colon === -1 ? line : line.slice(0, colon);
      const value = colon === -1 ? '' : line.slice(line.charAt(colon + 1) === ' ' ? colon + 2 : colon + 1);
      switch (field) {
        case 'event': // without a colon: an empty name
          name = value;
          return;
        case 'error': // quirk 21
          name = 'error';
          if (!tryValue(value, false)) keep(value);
          return;
        case 'data': // a field name without a colon: an empty value
        case 'id':
        case 'retry': // quirk 30
          return;
      }
      if (pending.length > 0) keep(line);
      // What can only be JSON without framing, or a separator between such values.
      else if (/^\s*[{[\],]/.test(line)) bareLine(line);
      else if (line.trim() !== '') sink.scrap(line.slice(0, MAX_SCRAP), event());
    },
  };

  return {
    push: (bytes) => {
      const text = lines.push(bytes);
      if (text !== '') readLines(text, lineSink);
    },
    end: () => {
      const rest = lines.end();
      if (rest !== '') readLines(rest, lineSink);
      lineSink.boundary();
      if (pending.length > 0) drop();
    },
    overflowed: lines.overflowed,
  };
}

/** By hand: an expression for what stands at an end tries anew from every place before it. */
function endBeforeSeparators(text: string): number {
  let end = text.length;
  while (end > 0 && ' \t\n,[]'.includes(text.charAt(end - 1))) end--;
  return end;
}

/** Brackets opened minus brackets closed on one line of JSON, strings left out; each string is skipped by `indexOf`. */
function nesting(line: string): number {
  let depth = 0;
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === 34) {
      at = endOfString(line, at);
      if (at === -1) return depth;
    } else if (code === BRACE || code === 91) depth++;
    else if (code === 125 || code === 93) depth--;
  }
  return depth;
}

/** Index of the quote that closes the string opened at `open`, -1 where the line ends first. */
function endOfString(line: string, open: number): number {
  let quote = line.indexOf('"', open + 1);
  while (quote !== -1) {
    let back = quote - 1;
    while (line.charCodeAt(back) === 92) back--;
    if ((quote - back) % 2 === 1) return quote;
    quote = line.indexOf('"', quote + 1);
  }
  return -1;
}
