import { endsLine } from './lines.ts';

/**
 * One stretch of the text under edit. The stretches follow each other without a gap, so the text is always the pieces'
 * texts joined: whatever is typed anywhere falls into exactly one of them.
 */
export interface Piece {
  /** Its own for ever: tells which piece of before became which piece of after. */
  readonly key: number;
  /**
   * `old`: an original line that the answer has not come to yet. `same`: an original line that the answer kept.
   * `hunk`: what the answer put in place of `original`. `kept`: decided, or the user's own; never changed by us again.
   */
  readonly kind: 'old' | 'same' | 'hunk' | 'kept';
  /** What the document holds there now. */
  readonly text: string;
  /** What the document held there before the edit; '' for what is new. */
  readonly original: string;
  /** The user put something into it: it may no longer be taken away. */
  readonly typed: boolean;
  /** The user changed it in any way; what it held before that is `untouched`. */
  readonly touched: boolean;
  readonly untouched?: string;
  /** Rises with each change of the user: pieces of two epochs are two steps of undo. */
  readonly epoch: number;
}

/** A change of the text as the editor tells it; offsets in UTF-16 units from the start of the document. */
export interface TextChange {
  readonly offset: number;
  readonly removed: number;
  readonly text: string;
}

/** The text that was there before the edit, without what the user put there. */
export function originalOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.original).join('');
}

/** The text that the pieces hold. */
export function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join('');
}

export interface Region {
  /** Where the first piece begins in the document. */
  readonly start: number;
  readonly pieces: readonly Piece[];
}

/**
 * Brings the pieces up to date with one change of the user's. What is typed between two pieces belongs to the one that
 * follows, unless it is whole lines: those become a piece of the user's own.
 */
export function applyChange(region: Region, change: TextChange, newKey: () => number, epoch: number): Region {
  const length = region.pieces.reduce((sum, piece) => sum + piece.text.length, 0);
  const from = change.offset - region.start;
  const to = from + change.removed;
  const back = change.removed === 0 ? broughtBack(region.pieces, from, change.text) : undefined;
  if (back) return { start: region.start, pieces: back };
  // Nothing is left of the region, and what stood beside it was replaced: perhaps by what was there, too.
  if (length === 0 && change.removed > 0 && change.text !== '' && from <= 0 && to >= 0) {
    return { start: change.offset, pieces: region.pieces.map((piece) => ({ ...piece, kind: 'kept' as const })) };
  }
  if (to < 0 || (to === 0 && from < 0)) return shifted(region, change);
  if (from > length || (from === length && !joinsLast(region, change))) return region;
  if (from === 0 && change.removed === 0 && (length === 0 || endsLine(change.text))) return shifted(region, change);

  // What was inserted goes with the part before the region when the change began there.
  const inserted = from < 0 ? '' : change.text;
  const start = from < 0 ? change.offset + change.text.length : region.start;
  const range = { from: Math.max(from, 0), to: Math.min(to, length) };
  const cut = cutOut(region.pieces, range.from, range.to);
  const left = change.text === '' ? cut : { ...cut, pieces: overwritten(region.pieces, cut.pieces, { from, to }) };
  const pieces = inserted === '' ? left.pieces : insertAt(left, range.from, inserted, newKey, epoch);
  return { start, pieces: pieces.map(restored) };
}

/** The pieces, where a text is the very lines that a change took away there. */
function broughtBack(pieces: readonly Piece[], offset: number, text: string): readonly Piece[] | undefined {
  let at = 0;
  const index = pieces.findIndex((piece) => {
    const here = at === offset && piece.kind === 'hunk' && piece.text === '';
    at += piece.text.length;
    return here && piece.original === text;
  });
  const piece = pieces[index];
  return piece && text !== '' ? pieces.with(index, touch(piece, text, true)) : undefined;
}

/** Put back by hand or by undo, it is as if nobody had touched it. */
function restored(piece: Piece): Piece {
  if (piece.untouched !== piece.text) return piece;
  const { untouched: _, ...rest } = piece;
  return { ...rest, typed: false, touched: false };
}

function touch(piece: Piece, text: string, typed: boolean): Piece {
  return { ...piece, text, typed: piece.typed || typed, touched: true, untouched: piece.untouched ?? piece.text };
}

function shifted(region: Region, change: TextChange): Region {
  return { ...region, start: region.start + change.text.length - change.removed };
}

/** Typing at the very end belongs to us only where the last line has no ending: it goes on that line. */
function joinsLast(region: Region, change: TextChange): boolean {
  const last = region.pieces.findLast((piece) => piece.text !== '');
  return last !== undefined && !endsLine(last.text) && change.removed === 0;
}

/**
 * Where several pieces were replaced at once (by a formatter, by pasting over them, by reverting the file), what stands
 * there now is all that is wanted there: a change inside of it is decided, since taking it back would bring lines twice.
 */
function overwritten(
  before: readonly Piece[],
  after: readonly Piece[],
  { from, to }: { readonly from: number; readonly to: number },
): Piece[] {
  let at = 0;
  // What stands around the region counts as one.
  let reached = from < 0 || to > textOf(before).length ? 1 : 0;
  const pieces = before.map((piece, index) => {
    const [start, end] = [at, at + piece.text.length];
    at = end;
    const now = after[index] as Piece;
    if (end > from && start < to) reached++;
    if (piece.kind !== 'hunk' || end < from || start > to) return now;
    if (start >= from && end <= to) return { ...now, kind: 'kept' as const };
    return end > from && start < to ? { ...now, typed: true } : now;
  });
  return reached > 1 ? pieces : [...after];
}

