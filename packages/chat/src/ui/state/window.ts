/** Rows of one height in a box that scrolls: which of them to render. */
export interface RowWindow {
  /** First row, and one past the last. */
  readonly start: number;
  readonly end: number;
  /** Height of the rows left out before, px. */
  readonly before: number;
  /** Height of all rows, px. */
  readonly total: number;
}

/** Rows rendered outside of the box on either side, so that a quick scroll shows no gap. */
const SPARE = 6;

export function rowWindow(scrollTop: number, height: number, rowHeight: number, count: number): RowWindow {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight) - SPARE;
  const start = Math.max(0, Math.min(first, count - 1));
  const end = Math.min(count, Math.max(start, Math.ceil((Math.max(0, scrollTop) + height) / rowHeight) + SPARE));
  return { start, end, before: start * rowHeight, total: count * rowHeight };
}

/** Where to scroll so that a row is in view; the same place if it is already. */
export function scrollToRow(row: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}

/** Messages rendered at first, and added each time the reader scrolls up to the oldest one shown. */
export const PAGE = 30;

/** First message to render of a branch, when `pages` pages were asked for. */
export const firstShown = (count: number, pages: number): number => Math.max(0, count - pages * PAGE);
