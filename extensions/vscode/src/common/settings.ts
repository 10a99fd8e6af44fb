/** The `patchbay.*` settings, as commands and edits use them. */
export interface Settings {
  /** Tokens; absent: the model's own maximum. */
  readonly maxOutputTokens?: number;
  readonly instructions: string;
  /** The user's own prompts, by name. */
  readonly prompts: Readonly<Record<string, string>>;
  /** Lines above and below a selection. */
  readonly surroundingLines: number;
  readonly problems: boolean;
  readonly review: boolean;
  readonly codeLens: boolean;
  readonly statusBar: boolean;
  readonly nativeModels: 'all' | 'pinned' | 'none';
}

/** As in the manifest. */
const MOST_LINES = 2000;

/**
 * Settings from what the editor holds. It marks what does not fit the manifest's schema and hands it over all the same,
 * so whatever is of another type or size counts as not set.
 * @param get the value of a setting, by its name without `patchbay.`
 */
export function readSettings(get: (name: string) => unknown): Settings {
  const isTrue = (name: string, otherwise: boolean) => {
    const value = get(name);
    return typeof value === 'boolean' ? value : otherwise;
  };
  const whole = (name: string) => {
    const value = get(name);
    return Number.isSafeInteger(value) ? (value as number) : undefined;
  };
  const maxOutputTokens = whole('maxOutputTokens');
  const instructions = get('instructions');
  const prompts = get('prompts');
  const models = get('nativeChat.models');
  return {
    ...(maxOutputTokens !== undefined && maxOutputTokens > 0 && { maxOutputTokens }),
    instructions: typeof instructions === 'string' ? instructions : '',
    prompts: typeof prompts === 'object' && prompts !== null && !Array.isArray(prompts) ? textsOf(prompts) : {},
    surroundingLines: Math.min(Math.max(whole('context.surroundingLines') ?? 0, 0), MOST_LINES),
    problems: isTrue('context.problems', false),
    review: isTrue('context.review', false),
    codeLens: isTrue('edit.codeLens', true),
    statusBar: isTrue('statusBar', true),
    nativeModels: models === 'pinned' || models === 'none' ? models : 'all',
  };
}

function textsOf(entries: object): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).filter(([, text]) => typeof text === 'string' && text !== ''));
}
