import { type Eol, endsLine, withEol } from './lines.ts';

/** Turns a streamed answer into the lines of code it holds. */
export interface AnswerCode {
  /** Text of the answer as it comes; gives the lines of code that are complete by now. */
  push(text: string): string[];
  /** The answer is over; gives what is left. */
  end(): string[];
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

/**
 * The code of the answer's first fenced block, line by line. What is said before and after it is left out. An answer
 * without any fence is code as a whole; that shows only at its end, so its lines come then.
 */
export function createAnswerCode({ eol, finalEnding, fence }: AnswerCodeOptions): AnswerCode {
  let phase = 'before' as 'before' | 'inside' | 'after';
  let close = '';
  let partial = '';
  let prose = '';
  /** A line is given out when the next one comes: only then is it known not to be the last. */
  let waiting: string | undefined;

  const give = (line: string, out: string[]) => {
    if (waiting !== undefined) out.push(waiting);
    waiting = line;
  };
  const line = (raw: string, out: string[]) => {
    const bare = raw.replace(/\r?\n$/, '');
    if (phase === 'before') {
      const open = /^[ \t]*(`{3,})[^`]*$/.exec(bare)?.[1];
      if (open && open.length >= Math.min(fence, 3)) {
        phase = 'inside';
        close = open;
      } else {
        prose += raw;
      }
    } else if (phase === 'inside') {
      const closes = /^[ \t]*(`{3,})[ \t]*$/.exec(bare)?.[1];
      if (closes && closes.length >= close.length) phase = 'after';
      else give(withEol(bare, eol) + eol, out);
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
  };
}
