import { memo, type ReactNode } from 'react';
import type { MessageRecord } from '../../contract/index.ts';
import { Icon } from '../controls/icons.tsx';
import { formatUsd } from '../format/money.ts';
import { usePanelState } from '../panel-context.ts';
import { authorOf, modelName } from '../state/choices.ts';
import { strings } from '../strings.ts';

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
    const { hops = [], earlier = [], cost, status, finishReason } = message;
    if (hops.length === 0 && earlier.length === 0) return null;
    const author = authorOf(models, message).name;
    const words = strings.route;
    const ended = status !== 'streaming';
    const begun = earlier.map((one) => ({ ...one, name: authorOf(models, one).name }));
    return (
      <ul className="hops">
        {begun.length > 0 && (
          <li>
            <Icon name="link" />
            <span dir="auto">
              {begun.map(({ messageId, name, cost: paid }, index) => (
                <span key={messageId}>
                  {index === 0 ? words.begun : words.continued} <Name>{name}</Name>
                  {paid && `, ${formatUsd(paid.usd)}`} →{' '}
                </span>
              ))}
              {words.continued} <Name>{author}</Name>
              {ended && cost && `, ${formatUsd(cost.usd)}`}
            </span>
          </li>
        )}
        {hops.map(({ attempt, failure }, index) => {
          const next = hops[index + 1]?.attempt;
          return (
            <li key={attempt.number}>
              <Icon name="branch" />
              <details>
                <summary dir="auto">
                  <Name>{modelName(models, attempt)}</Name> {words.failed[failure.kind]} →{' '}
                  {next ? (
                    <Name>{modelName(models, next)}</Name>
                  ) : finishReason === 'error' ? (
                    words.nobody
                  ) : (
                    <>
                      {ended ? words.answered : words.answering} <Name>{author}</Name>
                      {ended && earlier.length === 0 && cost && `, ${formatUsd(cost.usd)}`}
                    </>
                  )}
                </summary>
                <p dir="auto">{failure.message}</p>
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
