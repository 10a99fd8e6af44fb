import { plainText } from '../chat/plain-text.ts';

/** A JSON object of unknown fields. */
export type Fields = { readonly [key: string]: unknown };

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object where it is one, otherwise an empty one. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The list where it is one, otherwise an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A count as a whole number, rounded up; some write numbers as strings. Undefined for what is no count. */
export function countOf(value: unknown): number | undefined {
  const count = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? Math.ceil(count) : undefined;
}

/** Longer than any name or id. */
const LONGEST_NAME = 300;

/** The name or id where it is one: on one line, of a length that can be shown and kept. */
export function nameOf(value: unknown): string | undefined {
  const text = said(value);
  return text === undefined ? undefined : said(plainText(text.slice(0, LONGEST_NAME)));
}

/** The string where it is one and says something. */
export function said(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** MiniMax's verdict on a request, which stands in every response: 0 for well. */
export function saysBad(verdict: unknown): boolean {
  return Boolean(fieldsOf(verdict).status_code);
}

/** Picks one answer out of each list of them: the first that began, since no more than one is asked for. */
export function createPick(): (answers: unknown) => Fields | undefined {
  let index: unknown;
  return (answers) => {
    if (!Array.isArray(answers)) return undefined;
    const first: Fields | null | undefined = answers[0];
    if (typeof first !== 'object' || first === null) return undefined;
    const at = first.index ?? 0;
    if (at === index) return first;
    if (index !== undefined) return answers.find((one) => isFields(one) && (one.index ?? 0) === index);
    index = at;
    return first;
  };
}
