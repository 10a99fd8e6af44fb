import {
  type BaseUrlCheck,
  type Cap,
  checkKey,
  type Key,
  type KeyCheck,
  type KeyRecognition,
  lastFourOf,
  normalizeBaseUrl,
  providerOf,
  recognizeKey,
  resolveProvider,
  type Vault,
} from '@patchbay/core';

/** What adding a key needs of the world around the form. */
export interface KeyWorld {
  readonly vault: Pick<Vault, 'add'>;
  readonly fetch: typeof fetch;
  /** Undefined where the platform does not know. */
  readonly online: () => boolean | undefined;
  /** Asks the user to let Patchbay read this origin's answers; has to be called in the turn of a click. */
  readonly requestOrigin: (origin: string) => Promise<boolean>;
  /** Something about keys changed: panels want to know. */
  readonly announce: () => void;
}

/** The form as it stands. */
export interface KeyDraft {
  readonly secret: string;
  /** Chosen by hand; undefined: whatever the key's shape says. */
  readonly provider: string | undefined;
  /** As typed; '' stands for the provider's own. */
  readonly address: string;
  readonly label: string;
}

export const EMPTY_DRAFT: KeyDraft = { secret: '', provider: undefined, address: '', label: '' };

/** What a draft amounts to. */
export interface KeyPlan {
  readonly recognition: KeyRecognition | undefined;
  /** Undefined until it is known whose key it is. */
  readonly target: KeyTarget | undefined;
  /** Why it cannot be added as it stands, by the field that has to change. */
  readonly problems: Readonly<Partial<Record<'secret' | 'provider' | 'address', string>>>;
}

/** Where a secret is going to be sent. */
export interface KeyTarget {
  readonly provider: string;
  readonly providerName: string;
  readonly secret: string;
  readonly baseUrl: string;
  readonly origin: string;
  readonly insecure?: 'loopback' | 'network';
  /** The browser has to be asked before answers from there can be read. */
  readonly needsPermission: boolean;
}

/** Reads a draft: whose key, where it goes, and what is missing. Sends nothing anywhere. */
export function planKey(draft: KeyDraft): KeyPlan {
  const recognition = draft.secret.trim() === '' ? undefined : recognizeKey(draft.secret);
  const problems: Partial<Record<'secret' | 'provider' | 'address', string>> = {};
  const provider = providerFor(draft, recognition);
  if (recognition?.kind === 'malformed') problems.secret = recognition.message;
  else if (!provider && recognition) {
    // An unsupported key's own sentence says more than "choose".
    if (recognition.kind === 'ambiguous') problems.provider = 'Choose whose key this is.';
    if (recognition.kind === 'unsupported') problems.secret = recognition.message;
  } else if (!provider) problems.secret = 'Paste a key, or choose a local server.';
  if (!provider) return { recognition, target: undefined, problems };

  const secret = recognition && recognition.kind !== 'malformed' ? recognition.secret : '';
  if (secret === '' && !provider.keyOptional && !problems.secret) {
    problems.secret = `${provider.name} needs a key.`;
  }
  const typed = draft.address.trim();
  const address: BaseUrlCheck =
    typed === '' && provider.baseUrl === ''
      ? { ok: false, message: 'The server’s address is needed, such as https://host/v1.' }
      : normalizeBaseUrl(typed === '' ? provider.baseUrl : typed);
  if (!address.ok) {
    problems.address = address.message;
    return { recognition, target: undefined, problems };
  }
  const own = URL.parse(provider.baseUrl)?.origin;
  return {
    recognition,
    problems,
    target: {
      provider: provider.id,
      providerName: provider.name,
      secret,
      baseUrl: address.baseUrl,
      origin: address.origin,
      ...(address.insecure && { insecure: address.insecure }),
      // At an address of the user's own, nobody can say beforehand whether answers may be read.
      needsPermission: address.origin !== own || provider.browser !== 'open',
    },
  };
}

/** Another key in the field. Whose it is by its shape goes before what was chosen by hand for the one before. */
export function withSecret(draft: KeyDraft, secret: string): KeyDraft {
  const chosen = recognizeKey(secret).kind === 'recognized' ? undefined : draft.provider;
  return { ...draft, secret, provider: chosen };
}

function providerFor(draft: KeyDraft, recognition: KeyRecognition | undefined) {
  if (draft.provider !== undefined) return providerOf(draft.provider);
  return recognition?.kind === 'recognized' ? providerOf(recognition.provider) : undefined;
}

/** The name a key gets where the user gave none: the provider's, and enough of the key to tell two apart. */
export function defaultLabel(target: KeyTarget): string {
  const end = lastFourOf(target.secret);
  if (end === '') return `${target.providerName} (${URL.parse(target.baseUrl)?.host ?? target.origin})`;
  return `${target.providerName} …${end}`;
}

/** Asks the provider about the key, by a call that costs nothing. */
export function tryKey(world: KeyWorld, target: KeyTarget): Promise<KeyCheck> {
  const online = world.online();
  return checkKey({
    provider: resolveProvider({ provider: target.provider, baseUrl: target.baseUrl }),
    secret: target.secret,
    fetch: world.fetch,
    ...(online !== undefined && { online }),
  });
}

/** Seals the key and its caps, and tells the panels. */
export async function saveKey(world: KeyWorld, target: KeyTarget, label: string, caps: readonly Cap[]): Promise<Key> {
  const key = await world.vault.add({
    label: label.trim() || defaultLabel(target),
    provider: target.provider,
    baseUrl: target.baseUrl,
    secret: target.secret,
    caps,
  });
  world.announce();
  return key;
}
