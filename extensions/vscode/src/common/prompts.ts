import { block, type ContextItem, locationOf, messageText, type SelectionSnapshot } from './context.ts';
import { fenceFor } from './edit/answer-code.ts';

/** What can be asked about a selection without typing. */
export type AskCommand = 'ask' | 'explain' | 'fix' | 'refactor' | 'writeTests' | 'document' | 'customPrompt';

/** Every command that asks, in the order of the menus. */
export const ASK_COMMANDS: readonly AskCommand[] = [
  'ask',
  'explain',
  'fix',
  'refactor',
  'writeTests',
  'document',
  'customPrompt',
];

/** The question of each command that brings its own; `ask` and `customPrompt` take the user's. */
export const QUESTIONS: Readonly<Record<Exclude<AskCommand, 'ask' | 'customPrompt'>, string>> = {
  explain: 'Explain what this code does and why, from the whole to the detail. Point out what is surprising.',
  fix: 'Find what is wrong with this code and fix it. Show the fixed code, then say in a few words what was wrong.',
  refactor:
    'Refactor this code so that it is easier to read and change, without changing what it does. Show the code, then say what you changed.',
  writeTests: 'Write tests for this code with the framework that its project would use. Cover the edge cases.',
  document:
    'Write the documentation comments for this code in its language’s own form. Show the code with its comments.',
};

/** The user's own prompt from the settings, its placeholders filled in. */
export function fillPrompt(template: string, { file, language }: Pick<SelectionSnapshot, 'file' | 'language'>): string {
  return template.replace(/\{(file|language)\}/g, (_, name) => (name === 'file' ? file : language));
}

/** The system prompt of a command; `instructions` are the user's own words from the settings. */
export function systemPrompt(instructions: string): string {
  const own = instructions.trim();
  return [
    'You are a programming assistant inside of the user’s editor. Be exact and brief.',
    ...(own ? [own] : []),
  ].join('\n\n');
}

/** The system prompt of an edit in place: what the answer has to be, so that it can be written into the document. */
export function editSystemPrompt(instructions: string): string {
  const own = instructions.trim();
  return [
    'You edit code inside of the user’s editor. Answer with the new version of the given lines, whole and in one fenced code block, and with nothing else.',
    'Keep the indentation and everything the instruction does not ask to change, character by character. Do not leave anything out, and do not write placeholders such as “rest unchanged”.',
    ...(own ? [own] : []),
  ].join('\n\n');
}

/** The message of an edit in place. Says which fence to use, so that fences inside of the code stay code. */
export function editMessage(instruction: string, lines: SelectionSnapshot, items: readonly ContextItem[]): string {
  const fence = fenceFor(lines.text);
  return messageText(
    [
      `Instruction: ${instruction}`,
      `The lines to edit, ${locationOf(lines)}:`,
      block(lines.text, lines.language),
      `Answer with all of the new lines in one block, fenced by ${fence} backticks as the lines above are.`,
    ].join('\n\n'),
    items,
  );
}
