import { type ConversationStore, formatExactUsd, type GatewayPorts, type Price, parseUsd } from '@patchbay/core';

/** The gateway's `worstCase` out of the settings: the user's own price for models whose price nobody publishes. */
export function worstCaseFrom(store: Pick<ConversationStore, 'settings'>): NonNullable<GatewayPorts['worstCase']> {
  return async (provider, model) => {
    const said = (await store.settings())?.worstCase?.[`${provider}/${model}`];
    return said && perToken(said);
  };
}

/** Said in USD per million tokens; prices are per token. Rounded up; unreadable is unknown. */
function perToken({ input, output }: { readonly input: string; readonly output: string }): Price | undefined {
  const [dear, dearer] = [parseUsd(input), parseUsd(output)];
  if (dear === undefined || dearer === undefined) return undefined;
  const price = (exact: bigint) => formatExactUsd((exact + 999_999n) / 1_000_000n);
  return { input: price(dear), output: price(dearer) };
}
