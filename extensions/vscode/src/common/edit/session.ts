import { diffLines } from './diff.ts';
import { type Eol, endsLine, splitLines } from './lines.ts';
import { applyChange, changesBetween, originalOf, type Piece, type Region, type TextChange, textOf } from './pieces.ts';

/** Something the user has to be told. */
export type EditNotice =
  /** A line that the answer replaces was changed by the user meanwhile: both stay. */
  | { readonly kind: 'line-kept'; readonly line: string }
  /** A change cannot be taken back, because the user wrote into it: it stays as it is. */
  | { readonly kind: 'hunk-given-up'; readonly hunk: number }
  /** A change was replaced together with its neighbours: it can no longer be taken back. */
  | { readonly kind: 'hunk-overwritten'; readonly hunk: number };

/**
 * An edit in place, as a value: the lines under edit, what the answer made of them so far, and what the user typed
 * meanwhile. The document always holds the answer's text; what was there before is kept beside it, so that accepting
 * writes nothing and rejecting is one replacement. Every function gives a new state; `changesBetween` tells what to do
 * to the document.
 */
export interface EditState extends Region {
  readonly eol: Eol;
  readonly phase: 'streaming' | 'ended';
  /** Index of the first piece that the answer has not come to. */
  readonly next: number;
  readonly epoch: number;
  readonly lastKey: number;
  readonly notices: readonly EditNotice[];
  /** The answer's last line, where it has no ending: written at the end, when what follows it is known. */
  readonly held: string;
}

/** A change that waits for the user's word. */
export interface Hunk {
  readonly id: number;
  /** Where its new text is in the document, UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly removed: string;
  readonly added: string;
  /** The user wrote into it: it can be accepted, but no longer rejected. */
  readonly typed: boolean;
}

/**
 * @param start offset of the lines in the document
 * @param original whole lines, as the document holds them
 */
export function beginEdit(start: number, original: string, eol: Eol): EditState {
  const pieces = splitLines(original).map(
    (text, index): Piece => ({
      key: index + 1,
      kind: 'old',
      text,
      original: text,
      typed: false,
      touched: false,
      epoch: 0,
    }),
  );
  return { start, pieces, eol, phase: 'streaming', next: 0, epoch: 0, lastKey: pieces.length, notices: [], held: '' };
}

/** What the user (or anything but us) did to the document; changes of one event, offsets in the text before it. */
export function userChanged(state: EditState, changes: readonly TextChange[]): EditState {
  let { lastKey } = state;
  const epoch = state.epoch + 1;
  const nextKey = state.pieces[state.next]?.key;
  let region: Region = state;
  for (const change of changes.toSorted((a, b) => b.offset - a.offset)) {
    region = applyChange(region, change, () => ++lastKey, epoch);
  }
  const found = region.pieces.findIndex((piece) => piece.key === nextKey);
  // Whole lines typed right before the line that comes next belong behind what the answer wrote so far.
  const next = nextKey === undefined ? region.pieces.length : found;
  // The file was reverted, or retyped as it was: nothing is left to decide.
  const reverted = state.phase === 'ended' && textOf(region.pieces) === originalOf(region.pieces);
  // Retyped by the user, a change is none any more. (While the answer still comes, it may grow again.)
  const pieces =
    state.phase === 'ended'
      ? region.pieces.map((piece) => (reverted || isUndone(piece) ? { ...piece, kind: 'kept' as const } : piece))
      : region.pieces;
  const notices = reverted ? state.notices : [...state.notices, ...overwritten(state.pieces, region.pieces)];
  return { ...state, start: region.start, pieces, next, epoch, lastKey, notices };
}

function overwritten(before: readonly Piece[], after: readonly Piece[]): EditNotice[] {
  const waited = new Set(before.flatMap(({ kind, key }) => (kind === 'hunk' ? [key] : [])));
  return after.flatMap(({ kind, key }): EditNotice[] =>
    kind === 'kept' && waited.has(key) ? [{ kind: 'hunk-overwritten', hunk: key }] : [],
  );
}

function isUndone({ kind, text, original }: Piece): boolean {
  return kind === 'hunk' && text === original;
}

/** The answer's next lines, endings included and in the document's form; only the very last one may have none. */
export function streamLines(state: EditState, lines: readonly string[]): EditState {
  if (state.phase !== 'streaming') return state;
  const draft = createDraft(state);
  let { held } = state;
  for (const line of lines) {
    if (endsLine(line)) draft.line(line);
    else held = line;
  }
  return { ...draft.state(), held };
}

