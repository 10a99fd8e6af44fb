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

/** The change at an offset of the document, else the next one, else the last. */
export function hunkAt(hunks: readonly HunkView[], at: number): HunkView | undefined {
  const under = hunks.find(({ start, end }) => at >= start && at <= end);
  return under ?? hunks.find(({ start }) => start >= at) ?? hunks.at(-1);
}

/** The change after or before an offset, round and round; from nowhere the first. */
export function hunkBeside(hunks: readonly HunkView[], at: number | undefined, step: 1 | -1): HunkView | undefined {
  if (at === undefined) return hunks[0];
  if (step > 0) return hunks.find(({ start }) => start > at) ?? hunks[0];
  return hunks.findLast(({ start }) => start < at) ?? hunks.at(-1);
}

/** What notices say to the user: one message, however many lines were changed at once (by a formatter, say). */
export function noticesText(notices: readonly EditNotice[]): string {
  const lines = notices.flatMap((notice) => (notice.kind === 'line-kept' ? [notice.line.trim()] : []));
  const first = `“${shorten(lines.find((line) => line !== '') ?? '', 60)}”`;
  const count = (kind: EditNotice['kind']) => notices.filter((notice) => notice.kind === kind).length;
  const given = count('hunk-given-up');
  const over = count('hunk-overwritten');
  return [
    ...(lines.length === 1
      ? [`You changed a line while it was being replaced, so both versions are kept: ${first}.`]
      : []),
    ...(lines.length > 1
      ? [
          `${lines.length} lines changed while they were being replaced, so both versions of them are kept. The first: ${first}.`,
        ]
      : []),
    ...(given === 1
      ? ['You wrote into this change, so it was not taken back: it stays as it is. Undo takes it back step by step.']
      : []),
    ...(given > 1
      ? [
          `You wrote into ${given} changes, so these were not taken back: they stay as they are. Undo takes them back step by step.`,
        ]
      : []),
    ...(over > 0
      ? [
          `${over === 1 ? 'A change of the edit was' : `${over} changes of the edit were`} overwritten together with the lines around, so there is nothing left to accept or reject there. Undo brings the edit back.`,
        ]
      : []),
  ].join(' ');
}

function counts({ removed, added }: Hunk): string {
  const minus = lineCount(removed);
  const plus = lineCount(added);
  return [...(minus > 0 ? [`−${minus}`] : []), ...(plus > 0 ? [`+${plus}`] : [])].join(' ');
}

function ghost(removed: string): string {
  const count = lineCount(removed);
  if (count === 0) return '';
  const first = splitLines(removed.trimStart(), 1)[0]?.trim() ?? '';
  const more = count > 1 ? ` … ${count} lines` : '';
  return `${shorten(first === '' ? '(empty line)' : first, GHOST_LENGTH)}${more}`;
}

function lineCount(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; count++) {
    const end = text.indexOf('\n', at);
    at = end < 0 ? text.length : end + 1;
  }
  return count;
}

/** Lines of each side in the hover: nobody reads more there, and it is made anew with each line of the answer. */
const MOST_SHOWN = 100;

function diffBlock({ removed, added }: Hunk): string {
  const mark = (sign: string, text: string) => {
    const lines = splitLines(text, MOST_SHOWN).map((line) => `${sign}${line.replace(/\r?\n$/, '')}`);
    const more = lines.length < MOST_SHOWN ? 0 : lineCount(text) - lines.length;
    return [...lines, ...(more > 0 ? [`${sign} … ${more} more`] : [])].join('\n');
  };
  return [mark('-', removed), mark('+', added)].filter((one) => one !== '').join('\n');
}

/** Never cuts a character in half. */
function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
