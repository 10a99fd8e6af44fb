/**
 * Other people's words for places where the editor reads more than words. Names of models, errors of servers, paths of
 * files and lines of code come from outside; what they hold is shown as it is and does nothing.
 */

/** U+200B: breaks a syntax apart without being seen. */
const NOTHING = '\u200b';

/** For labels (lists, code lenses, the status bar), where the editor turns `$(name)` into an icon. */
export function withoutIcons(text: string): string {
  return text.replaceAll('$(', `$${NOTHING}(`);
}

/** For messages and prompts, where the editor turns `[text](command:…)` into a link that runs a command. */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', `]${NOTHING}(`);
}

/** For one line of Markdown in an answer, where a server's words could become links, pictures, headings or HTML. */
export function plainMarkdown(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return withoutIcons(line.replace(/[\\`*_[\]|~]/g, '\\$&').replace(/^([#>+=-]|\d+[.)])/, `${NOTHING}$1`));
}
