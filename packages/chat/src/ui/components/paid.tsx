import type { MessageRecord } from '../../contract/index.ts';
import { formatUsdExact } from '../format/money.ts';
import { strings } from '../strings.ts';

/** What something cost to the last digit, and how that is known. */
export function Paid({ cost }: { readonly cost: NonNullable<MessageRecord['cost']> }) {
  return (
    <>
      {formatUsdExact(cost.usd)} <span className="quiet">{strings.cost.sources[cost.source]}</span>
    </>
  );
}
