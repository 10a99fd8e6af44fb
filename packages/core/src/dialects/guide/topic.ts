import type { FailureKind } from '../../chat/failure.ts';

/** One thing the built-in guide can explain. */
export interface Topic {
  readonly id: string;
  /** As a person would name it; also what the guide calls it when it suggests it. */
  readonly title: string;
  /** Words people use for it that the text itself may not. */
  readonly words: string;
  /** Markdown. */
  readonly text: string;
  /** Ids of what one wants to know next. */
  readonly see: readonly string[];
  /** Kinds of failure that it helps with. */
  readonly failures?: readonly FailureKind[];
}