interface Cut {
  readonly pieces: Piece[];
  /** Index of the first piece that lost something, or -1. */
  readonly first: number;
}

function cutOut(pieces: readonly Piece[], from: number, to: number): Cut {
  let at = 0;
  let first = -1;
  const out = pieces.map((piece, index) => {
    const begin = Math.max(from, at) - at;
    const end = Math.min(to, at + piece.text.length) - at;
    at += piece.text.length;
    if (end <= begin) return piece;
    if (first < 0) first = index;
    return touch(piece, piece.text.slice(0, begin) + piece.text.slice(end), false);
  });
  return { pieces: out, first };
}

function insertAt(cut: Cut, offset: number, text: string, newKey: () => number, epoch: number): Piece[] {
  const { pieces } = cut;
  const put = (index: number, within: number): Piece[] => {
    const piece = pieces[index] as Piece;
    return pieces.with(index, touch(piece, piece.text.slice(0, within) + text + piece.text.slice(within), true));
  };
  if (cut.first >= 0) {
    const before = pieces.slice(0, cut.first).reduce((sum, piece) => sum + piece.text.length, 0);
    return put(cut.first, offset - before);
  }
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    const end = at + piece.text.length;
    if (offset > at && offset < end) return put(index, offset - at);
    // Between two pieces. An empty one (a deletion) holds nothing that could be typed on.
    if (offset === at && piece.text !== '') {
      if (!endsLine(text)) return put(index, 0);
      const own: Piece = { key: newKey(), kind: 'kept', text, original: '', typed: true, touched: true, epoch };
      return pieces.toSpliced(index, 0, own);
    }
    at = end;
  }
  const last = pieces.findLastIndex((piece) => piece.text !== '');
  return put(last, (pieces[last] as Piece).text.length);
}

/**
 * The changes of the document that turn one list of pieces into the other, in order of offset, offsets in the document
 * as it is before. A piece that only grew or shrank at one end costs just that end. Neighbouring changes are one.
 */
export function changesBetween(before: Region, after: Region): TextChange[] {
  const changes: { offset: number; removed: number; text: string }[] = [];
  const say = (offset: number, removed: number, text: string) => {
    if (removed === 0 && text === '') return;
    const last = changes.at(-1);
    if (last && last.offset + last.removed === offset) {
      last.removed += removed;
      last.text += text;
    } else {
      changes.push({ offset, removed, text });
    }
  };
  // Of thousands of pieces, all but a few are the same.
  let offset = before.start;
  let [head, tail] = [0, 0];
  const shorter = Math.min(before.pieces.length, after.pieces.length);
  while (head < shorter && isSame(before.pieces[head], after.pieces[head])) {
    offset += before.pieces[head]?.text.length ?? 0;
    head++;
  }
  const [lastBefore, lastAfter] = [before.pieces.length - 1, after.pieces.length - 1];
  while (tail < shorter - head && isSame(before.pieces[lastBefore - tail], after.pieces[lastAfter - tail])) tail++;
  const were = before.pieces.slice(head, before.pieces.length - tail);
  const are = after.pieces.slice(head, after.pieces.length - tail);
  const stays = new Set(are.map((piece) => piece.key));
  const had = new Set(were.map((piece) => piece.key));
  let index = 0;
  const dropUntil = (key: number | undefined) => {
    for (; index < were.length; index++) {
      const piece = were[index] as Piece;
      if (piece.key === key) return;
      if (stays.has(piece.key)) return;
      say(offset, piece.text.length, '');
      offset += piece.text.length;
    }
  };
  for (const piece of are) {
    if (!had.has(piece.key)) {
      say(offset, 0, piece.text);
      continue;
    }
    dropUntil(piece.key);
    const old = were[index] as Piece;
    index++;
    if (old.text !== piece.text) {
      const head = commonHead(old.text, piece.text);
      const tail = commonTail(old.text.slice(head), piece.text.slice(head));
      say(offset + head, old.text.length - head - tail, piece.text.slice(head, piece.text.length - tail));
    }
    offset += old.text.length;
  }
  dropUntil(undefined);
  return changes;
}

function isSame(one: Piece | undefined, other: Piece | undefined): boolean {
  return one === other || (one?.key === other?.key && one?.text === other?.text);
}

function commonHead(a: string, b: string): number {
  // As a change grows, line by line.
  if (b.startsWith(a)) return whole(a, a.length);
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return whole(a, at);
}

function commonTail(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[a.length - 1 - at] === b[b.length - 1 - at]) at++;
  return a.length - whole(a, a.length - at, 1);
}

/** Never between the halves of a surrogate pair or of a CRLF: an editor would refuse or repair such an offset. */
function whole(text: string, at: number, step = -1): number {
  const left = text.charCodeAt(at - 1);
  const right = text.charCodeAt(at);
  const splitsPair = left >= 0xd800 && left < 0xdc00 && right >= 0xdc00 && right < 0xe000;
  const splitsEnding = left === 13 && right === 10;
  return splitsPair || splitsEnding ? at + step : at;
}
