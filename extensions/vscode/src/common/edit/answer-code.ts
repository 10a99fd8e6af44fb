import { type Eol, endsLine, withEol } from './lines.ts';

/** Turns a streamed answer into the lines of code it holds. */
export interface AnswerCode {
  /** Text of the answer as it comes; gives the lines of code that are complete by now. */
  push(text: string): string[];
  /** The answer is over; gives what is left. */
  end(): string[];
  /** There is code: a block was begun (even one that is empty), or something else was said. Known for sure after `end`. */
  readonly found: boolean;
}

export interface AnswerCodeOptions {
  readonly eol: Eol;
  /** Whether the lines under edit end with a line ending: the answer is made to do the same. */
  readonly finalEnding: boolean;
  /** Backticks that the prompt asked the fence to have. */
  readonly fence: number;
}

/** A fence long enough that none inside of the code closes it: three backticks or more. */
export function fenceFor(code: string): number {
  const longest = [...code.matchAll(/^[ \t]*(`{3,})/gm)].reduce(
    (most, match) => Math.max(most, match[1]?.length ?? 0),
    2,
  );
  return longest + 1;
}

interface Fence {
  readonly mark: string;
  /** Columns before it; a tab counts as four. */
  readonly indent: number;
  /** Behind it: the language. A fence that closes has none. */
  readonly info: string;
}

/** How much further than its opening a closing fence may be indented, as in CommonMark. */
const INDENT = 3;

function fenceIn(line: string): Fence | undefined {
  const found = /^([ \t]*)(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*)$/.exec(line);
  if (!found) return undefined;
  const [, space = '', mark = '', info = ''] = found;
  return { mark, indent: space.replaceAll('\t', '    ').length, info: info.trim() };
}

/**
 * The code of the answer's first fenced block, line by line. What is said before and after it is left out. Blocks inside
 * of the block (of a Markdown document, of a comment) belong to it, also where a model fenced the whole with no more than
 * they have. An answer without any fence is code as a whole; that shows only at its end, so its lines come then.
 */
export function createAnswerCode({ eol, finalEnding, fence }: AnswerCodeOptions): AnswerCode {
  let phase = 'before' as 'before' | 'inside' | 'after';
  let open: Fence | undefined;
  /** Blocks that were begun inside of the block and have not ended. */
  let depth = 0;
  /** From a fence on that may close the block or one inside of it; the latter shows when another one comes. */
  let doubtful: string[] | undefined;
  let partial = '';
  let prose = '';
  /** A line is given out when the next one comes: only then is it known not to be the last. */
  let waiting: string | undefined;

  const give = (line: string, out: string[]) => {
    if (waiting !== undefined) out.push(waiting);
    waiting = line;
  };
  const inside = (bare: string, block: Fence, out: string[]) => {
    const code = withEol(bare, eol) + eol;
    const fenced = fenceIn(bare);
    const found = fenced?.mark.startsWith(block.mark) && fenced.indent <= block.indent + INDENT ? fenced : undefined;
    if (doubtful) {
      if (found?.info !== '') {
        doubtful.push(code);
        return;
      }
      for (const line of doubtful) give(line, out);
      doubtful = [code];
    } else if (!found) {
      give(code, out);
    } else if (found.info !== '' || depth > 0) {
      depth += found.info === '' ? -1 : 1;
      give(code, out);
    } else if (block.mark.length < fence) {
      // The lines under edit hold fences as long as this one: only the last of them closes the block.
      doubtful = [code];
    } else {
      phase = 'after';
    }
  };
  const line = (raw: string, out: string[]) => {
    const bare = raw.replace(/\r?\n$/, '');
    if (phase === 'before') {
      open = fenceIn(bare);
      if (open) phase = 'inside';
      else prose += raw;
    } else if (phase === 'inside' && open) {
      inside(bare, open, out);
    }
  };
  const finished = () => phase === 'after';
  const last = (out: string[]) => {
    if (waiting === undefined) return;
    out.push(finalEnding || !endsLine(waiting) ? waiting : waiting.slice(0, -eol.length));
    waiting = undefined;
  };

  return {
    push: (text) => {
      const out: string[] = [];
      if (finished()) return out;
      partial += text;
      let from = 0;
      // A carriage return at the end may be half of a line ending: it waits with its line.
      for (let at = partial.indexOf('\n'); at >= 0; at = partial.indexOf('\n', from)) {
        line(partial.slice(from, at + 1), out);
        from = at + 1;
      }
      partial = partial.slice(from);
      if (finished()) partial = '';
      return out;
    },
    end: () => {
      const out: string[] = [];
      if (partial !== '') line(partial, out);
      partial = '';
      if (phase === 'before' && prose.trim() !== '') {
        for (const one of prose.replace(/\n$/, '').split('\n'))
          give(withEol(one, eol).replace(/[\r\n]+$/, '') + eol, out);
      }
      phase = 'after';
      last(out);
      return out;
    },
    get found() {
      return open !== undefined || prose.trim() !== '';
    },
  };
}
