import type { Eol } from './lines.ts';
import { originalOf, type Piece, textOf } from './pieces.ts';
import { type EditState, endStream } from './session.ts';

/** Raised by every change that an older version could not read. */
const VERSION = 1;
/** Characters on either side by which the lines are found again. */
const CONTEXT = 200;
const KINDS: readonly string[] = ['old', 'same', 'hunk', 'kept'] satisfies Piece['kind'][];

/** An edit that waits for the user's word, as it is kept for the next start of the window. JSON. */
export interface StoredEdit {
  readonly v: typeof VERSION;
  /** The document's address. */
  readonly uri: string;
  /** ms since epoch. */
  readonly savedAt: number;
  readonly start: number;
  readonly eol: Eol;
  readonly streaming: boolean;
  readonly pieces: readonly Piece[];
  /** What stood right before and behind the lines. */
  readonly lead: string;
  readonly tail: string;
}

/** @param text the document's, as the state knows it */
export function storedEdit(state: EditState, text: string, about: { uri: string; savedAt: number }): StoredEdit {
  const { start, eol, pieces } = state;
  const end = start + textOf(pieces).length;
  return {
    v: VERSION,
    ...about,
    start,
    eol,
    streaming: state.phase === 'streaming',
    pieces,
    lead: text.slice(Math.max(0, start - CONTEXT), start),
    tail: text.slice(end, end + CONTEXT),
  };
}

/** What was read from where it was kept; undefined for anything else, and where nothing waits. */
export function parseStoredEdit(value: unknown): StoredEdit | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const one = value as Readonly<Record<keyof StoredEdit, unknown>>;
  const isText = [one.uri, one.lead, one.tail].every((text) => typeof text === 'string');
  if (one.v !== VERSION || !isText || !isCount(one.start) || !isCount(one.savedAt)) return undefined;
  if ((one.eol !== '\n' && one.eol !== '\r\n') || typeof one.streaming !== 'boolean') return undefined;
  if (!Array.isArray(one.pieces) || !one.pieces.every(isPiece)) return undefined;
  if (new Set(one.pieces.map(({ key }) => key)).size < one.pieces.length) return undefined;
  return one.pieces.some(({ kind }) => kind === 'hunk') ? (value as StoredEdit) : undefined;
}

/**
 * The edit as it goes on in a document that was opened again: its lines and what stands around them are as they were
 * left, wherever they are now. An answer that still came was cut. `original` where the lines are as they were before the
 * edit, so that nothing is half decided; undefined where they are neither.
 */
export function restoreEdit(stored: StoredEdit, text: string): EditState | 'original' | undefined {
  const { lead, tail, eol, streaming, pieces } = stored;
  const was = stored.start - lead.length;
  const at = placeIn(text, lead + textOf(pieces) + tail, was);
  if (at === undefined) {
    // Lines that only came around the original ones are left of the edit: whatever is not just as it was is told.
    const original = lead + originalOf(pieces) + tail;
    const isWhole = tail.length === CONTEXT || was + original.length === text.length;
    return isWhole && text.startsWith(original, was) ? 'original' : undefined;
  }
  const begun = pieces.findIndex(({ kind }) => kind === 'old');
  const state: EditState = {
    start: at + lead.length,
    pieces,
    eol,
    phase: streaming ? 'streaming' : 'ended',
    next: begun < 0 ? pieces.length : begun,
    epoch: pieces.reduce((most, { epoch }) => Math.max(most, epoch), 0),
    lastKey: pieces.reduce((most, { key }) => Math.max(most, key), 0),
    notices: [],
    held: '',
  };
  return endStream(state, 'cut');
}

/** Where it stood, else the only place where it stands. */
function placeIn(text: string, part: string, was: number): number | undefined {
  if (text.startsWith(part, was)) return was;
  const first = text.indexOf(part);
  return first >= 0 && text.indexOf(part, first + 1) < 0 ? first : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isPiece(value: unknown): value is Piece {
  if (typeof value !== 'object' || value === null) return false;
  const { key, kind, text, original, typed, touched, untouched, epoch } = value as Readonly<Record<string, unknown>>;
  return (
    isCount(key) &&
    isCount(epoch) &&
    KINDS.includes(kind as string) &&
    typeof text === 'string' &&
    typeof original === 'string' &&
    typeof typed === 'boolean' &&
    typeof touched === 'boolean' &&
    (untouched === undefined || typeof untouched === 'string')
  );
}
