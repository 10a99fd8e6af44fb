/** What a picker's entry is searched by. */
export interface Searchable {
  readonly provider: string;
  readonly id: string;
  readonly name?: string;
  readonly providerName?: string;
  readonly aliases?: readonly string[];
  /** False entries are left out. */
  readonly chat?: false;
}

export interface RankOptions {
  /** Only this provider's models. */
  readonly provider?: string;
  /** `provider/model` ids that stand first, in this order, as long as they match. */
  readonly pinned?: readonly string[];
  readonly limit?: number;
}

/**
 * Models for a picker: every word of the query must be found, best matches first; among equals the list's own order
 * stays. Case, accents and punctuation do not count ("gpt5 mini" finds GPT-5-Mini), and letters may be left out of a word
 * ("snnt" finds Sonnet, after everything that holds the word whole).
 * @param describe turns an entry into what is searched; called once for each entry
 */
export function rankModels<T>(
  query: string,
  models: readonly T[],
  describe: (model: T) => Searchable,
  options: RankOptions = {},
): T[] {
  const words = plain(query).split(' ').filter(Boolean);
  const pins = new Map((options.pinned ?? []).map((id, index) => [id, index]));
  const ranked: { model: T; pin: number; score: number; index: number }[] = [];
  models.forEach((model, index) => {
    const entry = describe(model);
    if (entry.chat === false) return;
    if (options.provider !== undefined && entry.provider !== options.provider) return;
    const score = scoreOf(words, entry);
    if (score === undefined) return;
    ranked.push({ model, pin: pins.get(`${entry.provider}/${entry.id}`) ?? pins.size, score, index });
  });
  ranked.sort((a, b) => a.pin - b.pin || b.score - a.score || a.index - b.index);
  return ranked.slice(0, options.limit ?? ranked.length).map(({ model }) => model);
}

/** How well a word matches, from the worst to the best. */
const LETTERS_LEFT_OUT = 1;
const OTHER_NAME = 2;
const INSIDE = 4;
const WORD_START = 8;
const WHOLE_WORD = 10;
const FIRST = 12;

function scoreOf(words: readonly string[], entry: Searchable): number | undefined {
  if (words.length === 0) return 0;
  const names = [plain(entry.id.slice(entry.id.indexOf('/') + 1)), plain(entry.name ?? '')];
  const others = plain([entry.id, entry.providerName ?? entry.provider, ...(entry.aliases ?? [])].join(' '));
  let total = 0;
  for (const word of words) {
    const best = Math.max(...names.map((name) => scoreIn(name, word)), includes(others, word) ? OTHER_NAME : 0);
    if (best === 0 && !names.some((name) => leavesOut(name, word))) return undefined;
    total += best === 0 ? LETTERS_LEFT_OUT : best;
  }
  // The shorter name is the closer match: "gpt-5" before "gpt-5-mini-2026".
  return total - names[0]!.length / 1000;
}

function scoreIn(name: string, word: string): number {
  if (name === word || name.startsWith(`${word} `)) return FIRST;
  const padded = ` ${name} `;
  if (padded.includes(` ${word} `)) return WHOLE_WORD;
  if (padded.includes(` ${word}`)) return WORD_START;
  return includes(name, word) ? INSIDE : 0;
}

function includes(text: string, word: string): boolean {
  return text.includes(word) || text.replaceAll(' ', '').includes(word);
}

function leavesOut(name: string, word: string): boolean {
  if (word.length < 3) return false;
  let at = -1;
  for (const letter of word) {
    at = name.indexOf(letter, at + 1);
    if (at === -1) return false;
  }
  return true;
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
