/** What a model says, before any provider puts it into its own words. */
export interface Script {
  readonly thought?: { readonly text: string; readonly signature: string };
  /** In pieces, as it is streamed. */
  readonly text?: readonly string[];
  readonly source?: string;
  readonly calls?: readonly { readonly id: string; readonly name: string; readonly args: object }[];
  /** PNG, base64. */
  readonly image?: string;
  readonly refusal?: string;
  readonly short?: true;
  readonly usage: {
    readonly input: number;
    readonly cached: number;
    readonly output: number;
    readonly thought: number;
  };
}

/** How a provider writes a script down: as a stream of frames, and in one piece. */
export interface Wire {
  frames(script: Script): readonly string[];
  whole(script: Script): object;
}

export const data = (value: object | string): string =>
  `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
export const named = (type: string, rest: object = {}): string => `event: ${type}\n${data({ type, ...rest })}`;

/** Each text in two pieces, cut inside of what belongs together. */
export const halves = (text: string): string[] =>
  text.length < 2 ? [text] : [text.slice(0, text.length >> 1), text.slice(text.length >> 1)];
