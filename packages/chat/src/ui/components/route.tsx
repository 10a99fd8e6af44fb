import { memo, type ReactNode } from 'react';
import { FAILED_WORDS, type MessageRecord, writerNames } from '../../contract/index.ts';
import { Icon } from '../controls/icons.tsx';
import { formatUsd } from '../format/money.ts';
import { usePanelState } from '../panel-context.ts';
import { isPaid, ownCost } from '../state/caps.ts';
import { strings } from '../strings.ts';
import { Paid } from './paid.tsx';

type Told = Pick<
  MessageRecord,
  'hops' | 'earlier' | 'asked' | 'fallback' | 'answeredBy' | 'cost' | 'status' | 'finishReason'
>;

/**
 * How an answer came about where more than one model had a part in it: who failed and who answered instead, whose words
 * it begins with, and what each cost. A switch that stays silent bills another model behind one's back.
 */
export const Route = memo(
  function Route({ message }: { readonly message: Told }) {
    const models = usePanelState((state) => state.models.list);
    const { hops = [], earlier = [], status, finishReason } = message;
    if (hops.length === 0 && earlier.length === 0) return null;
    const nameOf = writerNames(models, message);
    const author = nameOf(message);
    const words = strings.route;
    const ended = status !== 'streaming';
    const cost = ended ? ownCost(message) : undefined;
    return (
      <ul className="hops">
        {earlier.length > 0 && (
          <li>
            <Icon name="link" />
            <span dir="auto">
              {earlier.map((one, index) => (
                <span key={one.messageId}>
                  {index === 0 ? words.begun : words.continued} <Name>{nameOf(one)}</Name>
                  {one.cost && `, ${formatUsd(one.cost.usd)}`} →{' '}
                </span>
              ))}
              {words.continued} <Name>{author}</Name>
              {cost && `, ${formatUsd(cost.usd)}`}
            </span>
          </li>
        )}
        {hops.map(({ attempt, failure, cost: paid }, index) => {
          const next = hops[index + 1]?.attempt;
          return (
            <li key={attempt.number}>
              <Icon name="branch" />
              <details>
                <summary dir="auto">
                  <Name>{nameOf({ asked: attempt })}</Name> {FAILED_WORDS[failure.kind]}
                  {paid && isPaid(paid) && `, ${formatUsd(paid.usd)}`} →{' '}
                  {next ? (
                    <Name>{nameOf({ asked: next })}</Name>
                  ) : finishReason === 'error' ? (
                    <>
                      {words.nobody}
                      {cost && isPaid(cost) && `, ${formatUsd(cost.usd)}`}
                    </>
                  ) : (
                    <>
                      {ended ? words.answered : words.answering} <Name>{author}</Name>
                      {earlier.length === 0 && cost && `, ${formatUsd(cost.usd)}`}
                    </>
                  )}
                </summary>
                <p dir="auto">{failure.message}</p>
                {paid && isPaid(paid) && (
                  <p>
                    <Paid cost={paid} />
                  </p>
                )}
              </details>
            </li>
          );
        })}
      </ul>
    );
  },
  ({ message: before }, { message: now }) =>
    before.hops === now.hops &&
    before.earlier === now.earlier &&
    before.fallback === now.fallback &&
    before.answeredBy === now.answeredBy &&
    before.cost === now.cost &&
    before.status === now.status,
);

function Name({ children }: { readonly children: ReactNode }) {
  return (
    <strong>
      <bdi>{children}</bdi>
    </strong>
  );
}
