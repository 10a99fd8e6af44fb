import { type ReactNode, useId, useState } from 'react';
import type { MessageRecord } from '../../contract/index.ts';
import { IconButton } from '../controls/buttons.tsx';
import { CopyButton } from '../controls/copy-button.tsx';
import { Icon } from '../controls/icons.tsx';
import { Menu } from '../controls/menu.tsx';
import { Toolbar } from '../controls/toolbar.tsx';
import { formatUsd, formatUsdExact } from '../format/money.ts';
import { compact, whole } from '../format/numbers.ts';
import { fullTime } from '../format/time.ts';
import { usePanel, usePanelState } from '../panel-context.ts';
import { findModel, modelFacts, modelName, pinOf, sameChoice } from '../state/choices.ts';
import { textOf } from '../state/tree.ts';
import { strings } from '../strings.ts';
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
          <RetryMenu message={message} />
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

/** `$0.0031 · 340 tokens`, or as much of it as is known. */
function summaryOf(message: MessageRecord): string | undefined {
  const { cost, usage } = message;
  const tokens = usage?.outputTokens;
  const pieces = [
    cost && (cost.source === 'free' ? strings.cost.free : formatUsd(cost.usd)),
    tokens !== undefined && strings.cost.tokens(compact(tokens), tokens),
  ].filter((piece) => typeof piece === 'string');
  if (pieces.length > 0) return pieces.join(' · ');
  return message.asked ? strings.message.details : undefined;
}

/** Another model answers the same question, beside this answer. Pinned models are one click away. */
function RetryMenu({ message }: { readonly message: MessageRecord }) {
  const panel = usePanel();
  const models = usePanelState((state) => state.models.list);
  const pinned = usePanelState((state) => state.host?.settings.pinned);
  const near = models
    .filter((model) => pinned?.includes(pinOf(model.choice)) && !sameChoice(model.choice, message.asked))
    .slice(0, 6);
  return (
    <Menu
      label={strings.message.retryWith}
      className="icon-button narrow"
      items={[
        ...near.map((model) => ({
          label: model.name,
          hint: modelFacts(model),
          onSelect: () => void panel.runs.retry(message.id, { choice: model.choice }),
        })),
        {
          label: strings.message.retryOther,
          icon: 'search' as const,
          apart: near.length > 0,
          onSelect: () => panel.openSheet({ kind: 'picker', retry: message.id }),
        },
      ]}
    >
      <Icon name="down" />
    </Menu>
  );
}

/** All that is known about how an answer came about. What is not known is not shown as zero, but not at all. */
function Details({ message }: { readonly message: MessageRecord }) {
  const models = usePanelState((state) => state.models.list);
  const keys = usePanelState((state) => state.host?.keys);
  const { asked, answeredBy, cost, usage, finishReason } = message;
  const key = keys?.find(({ id }) => id === asked?.keyId);
  const asking = findModel(models, asked);
  const words = strings.details;
  const rows: readonly (readonly [string, ReactNode])[] = [
    [words.asked, asked && <bdi>{modelName(models, asked)}</bdi>],
    [words.answered, answeredBy && <code dir="ltr">{answeredBy.model}</code>],
    [words.provider, asking?.providerName ?? key?.providerName ?? asked?.provider],
    [words.key, key && <bdi>{`${key.label} ····${key.lastFour}`}</bdi>],
    [
      words.cost,
      cost && (
        <>
          <span title={formatUsdExact(cost.usd)}>{formatUsdExact(cost.usd)}</span>{' '}
          <span className="quiet">{strings.cost.sources[cost.source]}</span>
        </>
      ),
    ],
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
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

const count = (tokens: number | undefined): string | undefined => (tokens === undefined ? undefined : whole(tokens));
