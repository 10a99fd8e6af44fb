/** What a key, a token or an account id looks like, wherever it stands. */
const SHAPES: readonly RegExp[] = [
  // OpenAI, OpenRouter, Anthropic and the many that copied the prefix; also as providers echo it, half starred out.
  /\b(?:sk|pk|rk)-[\w*•….-]{4,}/g,
  /\b(?:gsk|hf|r8|nvapi|pplx|xai|csk|fw|tgp|ghp|gho|ghu|ghs|glpat)[-_][\w*•-]{8,}/g,
  /\bA(?:Iza|KIA)[\w*-]{8,}/g,
  /\beyJ[\w-]{8,}(?:\.[\w-]+)*/g,
  /\bBearer\s+[^\s"',;]+/gi,
  /\buser_[A-Za-z0-9]+/g,
  /\borg-[A-Za-z0-9]{8,}/g,
];

/** A run long enough to be a secret; counts as one only where it looks like chance, not like words. */
const LONG_RUN = /[\w+/=-]{32,}/g;

function looksRandom(run: string): boolean {
  if (!/\d/.test(run)) return false;
  return (/[a-z]/.test(run) && /[A-Z]/.test(run)) || /[a-z0-9]{32}|[A-Z0-9]{32}/.test(run);
}

const HIDDEN = '[hidden]';

/** So many characters of a secret in a row are taken for a part of it, wherever a provider cut or broke it. */
const PIECE = 8;

/** The text without any piece of the secret. */
function withoutPieces(text: string, secret: string): string {
  const size = Math.min(PIECE, secret.length);
  const pieces = new Set<string>();
  for (let at = 0; at + size <= secret.length; at++) pieces.add(secret.slice(at, at + size));
  let out = '';
  let kept = 0;
  for (let at = 0; at + size <= text.length; at++) {
    if (!pieces.has(text.slice(at, at + size))) continue;
    let end = at + size;
    while (end < text.length && pieces.has(text.slice(end + 1 - size, end + 1))) end++;
    out += text.slice(kept, at) + HIDDEN;
    kept = end;
    at = end - 1;
  }
  return out + text.slice(kept);
}

/**
 * A provider's text without anything that looks like a credential or an account id. What is hidden wrongly (a long
 * request id) costs little; what is shown wrongly costs a key.
 * @param secret hidden wherever it or a good part of it stands, whatever its shape
 */
export function redact(text: string, secret?: string): string {
  let out = secret && secret.length > 3 ? withoutPieces(text, secret) : text;
  for (const shape of SHAPES) out = out.replace(shape, HIDDEN);
  return out.replace(LONG_RUN, (run) => (looksRandom(run) ? HIDDEN : run));
}
