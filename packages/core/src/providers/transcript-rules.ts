/**
 * What a target demands of the conversation it is given: data for the hand-over. A dialect has its defaults; a provider
 * (`flags.transcript`), a family of its models (`transcript`) or a key's own entry lays its own words over them.
 */
export interface TranscriptRules {
  /** Form of a tool call's id (quirks 54, 98, 167, 243). */
  readonly callIds: {
    /** Most characters. */
    readonly longest: number;
    /** `word`: letters, digits, `_` and `-`; `alphanumeric`: letters and digits alone. */
    readonly alphabet: 'word' | 'alphanumeric';
    /** Exactly `longest` characters, no fewer. */
    readonly exact?: boolean;
  };
  /** Regular expression source for a tool's name; a call by any other name is told in words. */
  readonly toolNames: string;
  /** `words`: knows no tools, so that a history's calls and results are told in words. */
  readonly tools: 'native' | 'words';
  /** Two messages of one side in a row become one (quirks 129, 182, 209). */
  readonly merge: boolean;
  /** A conversation must begin with the user. */
  readonly userFirst: boolean;
  /** A question may follow the results of tools directly; otherwise an answer is put between (quirk 152). */
  readonly userAfterTools: boolean;
  /** Where the images of a tool's result stand: in it, in it unless the tool failed (quirk 97), or behind it (quirk 125). */
  readonly resultImages: 'inside' | 'inside-unless-failed' | 'beside';
  /** Where images and files stand that the model's own earlier answers hold. */
  readonly answerMedia: 'inside' | 'beside';
  /** `inside`: what the provider itself ran goes back to the model that asked for it; otherwise it is told in words. */
  readonly serverTools: 'inside' | 'words';
  /** Thinking that led to nothing is left out at the end of an answer (quirk 69). */
  readonly trailingThinking: 'kept' | 'dropped';
  /** An answer at the end is continued by the model, perhaps after saying it again; or it is asked to continue it. */
  readonly prefill: 'taken' | 'echoed' | 'refused';
  /** `first-question`: knows no system prompt, so that it stands in front of the first question (quirk 122). */
  readonly system: 'native' | 'first-question';
}
