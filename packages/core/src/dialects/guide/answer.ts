import { createSearch } from './search.ts';
import type { Topic } from './topic.ts';
import { TOPICS } from './topics.ts';

const search = createSearch(TOPICS);
const byId = new Map(TOPICS.map((topic) => [topic.id, topic]));

/** Below this, shared words are chance. */
const LEAST_SCORE = 2.4;
/** Another topic this close to the best may be the one that was meant. */
const CLOSE = 0.8;

const SIGNATURE = '_Built-in guide, not an AI model._';

const GREETING =
  /^(?:hi|hello|hey|hallo|hola|salut|good (?:morning|afternoon|evening|day)|moin|servus|yo)\b[\s!.,]*(?:there|patchbay|guide)?[\s!.?]*$/i;
const THANKS = /^(?:thanks?|thank you|thx|cheers|great|perfect|ok(?:ay)?|got it|danke|merci)\b.{0,24}$/i;
const MENU = /^(?:help|\?+|menu|topics|what can (?:you do|i ask)|what do you know).{0,24}$/i;

/**
 * What the built-in guide says to the last of these questions; earlier ones help where it says too little by itself.
 * @param questions what the user wrote, oldest first
 * @returns Markdown
 */
export function answer(questions: readonly string[]): string {
  const question = (questions.at(-1) ?? '').trim();
  if (question === '' || GREETING.test(question))
    return signed(`Hello! ${HINT}\n\n${menu(['start', 'caps', 'choose-model', 'privacy', 'local'])}`);
  if (THANKS.test(question)) return signed('You are welcome. Ask about anything else in Patchbay whenever you like.');
  if (MENU.test(question)) return signed(`${HINT} These are my topics:\n\n${menu(TOPICS.map(({ id }) => id))}`);

  const hits = found(question) ?? found(questions.slice(-2).join(' '));
  const best = hits?.[0];
  if (!hits || !best) {
    return signed(
      `I found nothing about that. I only know Patchbay itself; for anything else, pick a model at the message box.\n\nPerhaps one of these helps:\n\n${menu(['start', 'choose-model', 'add-key', 'caps', 'network'])}`,
    );
  }
  const others = hits.slice(1, 4).filter(({ score }) => score >= best.score * CLOSE);
  const related = [...new Set([...others.map(({ topic }) => topic.id), ...best.topic.see])].slice(0, 4);
  return signed(`**${best.topic.title}**\n\n${best.topic.text}\n\nYou can also ask about:\n\n${menu(related)}`);
}

const HINT = 'I am the built-in guide to Patchbay. I answer from help texts that came with it, offline and at no cost.';

function found(question: string) {
  const hits = search(question);
  return hits[0] && hits[0].score >= LEAST_SCORE ? hits : undefined;
}

function menu(ids: readonly string[]): string {
  return ids
    .map((id) => byId.get(id))
    .filter((topic): topic is Topic => topic !== undefined)
    .map((topic) => `- ${topic.title}`)
    .join('\n');
}

function signed(text: string): string {
  return `${text}\n\n${SIGNATURE}`;
}
