/** Far enough into a text to meet its first letter. */
const HEAD = 2_000;

const LETTER = /\p{L}/u;
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/** The direction of a text by its first letter, as `dir="auto"` would have it. */
export function directionOf(text: string): 'ltr' | 'rtl' {
  const letter = LETTER.exec(text.slice(0, HEAD))?.[0];
  return letter !== undefined && RIGHT_TO_LEFT.test(letter) ? 'rtl' : 'ltr';
}
