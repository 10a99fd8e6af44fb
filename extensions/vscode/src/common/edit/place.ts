import { type Change, diffLines } from './diff.ts';

/** Lines from 0, both included. */
export interface Place {
  readonly first: number;
  readonly last: number;
}

/** Further apart than this many times its own lines, what a block has in common with a document is chance. */
const SPREAD = 3;

/**
 * Which lines of a document a block of code is a new version of, where nobody selected any. One that is at least half as
 * long as the document stands for all of it; a shorter one for the lines between the first and the last that both have.
 * Undefined where that cannot be told: to take a part for the whole would delete the rest.
 */
export function placeOf(document: readonly string[], code: readonly string[]): Place | undefined {
  const [theirs, ours] = [document.map(trimmed), code.map(trimmed)];
  if (code.length * 2 >= document.length) return { first: 0, last: Math.max(document.length - 1, 0) };
  // A line such as `}` stands everywhere: it says nothing about a place.
  const known = (line: string, own: string) => (isTelling(line) ? line : own);
  const changes = diffLines(
    theirs.map((line, index) => known(line, `document ${index}`)),
    ours.map((line, index) => known(line, `code ${index}`)),
  );
  const inside = changes ? matchesOf(changes, theirs.length) : [];
  const start = inside.at(0);
  const end = inside.at(-1);
  if (!start || !end) return undefined;
  let [first, last] = [start.theirs, end.theirs];
  for (let at = start.ours - 1; at >= 0 && first > 0 && ours[at] === theirs[first - 1]; at--) first--;
  if (end.ours < ours.length - 1) last = endOfBlock(document, start.theirs, last, ours.at(-1));
  return last - first + 1 > ours.length * SPREAD ? undefined : { first, last };
}

/** Everything that is indented further than the line with which it begins, and the brace or word that ends it. */
function endOfBlock(document: readonly string[], begin: number, last: number, closing: string | undefined): number {
  const depth = indentOf(document[begin] ?? '');
  let end = last;
  for (let at = last + 1; at < document.length; at++) {
    const line = document[at] as string;
    if (line.trim() === '') continue;
    if (indentOf(line) > depth) end = at;
    else return indentOf(line) === depth && line.trim() === closing ? at : end;
  }
  return end;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function trimmed(line: string): string {
  return line.trim();
}

function isTelling(line: string): boolean {
  return line.replace(/[^\p{L}\p{N}]+/gu, '').length >= 3;
}

/** Indexes of the lines that both have, in order. */
function matchesOf(changes: readonly Change[], length: number): { readonly theirs: number; readonly ours: number }[] {
  const matches: { theirs: number; ours: number }[] = [];
  let [a, b] = [0, 0];
  for (const { aStart, aEnd, bEnd } of changes) {
    for (; a < aStart; a++, b++) matches.push({ theirs: a, ours: b });
    [a, b] = [aEnd, bEnd];
  }
  for (; a < length; a++, b++) matches.push({ theirs: a, ours: b });
  return matches;
}
