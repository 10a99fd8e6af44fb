import type { Topic } from './topic.ts';

/** A topic and how well it answers, higher is better. */
export interface Hit {
  readonly topic: Topic;
  readonly score: number;
}

/** Okapi BM25's usual constants. */
const K1 = 1.2;
const B = 0.75;

/** What a title adds that the question names in full. */
const TITLE_BONUS = 3;

/** A word in the title weighs as much as so many in the text. */
const TITLE_WEIGHT = 4;
const WORDS_WEIGHT = 2;

/** A search over the topics by keyword, best first; topics that share no word with the question are left out. */
export function createSearch(topics: readonly Topic[]): (question: string) => readonly Hit[] {
  const documents = topics.map((topic) => {
    const counts = new Map<string, number>();
    const add = (text: string, weight: number) => {
      for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + weight);
    };
    add(topic.title, TITLE_WEIGHT);
    add(topic.words, WORDS_WEIGHT);
    add(topic.text, 1);
    const title = [...new Set(wordsOf(topic.title))];
    return { topic, title, counts, length: [...counts.values()].reduce((sum, count) => sum + count, 0) };
  });
  const average = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, documents.length);
  const rarity = (word: string) => {
    const holding = documents.filter(({ counts }) => counts.has(word)).length;
    return Math.log(1 + (documents.length - holding + 0.5) / (holding + 0.5));
  };

  return (question) => {
    const words = [...new Set(wordsOf(question))];
    return documents
      .map(({ topic, title, counts, length }) => ({
        topic,
        score: words.reduce(
          (sum, word) => {
            const count = counts.get(word);
            if (count === undefined) return sum;
            return sum + (rarity(word) * count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / average));
          },
          (TITLE_BONUS * title.filter((word) => words.includes(word)).length) / title.length,
        ),
      }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score);
  };
}

const STOP_WORDS = new Set(
  'a an the and or of to in on for with is are was be been am do does did can could will would should i you it its my your me we this that these those there what which who how why when where at by as if so not no any some from have has had get got into about please tell explain just then than them they much many need want like make know does doing something anything thing things way write say give show'.split(
    ' ',
  ),
);

/** Words worth comparing: lower case, without accents and common endings. */
function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .normalize('NFD')
      .replace(/\p{M}|['’]/gu, '')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
    .filter((word) => word.length > 1 && !STOP_WORDS.has(word))
    .map(stem);
}

/** Enough of a stemmer for short English help: `limits`, `limited` and `limiting` meet in `limit`. */
function stem(word: string): string {
  if (word.length < 5) return word.endsWith('s') && !word.endsWith('ss') && word.length > 3 ? word.slice(0, -1) : word;
  return word
    .replace(/(?:ies|ied)$/, 'y')
    .replace(/(?<=[^s])s$/, '')
    .replace(/(?:ing|ed|er|ment)$/, '')
    .replace(/(?<=.{4})e$/, '');
}
