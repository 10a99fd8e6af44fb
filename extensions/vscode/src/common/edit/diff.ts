/** Lines [aStart, aEnd) of the old text became lines [bStart, bEnd) of the new one; either side may be empty. */
export interface Change {
  readonly aStart: number;
  readonly aEnd: number;
  readonly bStart: number;
  readonly bEnd: number;
}

/** The cost of a diff grows with the square of the differing lines. */
const MAX_DISTANCE = 2000;

/**
 * The fewest line changes that turn `a` into `b` (Myers, "An O(ND) Difference Algorithm", 1986), in order. Lines are
 * compared with their endings. Undefined above 2,000 differing lines.
 */
export function diffLines(a: readonly string[], b: readonly string[]): Change[] | undefined {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const aEnd = a.length - tail;
  const bEnd = b.length - tail;
  if (head === aEnd && head === bEnd) return [];
  if (head === aEnd || head === bEnd) return [{ aStart: head, aEnd, bStart: head, bEnd }];

  const trace = forward(a, b, head, aEnd, bEnd);
  return trace && backtrack(trace, head, aEnd, bEnd);
}

/** The furthest reaching paths of each round; undefined when there are too many. */
function forward(
  a: readonly string[],
  b: readonly string[],
  head: number,
  aEnd: number,
  bEnd: number,
): Int32Array[] | undefined {
  const n = aEnd - head;
  const m = bEnd - head;
  const max = Math.min(n + m, MAX_DISTANCE);
  const reach = new Int32Array(2 * max + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= max; d++) {
    // Round d reads diagonals −d−1 … d+1 only: that is all that has to be kept.
    trace.push(reach.slice(max - d, max + d + 3));
    for (let k = -d; k <= d; k += 2) {
      const at = k + max + 1;
      const down = k === -d || (k !== d && (reach[at - 1] as number) < (reach[at + 1] as number));
      let x = down ? (reach[at + 1] as number) : (reach[at - 1] as number) + 1;
      let y = x - k;
      while (x < n && y < m && a[head + x] === b[head + y]) {
        x++;
        y++;
      }
      reach[at] = x;
      if (x >= n && y >= m) return trace;
    }
  }
  return undefined;
}

function backtrack(trace: readonly Int32Array[], head: number, aEnd: number, bEnd: number): Change[] {
  const changes: Change[] = [];
  let x = aEnd - head;
  let y = bEnd - head;
  for (let d = trace.length - 1; d > 0; d--) {
    const reach = trace[d] as Int32Array;
    const k = x - y;
    const at = k + d + 1;
    const down = k === -d || (k !== d && (reach[at - 1] as number) < (reach[at + 1] as number));
    const fromK = down ? k + 1 : k - 1;
    const fromX = reach[fromK + d + 1] as number;
    const fromY = fromX - fromK;
    const step = {
      aStart: head + fromX,
      aEnd: head + fromX + (down ? 0 : 1),
      bStart: head + fromY,
      bEnd: head + fromY + (down ? 1 : 0),
    };
    const next = changes.at(-1);
    if (next && next.aStart === step.aEnd && next.bStart === step.bEnd) {
      changes[changes.length - 1] = { aStart: step.aStart, aEnd: next.aEnd, bStart: step.bStart, bEnd: next.bEnd };
    } else {
      changes.push(step);
    }
    x = fromX;
    y = fromY;
  }
  return changes.reverse();
}