/**
 * The answer is over. `complete`: the lines it never came to go. Otherwise (stopped, cut) they stay. Then each run of
 * changes is compared once more as a whole, which finds the smallest hunks; the text does not change by that.
 */
export function endStream(state: EditState, how: 'complete' | 'cut'): EditState {
  if (state.phase !== 'streaming') return state;
  const draft = createDraft(state);
  if (state.held !== '') draft.line(state.held);
  if (how === 'complete') draft.dropRest();
  else draft.keepRest();
  draft.closeLines();
  return refine({ ...draft.state(), phase: 'ended', held: '' });
}

/** The change becomes part of the text; the document does not change. */
export function acceptHunk(state: EditState, id: number): EditState {
  return settle(state, id, (piece) => ({ ...piece, kind: 'kept' }));
}

/** What was there before comes back, unless the user wrote into the change. */
export function rejectHunk(state: EditState, id: number): EditState {
  const piece = state.pieces.find((one) => one.key === id && one.kind === 'hunk');
  if (piece?.typed) {
    const given: EditState = { ...state, notices: [...state.notices, { kind: 'hunk-given-up', hunk: id }] };
    return settle(given, id, (one) => ({ ...one, kind: 'kept' }));
  }
  return settle(state, id, (one) => ({ ...one, kind: 'kept', text: one.original }));
}

export function acceptAll(state: EditState): EditState {
  return hunksOf(state).reduce((now, hunk) => acceptHunk(now, hunk.id), state);
}

export function rejectAll(state: EditState): EditState {
  return hunksOf(state).reduce((now, hunk) => rejectHunk(now, hunk.id), state);
}

/** The changes that wait, in order. */
export function hunksOf(state: Pick<EditState, 'start' | 'pieces'>): Hunk[] {
  let at = state.start;
  return state.pieces.flatMap((piece) => {
    const start = at;
    at += piece.text.length;
    if (piece.kind !== 'hunk') return [];
    const { key: id, original: removed, text: added, typed } = piece;
    return [{ id, start, end: at, removed, added, typed }];
  });
}

/** True where undoing these changes of the document would take back something that the answer wrote. */
export function reachesHunk(state: EditState, changes: readonly TextChange[]): boolean {
  let at = state.start;
  return state.pieces.some((piece) => {
    const start = at;
    at += piece.text.length;
    if (piece.kind !== 'hunk' || piece.touched) return false;
    return changes.some(({ offset, removed, text }) => {
      if (offset < at && offset + removed > start) return true;
      // An empty hunk is a deletion: it comes back where it was.
      return start === at && offset <= start && offset + removed >= start && text.includes(piece.original);
    });
  });
}

/** The document's changes from one state to the next. */
export function documentChanges(before: EditState, after: EditState): TextChange[] {
  return changesBetween(before, after);
}

function settle(state: EditState, id: number, change: (piece: Piece) => Piece): EditState {
  const index = state.pieces.findIndex((piece) => piece.key === id && piece.kind === 'hunk');
  if (index < 0) return state;
  return { ...state, pieces: state.pieces.with(index, change(state.pieces[index] as Piece)) };
}

/** Lines such as `}` stand in every text many times: finding one further down means nothing. */
function isWeak(line: string): boolean {
  return line.replace(/[^\p{L}\p{N}]+/gu, '').length < 3;
}

