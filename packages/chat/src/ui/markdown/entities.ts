/** Named character references that people and models write, as name and character in turn. */
const PAIRS =
  'amp & lt < gt > quot " iexcl ¡ cent ¢ pound £ yen ¥ sect § copy © laquo « not ¬ reg ® deg ° plusmn ± sup2 ² ' +
  'sup3 ³ micro µ para ¶ middot · sup1 ¹ raquo » frac14 ¼ frac12 ½ frac34 ¾ iquest ¿ times × divide ÷ szlig ß ' +
  'Auml Ä Ouml Ö Uuml Ü auml ä ouml ö uuml ü eacute é egrave è agrave à ccedil ç ntilde ñ alpha α beta β ' +
  'gamma γ delta δ lambda λ mu μ pi π sigma σ omega ω Delta Δ Sigma Σ Omega Ω bull • hellip … prime ′ euro € ' +
  'trade ™ larr ← uarr ↑ rarr → darr ↓ harr ↔ rArr ⇒ forall ∀ exist ∃ empty ∅ isin ∈ sum ∑ minus − radic √ ' +
  'infin ∞ cap ∩ cup ∪ asymp ≈ ne ≠ equiv ≡ le ≤ ge ≥ sub ⊂ sup ⊃ ndash – mdash — lsquo ‘ rsquo ’ ldquo “ ' +
  'rdquo ” check ✓ star ☆';

const NAMED = new Map<string, string>([
  ['apos', "'"],
  ['nbsp', '\u00a0'],
  ['ensp', '\u2002'],
  ['emsp', '\u2003'],
  ['thinsp', '\u2009'],
]);
const words = PAIRS.split(' ');
for (let index = 0; index < words.length; index += 2) NAMED.set(words[index] as string, words[index + 1] as string);

/** Resolves named character references in a text; any unknown one stays, and numeric ones are resolved by the lexer. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([a-zA-Z][a-zA-Z0-9]{1,7});/g, (whole, name: string) => NAMED.get(name) ?? whole);
}

/** Force what follows to be read backwards, letter by letter: no language needs them, and a link shows another host. */
const TURNING = /[\u202d\u202e]/g;

/** A text of the lexer as it is shown. */
export function shownText(text: string): string {
  return verbatim(decodeEntities(text));
}

/** The same for a text that holds no references. */
export function verbatim(text: string): string {
  return text.replace(TURNING, '');
}

/** Every mark that turns or isolates a stretch of text. */
const DIRECTING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Code as a compiler reads it: no mark in it moves one part of a line before another (CVE-2021-42574). */
export function inOrder(code: string): string {
  return code.replace(DIRECTING, '');
}
