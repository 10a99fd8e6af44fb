import type { ModelChoice, ModelView } from '@patchbay/chat/contract';
import { withoutIcons } from '../inert.ts';
import { formatTokens } from '../tokens.ts';

/** One of our models as VS Code's chat wants it. */
export interface NativeModel {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly version: string;
  readonly detail: string;
  readonly tooltip: string;
  readonly maxInputTokens: number;
  readonly maxOutputTokens: number;
  readonly capabilities: { readonly imageInput: boolean; readonly toolCalling: boolean };
  /** Not in the stable typings, but without it VS Code from 1.120 on hides the model. */
  readonly isUserSelectable: true;
}

/** What VS Code is told where nobody publishes a model's limits: it wants a number. */
const UNKNOWN_CONTEXT = 128_000;
const UNKNOWN_OUTPUT = 8_192;

/** One string for a choice, which can be taken apart again. */
export function nativeId({ provider, model, keyId }: ModelChoice): string {
  return JSON.stringify([provider, model, ...(keyId === undefined ? [] : [keyId])]);
}

/** The reverse of `nativeId`; undefined for anything else. */
export function choiceOf(id: string): ModelChoice | undefined {
  try {
    const parts: unknown = JSON.parse(id);
    if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return undefined;
    const [provider, model, keyId] = parts as string[];
    if (provider === undefined || model === undefined || parts.length > 3) return undefined;
    return { provider, model, ...(keyId !== undefined && { keyId }) };
  } catch {
    return undefined;
  }
}

/** What VS Code's chat is offered: everything that answers, but not the built-in guide, which is no model. */
export function nativeModels(models: readonly ModelView[], pinned: readonly string[] | undefined): NativeModel[] {
  const wanted = models.filter(({ choice }) => {
    if (choice.provider === 'guide') return false;
    return pinned === undefined || pinned.includes(`${choice.provider}/${choice.model}`);
  });
  const names = new Map<string, number>();
  for (const { name } of wanted) names.set(name, (names.get(name) ?? 0) + 1);
  return wanted.map((view) => {
    const output = view.maxOutputTokens ?? UNKNOWN_OUTPUT;
    const context = view.contextTokens ?? UNKNOWN_CONTEXT;
    const price = priceText(view);
    return {
      id: nativeId(view.choice),
      // The same model over two keys must be told apart.
      name: withoutIcons((names.get(view.name) ?? 0) > 1 ? `${view.name} (${view.keyLabel})` : view.name),
      family: familyOf(view.choice.model),
      version: view.choice.model,
      detail: price,
      tooltip: withoutIcons(
        `${view.choice.model} · ${view.providerName} · key “${view.keyLabel}” · ${price} · under this key’s caps`,
      ),
      // A model may list as much output as context; something has to be left for the question.
      maxInputTokens: Math.max(context - Math.min(output, Math.floor(context / 2)), 1),
      maxOutputTokens: output,
      capabilities: {
        imageInput: view.input?.includes('image') ?? false,
        // Unknown is offered: an agent cannot use a model that does not say so, and a refusal says why.
        toolCalling: view.tools ?? true,
      },
      isUserSelectable: true,
    };
  });
}

/** `$3 / $15 per M`, `free`, or that nobody publishes it. */
export function priceText({ free, inputPerMillion, outputPerMillion }: ModelView): string {
  if (free) return 'free';
  if (inputPerMillion === undefined && outputPerMillion === undefined) return 'price unknown';
  const usd = (amount: string | undefined) => (amount === undefined ? '?' : `$${short(amount)}`);
  return `${usd(inputPerMillion)} in / ${usd(outputPerMillion)} out per M tokens`;
}

/** `200k context`, or '' where it is not known. */
export function contextText({ contextTokens }: ModelView): string {
  return contextTokens === undefined ? '' : `${formatTokens(contextTokens)} context`;
}

/** At most four decimals, none of them idle. */
function short(amount: string): string {
  const [whole = '0', decimals = ''] = amount.split('.');
  const kept = decimals.slice(0, 4).replace(/0+$/, '');
  if (kept === '' && whole === '0' && /[1-9]/.test(decimals)) return '<0.0001';
  return kept === '' ? whole : `${whole}.${kept}`;
}

/** VS Code and its agents choose their prompts by it, so it is the true family: `claude-sonnet-4`, `gpt-5-mini`. */
function familyOf(model: string): string {
  const name = model.slice(model.lastIndexOf('/') + 1);
  return name.replace(/:.*$/, '').replace(/-\d{8}$|-\d{4}-\d{2}-\d{2}$/, '');
}
