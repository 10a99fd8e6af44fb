import type { Failure } from '../../contract/index.ts';
import { whole } from '../format/numbers.ts';
import { strings } from '../strings.ts';

/** What a failure's button does. */
export type Remedy =
  | { readonly do: 'retry'; readonly label: string; readonly notBefore?: number }
  | { readonly do: 'retry-smaller'; readonly label: string; readonly maxOutputTokens: number }
  | { readonly do: 'other-model'; readonly label: string }
  | { readonly do: 'manage-key'; readonly label: string; readonly reason?: 'add' | 'caps' | 'unlock' }
  | { readonly do: 'acknowledge-overrun'; readonly label: string }
  | { readonly do: 'confirm-ledger'; readonly label: string }
  | { readonly do: 'settings'; readonly label: string }
  | { readonly do: 'shorten'; readonly label: string }
  | { readonly do: 'set-price'; readonly label: string }
  | { readonly do: 'data'; readonly label: string }
  | { readonly do: 'reload'; readonly label: string }
  | { readonly do: 'continue'; readonly label: string };

/** An answer of fewer tokens says little: possible, but not what helps. */
const USEFUL_TOKENS = 128;

const bestFirst = (smaller: readonly Remedy[], other: Remedy): readonly Remedy[] =>
  smaller.some((one) => one.do === 'retry-smaller' && one.maxOutputTokens < USEFUL_TOKENS)
    ? [other, ...smaller]
    : [...smaller, other];

/**
 * What to offer for a failure, the best first; a cap that a smaller answer would fit under offers both ways out. Whatever
 * another model, provider or key may mend offers the list of them too.
 * @param since when it happened, ms since epoch: a wait is counted from there
 * @param cut part of the answer is there, and another model is offered to go on with it
 */
export function remediesFor(failure: Failure, since: number, keyLocked: boolean, cut = false): readonly Remedy[] {
  const remedies = ownRemedies(failure, since, keyLocked);
  if (!failure.fallbackable || cut || remedies.some((remedy) => remedy.do === 'other-model')) return remedies;
  return [...remedies, { do: 'other-model', label: strings.failure.actions.otherModel }];
}

function ownRemedies(failure: Failure, since: number, keyLocked: boolean): readonly Remedy[] {
  const { actions } = strings.failure;
  const { affordableTokens } = failure;
  const smaller: readonly Remedy[] =
    affordableTokens === undefined || affordableTokens <= 0
      ? []
      : [
          {
            do: 'retry-smaller',
            label: actions.retrySmaller(whole(affordableTokens)),
            maxOutputTokens: affordableTokens,
          },
        ];
  switch (failure.userAction) {
    case 'retry':
    case 'wait':
      return [
        {
          do: 'retry',
          label: actions.retry,
          ...(failure.retryAfterMs !== undefined && { notBefore: since + failure.retryAfterMs }),
        },
      ];
    case 'other-model':
      return [{ do: 'other-model', label: actions.otherModel }];
    case 'check-key':
      return [{ do: 'manage-key', label: actions.checkKey }];
    case 'add-credit':
      return bestFirst(smaller, { do: 'manage-key', label: actions.addCredit });
    case 'raise-provider-limit':
      return [{ do: 'manage-key', label: actions.providerLimit }];
    case 'grant-permission':
      return [{ do: 'manage-key', label: actions.grant }];
    case 'raise-cap':
      return bestFirst(smaller, { do: 'manage-key', label: actions.raiseCap, reason: 'caps' });
    case 'lower-max-tokens':
      return smaller.length > 0 ? smaller : [{ do: 'settings', label: actions.lowerMax }];
    case 'shorten':
      return [{ do: 'shorten', label: actions.shorten }];
    case 'set-price':
      return [{ do: 'set-price', label: actions.setPrice }];
    case 'unlock':
      return [{ do: 'manage-key', label: actions.unlock, reason: 'unlock' }];
    case 'confirm-ledger':
      return keyLocked
        ? [{ do: 'acknowledge-overrun', label: actions.acceptOverrun }]
        : [{ do: 'confirm-ledger', label: actions.confirmLedger }];
    case 'free-space':
      return [{ do: 'data', label: actions.freeSpace }];
    case 'reload':
      return [{ do: 'reload', label: actions.reload }];
    case 'continue':
      return [{ do: 'continue', label: actions.continue }];
    case 'none':
      return [];
  }
}
