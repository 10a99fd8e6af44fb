/** One line of a suite's result; what is not measured is absent. */
export type Row = { readonly [column: string]: string | number | boolean };

/** Measures one thing; gives its rows, or throws with one clear sentence. */
export type Suite = () => Promise<readonly Row[]>;

/** A line about what is being done now, kept out of the result. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}
