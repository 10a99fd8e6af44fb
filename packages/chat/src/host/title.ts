import type { Part } from '@patchbay/core';

const LONGEST = 60;

/** A conversation's first name: the beginning of its first message, on one line; undefined where there is no word in it. */
export function titleOf(parts: readonly Part[]): string | undefined {
  for (const part of parts) {
    const title = part.type === 'text' ? shorten(part.text) : part.type === 'file' ? shorten(part.name) : '';
    if (title) return title;
  }
  return parts.some((part) => part.type === 'image') ? 'Image' : undefined;
}

function shorten(text: string): string {
  const line = text
    .slice(0, 4 * LONGEST)
    .replace(/\s+/g, ' ')
    .trim();
  const letters = [...line];
  if (letters.length <= LONGEST) return line;
  const cut = letters.slice(0, LONGEST).join('');
  const word = cut.lastIndexOf(' ');
  return `${(word > LONGEST / 2 ? cut.slice(0, word) : cut).trimEnd()}…`;
}
