import { type ReactNode, useId, useState } from 'react';
import { authorOf, findModel, type MessageRecord, modelName } from '../../contract/index.ts';
import { IconButton } from '../controls/buttons.tsx';
import { CopyButton } from '../controls/copy-button.tsx';
import { Icon } from '../controls/icons.tsx';
import { Toolbar } from '../controls/toolbar.tsx';
import { formatUsd, sumUsd } from '../format/money.ts';
import { compact, whole } from '../format/numbers.ts';
import { fullTime } from '../format/time.ts';
import { usePanel, usePanelState } from '../panel-context.ts';
import { isPaid, ownCost } from '../state/caps.ts';
import { textOf } from '../state/tree.ts';
import { strings } from '../strings.ts';
import { ModelMenu } from './model-menu.tsx';
import { Paid } from './paid.tsx';
import { Versions } from './versions.tsx';

/** What an answer cost, and what can be done with it. While it is being written, one can only look at its other versions. */
export function AnswerFoot(props: {
  readonly message: MessageRecord;
  readonly versions: readonly string[];
  readonly version: number;
}) {
  const { message, versions, version } = props;
  const panel = usePanel();
  const [open, setOpen] = useState(false);
  const details = useId();
  if (message.status === 'streaming') {
    return versions.length > 1 ? (
      <footer className="answer-foot-row">
        <Versions versions={versions} version={version} label={strings.message.answerVersions} />
      </footer>
    ) : null;
  }
  const text = textOf(message);
  const summary = summaryOf(message);
  return (
    <footer className="answer-foot">
      <div className="answer-foot-row">
        {summary && (
          <button
            type="button"
            className="text-button answer-cost"
            aria-expanded={open}
            aria-controls={details}
            title={strings.message.details}
            onClick={() => setOpen(!open)}
          >
            <bdi>{summary}</bdi>
            <Icon name={open ? 'up' : 'down'} />
          </button>
        )}
        <Toolbar label={strings.message.actions} className="actions">
          <Versions versions={versions} version={version} label={strings.message.answerVersions} />
          {text !== '' && <CopyButton text={() => text} label={strings.message.copyAnswer} />}
          <IconButton icon="retry" label={strings.message.retry} onClick={() => void panel.runs.retry(message.id)} />
          <ModelMenu
            message={message}
            label={strings.message.retryWith}
            className="icon-button narrow"
            onPick={(choice) => void panel.runs.retry(message.id, { choice })}
            onOther={() => panel.openSheet({ kind: 'picker', retry: message.id })}
          >
            <Icon name="down" />
          </ModelMenu>
        </Toolbar>
      </div>
      {open && (
        <div id={details} className="details">
          <Details message={message} />
        </div>
      )}
    </footer>
  );
}

/** `$0.0031 · 340 tokens` for all who wrote it, or as much of it as is known. */
function summaryOf(message: MessageRecord): string | undefined {
  const wrote = [...(message.earlier ?? []), message];
  const costs = wrote.flatMap(({ cost }) => (cost ? [cost] : []));
  const counts = wrote.flatMap(({ usage }) => usage?.outputTokens ?? []);
  const tokens = counts.reduce((sum, count) => sum + count, 0);
  const free = costs.every(({ source }) => source === 'free');
  const pieces = [
    costs.length > 0 && (free ? strings.cost.free : formatUsd(sumUsd(costs.map(({ usd }) => usd)))),
    counts.length > 0 && strings.cost.tokens(compact(tokens), tokens),
  ].filter((piece) => typeof piece === 'string');
  if (pieces.length > 0) return pieces.join(' · ');
  return message.asked ? strings.message.details : undefined;
}

/** All that is known about how an answer came about. What is not known is not shown as zero, but not at all. */
function Details({ message }: { readonly message: MessageRecord }) {
  const models = usePanelState((state) => state.models.list);
  const keys = usePanelState((state) => state.host?.keys);
  const { asked, fallback, answeredBy, cost, usage, finishReason } = message;
  const own = ownCost(message);
  const taken = fallback ?? asked;
  const key = keys?.find(({ id }) => id === taken?.keyId);
  const asking = findModel(models, taken);
  const words = strings.details;
  const rows: readonly (readonly [string, ReactNode])[] = [
    ...(message.earlier ?? []).map((one): readonly [string, ReactNode] => [
      words.begun,
      <>
        <bdi>{authorOf(models, one).name}</bdi> {one.cost && <Paid cost={one.cost} />}
      </>,
    ]),
    [words.asked, asked && <bdi>{modelName(models, asked)}</bdi>],
    [words.answered, answeredBy && <code dir="ltr">{answeredBy.model}</code>],
    [words.provider, asking?.providerName ?? key?.providerName ?? taken?.provider],
    [words.key, key && <bdi>{`${key.label} ····${key.lastFour}`}</bdi>],
    ...(message.hops ?? []).map((hop): readonly [string, ReactNode] => [
      words.failed,
      hop.cost && isPaid(hop.cost) && (
        <>
          <bdi>{modelName(models, hop.attempt)}</bdi> <Paid cost={hop.cost} />
        </>
      ),
    ]),
    [words.cost, own && <Paid cost={own} />],
    [words.capLeft, cost?.capLeftUsd !== undefined && formatUsd(cost.capLeftUsd)],
    [words.input, count(usage?.inputTokens)],
    [words.cacheRead, count(usage?.cacheReadTokens)],
    [words.cacheWrite, count(usage?.cacheWriteTokens)],
    [words.output, count(usage?.outputTokens)],
    [words.reasoning, count(usage?.reasoningTokens)],
    [words.counted, usage?.estimated && words.estimated],
    [words.finish, finishReason && words.reasons[finishReason]],
    [words.time, fullTime(message.createdAt)],
  ];
  return (
    <dl>
      {rows
        .filter(([, value]) => value !== undefined && value !== false && value !== null)
        .map(([label, value], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: several may have begun an answer
          <div key={index}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

const count = (tokens: number | undefined): string | undefined => (tokens === undefined ? undefined : whole(tokens));
