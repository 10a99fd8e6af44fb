import { foreignKeys } from './foreign-keys.ts';
import { providers } from './registry.ts';

/** What a pasted text is. `secret` is the key without what was pasted around it. */
export type KeyRecognition =
  | {
      readonly kind: 'recognized';
      readonly provider: string;
      readonly secret: string;
      /** Something about it looks odd, such as a cut end; worth showing, no reason to refuse. */
      readonly hint?: string;
    }
  /** More than one provider hands out keys of this shape: the user says which. */
  | {
      readonly kind: 'ambiguous';
      readonly providers: readonly string[];
      readonly secret: string;
      readonly message: string;
    }
  /** Known, and not one of ours. With `custom`, it works as a custom endpoint at that address. */
  | {
      readonly kind: 'unsupported';
      readonly name: string;
      readonly secret: string;
      readonly message: string;
      readonly custom?: { readonly name: string; readonly baseUrl: string };
    }
  | { readonly kind: 'malformed'; readonly message: string };

/** A length below which no provider's key is whole. */
const SHORTEST = 8;

/**
 * Tells by its shape alone whose key a pasted text is; nothing is sent anywhere. White space, quotes, `Bearer`, an
 * `Authorization:` header and `NAME=` around the key are taken off.
 */
export function recognizeKey(text: string): KeyRecognition {
  const secret = stripWrapping(text);
  const problem = malformed(secret);
  if (problem !== undefined) return { kind: 'malformed', message: problem };

  for (const provider of providers) {
    const shape = provider.keyShapes.find((one) => one.unique && new RegExp(one.pattern).test(secret));
    if (!shape) continue;
    const hint =
      shape.length !== undefined && secret.length < shape.length
        ? `${provider.name}’s keys have ${shape.length} characters, this one has ${secret.length}: it may be cut off.`
        : undefined;
    return { kind: 'recognized', provider: provider.id, secret, ...(hint !== undefined && { hint }) };
  }

  for (const foreign of foreignKeys) {
    if (!new RegExp(foreign.pattern).test(secret)) continue;
    if (foreign.notAKey !== undefined) {
      return { kind: 'unsupported', name: foreign.name, secret, message: foreign.notAKey };
    }
    if (foreign.baseUrl !== undefined) {
      return {
        kind: 'unsupported',
        name: foreign.name,
        secret,
        message: `This is a key from ${foreign.name}, which speaks the OpenAI protocol: add it as a custom endpoint at ${foreign.baseUrl}.`,
        custom: { name: foreign.name, baseUrl: foreign.baseUrl },
      };
    }
    return {
      kind: 'unsupported',
      name: foreign.name,
      secret,
      message: `This is a key from ${foreign.name}. Patchbay cannot talk to ${foreign.name} directly yet; OpenRouter can, with a key of its own.`,
    };
  }

  const candidates = providers.filter((provider) =>
    provider.keyShapes.some((shape) => new RegExp(shape.pattern).test(secret)),
  );
  const names = candidates.map((provider) => provider.name);
  return {
    kind: 'ambiguous',
    providers: [...candidates.map((provider) => provider.id), 'custom'],
    secret,
    message:
      names.length > 0
        ? `Several providers hand out keys like this one, ${names.join(' and ')} among them. Say whose it is; it is not tried on any.`
        : 'The shape of this key says nothing about its provider. Say whose it is; it is not tried on any.',
  };
}

function stripWrapping(text: string): string {
  let rest = text.trim();
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest
      .replace(/^["'`“”‘’]+|["'`“”‘’,;]+$/g, '')
      .replace(/^(export\s+)?[A-Z][A-Z0-9_]*\s*=\s*/, '')
      .replace(/^(-H\s+)?["']?authorization\s*:\s*/i, '')
      .replace(/^bearer\s+/i, '')
      .trim();
  }
  return rest;
}

function malformed(secret: string): string | undefined {
  if (secret === '') return 'There is no key in the field.';
  if (/^https?:\/\//i.test(secret)) return 'This is a web address, not a key.';
  if (/[…•*]/.test(secret) || /\.{3}/.test(secret)) {
    return 'This is a key in its shortened form, as providers show it. Copy it when it is made, or make another one.';
  }
  if (/\s/.test(secret))
    return 'There is a space or a line break inside the key. Copy it again, alone and in one piece.';
  if (!/^[\x21-\x7e]+$/.test(secret)) return 'The key holds a character that no key has. Copy it again.';
  if (secret.length < SHORTEST) return `A key has at least ${SHORTEST} characters; this text has ${secret.length}.`;
  return undefined;
}
