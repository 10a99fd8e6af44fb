/** Control characters, and those that turn the direction of what follows: text that holds them may read as another one. */
const DECEIVING = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** Somebody else's text as one line that reads as what it is. */
export function plainText(text: string): string {
  return text.replace(DECEIVING, ' ').replace(/\s+/g, ' ').trim();
}

/** Whether it is such a line already. */
export function isPlainText(text: string): boolean {
  return text.search(DECEIVING) === -1;
}
