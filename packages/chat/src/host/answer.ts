import {
  type Attempt,
  type ChatEvent,
  createFold,
  type Fold,
  type MessageRecord,
  type NoticeRecord,
  type RunStatus,
} from '@patchbay/core';
import { lasting } from '../contract/notices.ts';
import { createContinuation } from './continuation.ts';
import { addUsd } from './usd.ts';

type Hop = NonNullable<MessageRecord['hops']>[number];

/** The assistant message that a run's events add up to. */
export interface Answer {
  push(events: readonly ChatEvent[]): void;
  /** As it stands: `streaming` until a `finish` came. Unchanged parts are the same objects each time. */
  message(): MessageRecord;
  /** Undefined until a `finish` came. */
  outcome(): { readonly message: MessageRecord['status']; readonly run: RunStatus } | undefined;
}

/** @param base the message as it was stored at the start: who was asked, where it stands */
export function createAnswer(base: MessageRecord): Answer {
  let fold: Fold = createFold(originOf(base));
  const continuation = createContinuation(base);
  let attempt: Attempt | undefined;
  let upstream: string | undefined;
  let cost: MessageRecord['cost'];
  let notices: NoticeRecord[] = [];
  const hops: Hop[] = [];
  /** What the attempt that runs now has cost. */
  let bill: Pick<Hop, 'cost' | 'reservationId'> = {};

  const one = (event: ChatEvent) => {
    switch (event.type) {
      case 'attempt-start':
        // Whatever a failed attempt left behind was never shown: each attempt begins a new message.
        attempt = event.attempt;
        upstream = undefined;
        fold = createFold({ provider: attempt.provider, model: attempt.model });
        return;
      case 'attempt-failed':
        hops.push({ attempt: event.attempt, failure: event.failure, ...bill });
        bill = {};
        notices = lasting(notices);
        return;
      case 'notice':
        notices.push({ code: event.code, message: event.message });
        return;
      case 'cost':
        // Each attempt that was sent has a bill; the message shows their sum.
        cost = {
          usd: cost ? addUsd(cost.usd, event.usd) : event.usd,
          source: event.source,
          ...(event.capLeftUsd !== undefined && { capLeftUsd: event.capLeftUsd }),
        };
        bill = {
          cost: { usd: event.usd, source: event.source },
          ...(event.reservationId !== undefined && { reservationId: event.reservationId }),
        };
        return;
      case 'response-start':
        upstream = event.provider ?? upstream;
        fold.push([event]);
        return;
      default:
        fold.push([event]);
    }
  };

  const outcome = (finish: ReturnType<Fold['answer']>['finish']): ReturnType<Answer['outcome']> => {
    if (!finish) return undefined;
    if (finish.reason === 'error') return { message: base.earlier ? 'interrupted' : 'failed', run: 'failed' };
    if (finish.reason !== 'interrupted') return { message: 'complete', run: 'done' };
    return { message: 'interrupted', run: finish.failure?.kind === 'aborted' ? 'stopped' : 'interrupted' };
  };

  return {
    push: (events) => {
      for (const event of events) one(event);
    },
    outcome: () => outcome(fold.answer().finish),
    message: () => {
      const { parts, model, usage, finish } = fold.answer();
      const provider = upstream ?? attempt?.provider ?? base.asked?.provider;
      return {
        ...base,
        parts: continuation.joined(parts),
        status: outcome(finish)?.message ?? 'streaming',
        ...fallbackOf(attempt, base),
        ...(model !== undefined && provider !== undefined && { answeredBy: { provider, model } }),
        ...(finish && { finishReason: finish.reason }),
        ...(finish?.failure && { failure: finish.failure }),
        ...(usage && { usage }),
        ...(cost && { cost }),
        ...(notices.length > 0 && { notices: [...notices] }),
        ...(hops.length > 0 && { hops: [...hops] }),
      };
    },
  };
}

/** Whom a switch went to, where it was not back to the one that was asked. */
function fallbackOf(attempt: Attempt | undefined, { asked }: MessageRecord): Pick<MessageRecord, 'fallback'> {
  if (!attempt || !asked) return {};
  const { number: _, ...choice } = attempt;
  const same = choice.provider === asked.provider && choice.model === asked.model && choice.keyId === asked.keyId;
  return same ? {} : { fallback: choice };
}

function originOf({ asked }: MessageRecord): { provider: string; model: string } | undefined {
  return asked && { provider: asked.provider, model: asked.model };
}
