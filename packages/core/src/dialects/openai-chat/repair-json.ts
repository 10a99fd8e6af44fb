import { jsonIn } from '../../chat/json.ts';

const LITERALS: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' };

/**
 * Valid JSON for text that a model meant as JSON (quirk 158): raw control characters and stray backslashes in strings,
 * single quotes, trailing commas, Python's literals, a code fence around it, an empty object before it, closing
 * brackets missing at the end, the same text twice, and JSON written into a JSON string. Text that breaks off inside a value is beyond repair: whoever acted on the rest would
 * act on half of what was meant.
 * @returns an object or array as JSON text; undefined where nothing of this helps
 */
export function repairJson(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^```(?:json)?\s*\n/, '')
    .replace(/\n\s*```$/, '')
    .replace(/^\{\}(?=\s*\{)/, '');
  const half = bare.slice(0, bare.length / 2);
  const repaired = rewrite(half !== '' && half + half === bare ? half : bare);
  const value = repaired === undefined ? undefined : jsonIn(repaired);
  if (value === null) return '{}';
  // JSON inside of a JSON string.
  if (typeof value === 'string') return value.trimStart().startsWith('{') ? repairJson(value) : undefined;
  return typeof value === 'object' ? repaired : undefined;
}

function rewrite(text: string): string | undefined {
  const out: string[] = [];
  const open: string[] = [];
  /** What the text would break off behind, if it ended here. */
  let complete = false;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '"' || char === "'") {
      const string = rewriteString(text, at, char);
      if (!string) return undefined;
      out.push(string.json);
      at = string.end;
      complete = true;
      continue;
    }
    if (char === '{' || char === '[') {
      open.push(char === '{' ? '}' : ']');
      complete = true;
    } else if (char === '}' || char === ']') {
      if (open.pop() !== char) return undefined;
      dropTrailingComma(out);
      complete = true;
    } else if (/[A-Za-z]/.test(char)) {
      const word = /^[A-Za-z]+/.exec(text.slice(at, at + 16))?.[0] ?? char;
      const literal = LITERALS[word] ?? word;
      out.push(literal);
      at += word.length;
      complete = /^(?:true|false|null)$/.test(literal);
      continue;
    } else if (/\S/.test(char)) {
      // A number's end cannot be told from its middle; behind a comma or colon something was still to come.
      complete = false;
    }
    out.push(char);
    at++;
  }
  if (open.length > 0 && !complete) return undefined;
  return out.join('') + open.reverse().join('');
}

function dropTrailingComma(out: string[]): void {
  for (let n = out.length - 1; n >= 0; n--) {
    const piece = out[n] as string;
    if (piece.trim() === '') continue;
    if (piece === ',') out.splice(n, 1);
    return;
  }
}

/** A string literal, by its quote. An apostrophe inside a word closes nothing. */
const STRINGS: Readonly<Record<string, RegExp>> = {
  '"': /"([^"\\]*(?:\\.[^"\\]*)*)"/sy,
  "'": /'([^'\\]*(?:(?:\\.|'(?!\s*(?:[,:}\]]|$)))[^'\\]*)*)'/sy,
};

/** Whatever stands in a string otherwise than JSON has it, and the escapes that it does have. */
const PIECES = /\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt'])|[\\"\p{Cc}]/gu;

/** The string literal that opens at `open`, as valid JSON; undefined where it never closes. */
function rewriteString(text: string, open: number, quote: string): { json: string; end: number } | undefined {
  const string = STRINGS[quote] as RegExp;
  string.lastIndex = open;
  const content = string.exec(text)?.[1];
  if (content === undefined) return undefined;
  const fixed = content.replace(PIECES, (piece) => {
    if (piece === "\\'") return "'";
    return piece.length > 1 ? piece : JSON.stringify(piece).slice(1, -1);
  });
  return { json: `"${fixed}"`, end: string.lastIndex };
}
