/**
 * As much of the browser's built-in model as is used here (W3C Prompt API, `LanguageModel`). It lives in windows, not in
 * workers; a host whose gateway runs in a worker hands in a port that reaches a window of its own.
 */
export interface LanguageModelPort {
  availability(): Promise<'unavailable' | 'downloadable' | 'downloading' | 'available'>;
  create(options: {
    readonly initialPrompts: readonly Prompt[];
    readonly signal: AbortSignal;
  }): Promise<LanguageModelSession>;
}

export interface LanguageModelSession {
  /** Each chunk is what is new. */
  promptStreaming(
    input: string,
    options: { readonly signal: AbortSignal; readonly responseConstraint?: object },
  ): ReadableStream<string>;
  destroy(): void;
}

export interface Prompt {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** The browser's own, undefined where it has none. */
export function builtInModel(): LanguageModelPort | undefined {
  return (globalThis as { readonly LanguageModel?: LanguageModelPort }).LanguageModel;
}
