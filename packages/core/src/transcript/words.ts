import type {
  CitationPart,
  FilePart,
  ImagePart,
  ServerToolPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../chat/part.ts';

/*
 * What a conversation says in words because its next model cannot take the thing itself. All of it is said by the user's
 * side and in brackets: a model that found it in its own answers would begin to write it.
 */

/** Where a conversation begins with an answer, and its target wants a question first. */
export const OPENING = '[The beginning of this conversation is not here.]';
/** Behind an unfinished answer, for a target that takes no answer begun for it. */
export const CONTINUE = 'Continue exactly where you stopped, without repeating anything.';
/** The same behind text; the words said again show where the model goes on (`seam.ts`). */
export function continueFrom(lastWords: string): string {
  return `Your last answer was cut off. Go on exactly where it stopped: begin by repeating its last words, which are\n\n${lastWords}\n\nand continue right behind them. Repeat nothing else, and say nothing about this.`;
}
/** The result of a call that has none. */
export const NO_RESULT = 'There is no result: the call was not carried out.';
/** Between tools' results and a question, for a target that wants an answer there (quirk 152). */
export const RESULTS_READ = 'I have read the results.';
/** In a result whose images stand behind it. */
export const IMAGES_FOLLOW = '[What it shows follows.]';
/** Where nothing at all is left of a conversation. */
export const NOTHING = '[This message is empty.]';

export function text(words: string): TextPart {
  return { type: 'text', text: words };
}

/** A call that cannot go as one, with its result where it has one. */
export function callInWords(call: ToolCallPart, result: ToolResultPart | undefined, finished: boolean): TextPart {
  const name = call.name === '' ? 'a tool' : `the tool “${call.name}”`;
  const args = call.arguments.trim() === '' ? '' : ` with ${call.arguments}`;
  if (result) return text(`[The assistant called ${name}${args}. ${outcome(result)}]`);
  return text(
    finished
      ? `[The assistant called ${name}${args}. ${NO_RESULT}]`
      : `[The assistant began to call ${name}${args}, and was cut off. ${NO_RESULT}]`,
  );
}

/** A result whose call is not there. */
export function resultInWords(result: ToolResultPart): TextPart {
  const name = result.name === undefined || result.name === '' ? 'A tool' : `The tool “${result.name}”`;
  return text(`[${name} was called. ${outcome(result)}]`);
}

function outcome({ content, isError }: ToolResultPart): string {
  const said = content.flatMap((one) => (one.type === 'text' && one.text.trim() !== '' ? [one.text] : [])).join('\n');
  if (said === '') return isError ? 'It failed.' : 'It returned no text.';
  return `${isError ? 'It failed' : 'It returned'}:\n${said}\n`;
}

export function serverToolInWords({ name, input }: ServerToolPart): TextPart {
  const given = input === undefined || input === null ? '' : ` with ${JSON.stringify(input)}`;
  return text(`[For an earlier answer the provider ran ${name === '' ? 'a tool' : `“${name}”`}${given}.]`);
}

export function citationsInWords(citations: readonly CitationPart[]): TextPart {
  const lines = new Set(
    citations.map(({ url, title, quote }) => {
      const named = title === undefined || title === '' ? url : `${title} – ${url}`;
      return quote === undefined || quote === '' ? `- ${named}` : `- ${named}: “${quote}”`;
    }),
  );
  return text(`[Sources of an earlier answer:\n${[...lines].join('\n')}\n]`);
}

export function mediaInWords(part: ImagePart | FilePart): TextPart {
  return text(`[An earlier answer held ${labelOf(part)}; it is left out, because this model cannot take it.]`);
}

/** In front of what an earlier answer held, or a tool returned. */
export function mediaFollows(part: ImagePart | FilePart): TextPart {
  return text(`[From an earlier answer: ${labelOf(part)}]`);
}

export function resultMediaFollow(name: string): TextPart {
  return text(`[From the result of ${name}:]`);
}

function labelOf(part: ImagePart | FilePart): string {
  if (part.type === 'file') return `the file “${part.name}” (${part.mediaType})`;
  return part.alt === undefined || part.alt === '' ? 'an image' : `the image “${part.alt}”`;
}
