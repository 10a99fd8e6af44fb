import { splitLines } from './lines.ts';
import type { EditNotice, EditState, Hunk } from './session.ts';
import { hunksOf } from './session.ts';

/** How one change is shown. Offsets in the document. */
export interface HunkView {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  /** `−2 +3`. */
  readonly counts: string;
  /** What was there, on one line and shortened, for showing beside the change; '' where only lines were added. */
  readonly ghost: string;
  /** What was there, whole. */
  readonly removed: string;
  /** The change as a diff block, for the hover. */
  readonly diff: string;
  readonly typed: boolean;
}

const GHOST_LENGTH = 80;

/** The changes that wait, as they are shown. */
export function hunkViews(state: EditState): HunkView[] {
  return hunksOf(state).map((hunk) => ({
    id: hunk.id,
    start: hunk.start,
    end: hunk.end,
    counts: counts(hunk),
    ghost: ghost(hunk.removed),
    removed: hunk.removed,
    diff: diffBlock(hunk),
    typed: hunk.typed,
  }));
}

/** What a notice says to the user. */
export function noticeText(notice: EditNotice): string {
  switch (notice.kind) {
    case 'line-kept':
      return `You changed a line while it was being replaced, so both versions are kept: “${shorten(notice.line.trim(), 60)}”.`;
    case 'hunk-given-up':
      return 'You wrote into this change, so it was not taken back: it stays as it is. Undo takes it back step by step.';
  }
}

function counts({ removed, added }: Hunk): string {
  const minus = splitLines(removed).length;
  const plus = splitLines(added).length;
  return [...(minus > 0 ? [`−${minus}`] : []), ...(plus > 0 ? [`+${plus}`] : [])].join(' ');
}

function ghost(removed: string): string {
  const lines = splitLines(removed).map((line) => line.trim());
  const first = lines.find((line) => line !== '') ?? '';
  if (lines.length === 0) return '';
  const more = lines.length > 1 ? ` … ${lines.length} lines` : '';
  return `${shorten(first === '' ? '(empty line)' : first, GHOST_LENGTH)}${more}`;
}

function diffBlock({ removed, added }: Hunk): string {
  const mark = (sign: string, text: string) =>
    splitLines(text)
      .map((line) => `${sign}${line.replace(/\r?\n$/, '')}`)
      .join('\n');
  return [mark('-', removed), mark('+', added)].filter((one) => one !== '').join('\n');
}

/** Never cuts a character in half. */
function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