/** The one place that walks: consumes original lines and writes the answer's, on a copy. */
function createDraft(from: EditState) {
  const pieces = [...from.pieces];
  const notices = [...from.notices];
  let { next, lastKey } = from;
  const { epoch, eol } = from;

  const put = (index: number, piece: Omit<Piece, 'key' | 'typed' | 'touched' | 'epoch'>) => {
    pieces.splice(index, 0, { key: ++lastKey, typed: false, touched: false, epoch, ...piece });
    return index;
  };
  /** Index of the hunk that is being written: the one right before `next`, if the user has not been here since. */
  const openHunk = (): number => {
    const before = pieces[next - 1];
    if (before?.kind === 'hunk' && !before.touched && before.epoch === epoch) return next - 1;
    const index = put(next, { kind: 'hunk', text: '', original: '' });
    next++;
    return index;
  };
  /** The original line at `next` goes, unless it holds something of the user's. */
  const drop = () => {
    const piece = pieces[next] as Piece;
    if (piece.kind !== 'old' || piece.typed) {
      if (piece.kind === 'old') {
        notices.push({ kind: 'line-kept', line: piece.text });
        pieces[next] = { ...piece, kind: 'kept' };
      }
      next++;
      return;
    }
    const open = openHunk();
    const hunk = pieces[open] as Piece;
    pieces[open] = { ...hunk, original: hunk.original + piece.original };
    pieces.splice(next, 1);
  };
  const find = (line: string): number => {
    // From where the answer is, without a look at what it has passed: it may be thousands of lines.
    let isNear = true;
    for (let index = next; index < pieces.length; index++) {
      const piece = pieces[index] as Piece;
      if (piece.kind !== 'old') continue;
      if (piece.original === line) return index;
      if (isNear && isWeak(line)) return -1;
      isNear = false;
    }
    return -1;
  };

  return {
    line: (line: string) => {
      const match = find(line);
      if (match < 0) {
        const open = openHunk();
        const hunk = pieces[open] as Piece;
        pieces[open] = { ...hunk, text: hunk.text + line };
        return;
      }
      const key = (pieces[match] as Piece).key;
      while (pieces[next]?.key !== key) drop();
      pieces[next] = { ...(pieces[next] as Piece), kind: 'same', epoch };
      next++;
    },
    dropRest: () => {
      while (next < pieces.length) drop();
    },
    keepRest: () => {
      for (; next < pieces.length; next++) {
        const piece = pieces[next] as Piece;
        if (piece.kind === 'old') pieces[next] = { ...piece, kind: 'same', epoch };
      }
    },
    /** A last line without its ending must not run into a line that stays behind it. */
    closeLines: () => {
      for (const [index, piece] of pieces.entries()) {
        if (piece.kind !== 'hunk' || piece.text === '' || piece.touched || endsLine(piece.text)) continue;
        if (pieces.slice(index + 1).some((one) => one.text !== ''))
          pieces[index] = { ...piece, text: piece.text + eol };
      }
    },
    state: (): EditState => ({ ...from, pieces, next, lastKey, notices }),
  };
}

/** Compares each run of untouched neighbours of one epoch as a whole. */
function refine(state: EditState): EditState {
  let { lastKey } = state;
  const pieces: Piece[] = [];
  let run: Piece[] = [];
  const flush = () => {
    const old = run.flatMap((piece) => splitLines(piece.original));
    const now = run.flatMap((piece) => splitLines(piece.text));
    // Where too much differs, what was found line by line as the answer came has to do.
    const changes = run.some((piece) => piece.kind === 'hunk') ? diffLines(old, now) : undefined;
    if (!changes) {
      pieces.push(...run);
    } else {
      const { epoch } = run[0] as Piece;
      const nameOf = (...parts: readonly [at: number, text: string, original: string]) => JSON.stringify(parts);
      const before = hunksOf({ start: 0, pieces: run });
      const keys = new Map(before.map(({ id, start, added, removed }) => [nameOf(start, added, removed), id]));
      let at = 0;
      const put = (kind: 'same' | 'hunk', text: string, original: string) => {
        if (text === '' && original === '') return;
        // A change that stays what it was keeps its name: a button for it may be under the mouse already.
        const known = kind === 'hunk' ? keys.get(nameOf(at, text, original)) : undefined;
        pieces.push({ key: known ?? ++lastKey, kind, text, original, typed: false, touched: false, epoch });
        at += text.length;
      };
      let from = 0;
      for (const change of changes) {
        const same = now.slice(from, change.bStart).join('');
        put('same', same, same);
        put('hunk', now.slice(change.bStart, change.bEnd).join(''), old.slice(change.aStart, change.aEnd).join(''));
        from = change.bEnd;
      }
      const rest = now.slice(from).join('');
      put('same', rest, rest);
    }
    run = [];
  };
  for (const piece of state.pieces) {
    const joins = !piece.touched && (piece.kind === 'same' || piece.kind === 'hunk');
    if (!joins || (run[0] && run[0].epoch !== piece.epoch)) flush();
    if (joins) run.push(piece);
    else pieces.push(piece);
  }
  flush();
  return { ...state, pieces, next: pieces.length, lastKey };
}
