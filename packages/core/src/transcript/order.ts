import type { Message, Role } from '../chat/message.ts';
import type { Part, TextPart, ToolResultPart } from '../chat/part.ts';
import type { TranscriptRules } from '../providers/transcript-rules.ts';
import { type Continuation, lastWords } from './seam.ts';
import { CONTINUE, continueFrom, NOTHING, OPENING, RESULTS_READ, text } from './words.ts';

/** A conversation under construction, in the order of roles that its target takes. */
export interface Order {
  question(parts: readonly Part[]): void;
  answer(parts: readonly Part[]): void;
  /** Results of the answer just told, all of them. */
  results(parts: readonly ToolResultPart[]): void;
  /** For the user's side, before the next answer: the conversation makes no sense without it. */
  tell(parts: readonly Part[]): void;
  /** For the user's side, with its next question. */
  mention(asides: readonly Aside[]): void;
  end(): Ending;
}

/** Something told about an answer, and the words for it where a medium has no place. */
export interface Aside {
  readonly parts: readonly Part[];
  readonly inWords: readonly TextPart[];
}

export interface Ending {
  readonly messages: readonly Message[];
  /** Present where the last answer is to be continued, by the target itself or because it is asked to. */
  readonly continues?: Continuation;
}

interface Draft {
  readonly role: Role;
  readonly parts: Part[];
}

export function createOrder(rules: TranscriptRules): Order {
  const drafts: Draft[] = [];
  let pending: Aside[] = [];
  let urgent = false;
  let endsInAnswer = false;

  const take = (): Aside[] => {
    const taken = pending;
    pending = [];
    urgent = false;
    return taken;
  };
  const put = (role: Role, parts: readonly Part[]) => {
    const last = drafts.at(-1);
    if (rules.merge && last?.role === role && role !== 'tool') last.parts.push(...parts);
    else drafts.push({ role, parts: [...parts] });
  };
  const putQuestion = (parts: readonly Part[]) => {
    if (!rules.userAfterTools && drafts.at(-1)?.role === 'tool') put('assistant', [text(RESULTS_READ)]);
    put('user', parts);
  };
  /** On the user's side in front of the message at `at`, without another turn where there is one to join. */
  const slip = (at: number, asides: readonly Aside[]) => {
    const before = drafts[at - 1];
    const words = asides.flatMap(({ inWords }) => inWords);
    if (before?.role === 'user') before.parts.push(...asides.flatMap(({ parts }) => parts));
    else if (before?.role === 'tool') addWords(before.parts, words);
    else drafts.splice(at, 0, { role: 'user', parts: words });
  };

  return {
    question: (parts) => {
      putQuestion([...take().flatMap((aside) => aside.parts), ...parts]);
      endsInAnswer = false;
    },
    answer: (parts) => {
      if (urgent) putQuestion(take().flatMap((aside) => aside.parts));
      put('assistant', parts);
      endsInAnswer = true;
    },
    results: (parts) => {
      put('tool', parts);
      endsInAnswer = false;
    },
    tell: (parts) => {
      pending.push({ parts, inWords: [] });
      urgent = true;
    },
    mention: (asides) => {
      pending.push(...asides);
    },
    end: () => {
      // Of two answers in a row nobody knows which one is begun.
      const prefilled = endsInAnswer && rules.prefill !== 'refused' && !urgent && drafts.at(-2)?.role !== 'assistant';
      const cut = endsInAnswer ? trimEnd(drafts.at(-1) as Draft) : undefined;
      const echoed = prefilled && rules.prefill === 'echoed' && { echoed: true as const };
      const continues = cut && cut.text !== '' ? { ...cut, prefilled, ...echoed } : undefined;
      if (endsInAnswer && !prefilled) {
        const ask = continues ? continueFrom(lastWords(continues.text)) : CONTINUE;
        putQuestion([...take().flatMap((aside) => aside.parts), text(ask)]);
      } else if (urgent) {
        putQuestion(take().flatMap((aside) => aside.parts));
      } else if (pending.length > 0) {
        slip(prefilled ? drafts.length - 1 : drafts.length, take());
      }
      if (drafts.length === 0) putQuestion([text(NOTHING)]);
      if (rules.userFirst && drafts[0]?.role !== 'user') drafts.unshift({ role: 'user', parts: [text(OPENING)] });
      return { messages: drafts, ...(continues && { continues }) };
    },
  };
}

/** Words at the end of the last result, where a message of the user's own would interrupt the tools. */
function addWords(parts: Part[], words: readonly TextPart[]): void {
  const last = parts.at(-1);
  if (last?.type === 'tool-result') parts[parts.length - 1] = { ...last, content: [...last.content, ...words] };
}

/**
 * Quirk 98: an answer begun for a model must not end in white space; a chat's template cuts it off for most others. Half
 * of a character, from a cut between two deltas, is none.
 */
function trimEnd(draft: Draft): Pick<Continuation, 'text' | 'trimmed'> {
  const at = draft.parts.findLastIndex((part) => !SILENT.has(part.type));
  const part = draft.parts[at];
  if (part?.type !== 'text') return { text: '', trimmed: '' };
  const whole = part.text.replace(/[\uD800-\uDBFF]$/, '');
  const kept = whole.trimEnd();
  if (kept === '' || kept === part.text) return { text: kept, trimmed: '' };
  draft.parts[at] = { ...part, text: kept };
  return { text: kept, trimmed: whole.slice(kept.length) };
}

const SILENT: ReadonlySet<Part['type']> = new Set(['citation', 'reasoning']);
