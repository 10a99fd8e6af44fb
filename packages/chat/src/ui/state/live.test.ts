import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatEvent, RunBatch } from '../../contract/index.ts';
import { refusal } from '../testing/fake-host.ts';
import { createLiveAnswers, type LiveAnswers } from './live.ts';

let frames: (() => void)[];
let page: { hidden: boolean; listeners: (() => void)[] };
let live: LiveAnswers;

beforeEach(() => {
  vi.useFakeTimers();
  frames = [];
  page = { hidden: false, listeners: [] };
  vi.stubGlobal('document', {
    get hidden() {
      return page.hidden;
    },
    addEventListener: (_name: string, listener: () => void) => page.listeners.push(listener),
    removeEventListener: () => undefined,
  });
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run));
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
  live = createLiveAnswers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const batch = (seq: number, events: readonly ChatEvent[], more: Partial<RunBatch> = {}): RunBatch => ({
  ...{ runId: 'r', conversationId: 'c', messageId: 'm', seq, events },
  ...more,
});
const text = (words: string): ChatEvent => ({ type: 'text', part: 0, text: words });
const paint = () => {
  for (const frame of frames.splice(0)) frame();
};

describe('createLiveAnswers', () => {
  it('tells its watchers once per frame, however many batches came', () => {
    const heard = vi.fn();
    live.subscribe('r', heard);
    expect(live.get('r')).toMatchObject({ begun: false, parts: [] });
    live.apply(batch(1, [text('one ')]));
    live.apply(batch(3, [text('two '), text('three')]));
    expect(heard).not.toHaveBeenCalled();
    expect(frames).toHaveLength(1);
    paint();
    expect(heard).toHaveBeenCalledTimes(1);
    expect(live.get('r')).toMatchObject({ begun: true, parts: [{ type: 'text', text: 'one two three' }] });
    expect(live.get('r')).toBe(live.get('r'));
  });

  it('leaves watchers of other runs alone', () => {
    const heard = vi.fn();
    live.subscribe('other', heard);
    live.apply(batch(1, [text('words')]));
    paint();
    expect(heard).not.toHaveBeenCalled();
  });

  it('goes on by a timer in a hidden page, where there are no frames, and at once when it is shown again', () => {
    const heard = vi.fn();
    live.subscribe('r', heard);
    page.hidden = true;
    live.apply(batch(1, [text('unseen ')]));
    expect(frames).toHaveLength(0);
    vi.advanceTimersByTime(500);
    expect(heard).toHaveBeenCalledTimes(1);
    live.apply(batch(2, [text('words')]));
    page.hidden = false;
    for (const listener of page.listeners) listener();
    expect(heard).toHaveBeenCalledTimes(2);
    expect(live.get('r')?.parts).toMatchObject([{ text: 'unseen words' }]);
  });

  it('forgets what was folded when a batch restates the answer', () => {
    live.apply(batch(1, [text('wrong'), { type: 'notice', code: 'usage-missing', message: 'gone' }]));
    live.apply(batch(9, [text('right')], { restart: true }));
    expect(live.get('r')).toMatchObject({ parts: [{ text: 'right' }], notices: [] });
  });

  it('gathers what the gateway says around the answer', () => {
    const attempt = { number: 1, provider: 'openrouter', model: 'a' };
    const failure = refusal('rate-limit', 'Wait.');
    live.apply(
      batch(7, [
        { type: 'attempt-start', attempt, maxOutputTokens: 100 },
        { type: 'notice', code: 'max-tokens-shrunk', message: 'How the first one was asked.' },
        { type: 'cost', usd: '0.02', source: 'bound' },
        { type: 'attempt-failed', attempt, failure },
        { type: 'attempt-failed', attempt: { ...attempt, number: 2 }, failure },
        { type: 'attempt-start', attempt: { ...attempt, number: 3, model: 'b' }, maxOutputTokens: 50 },
        { type: 'response-start', model: 'b-2026' },
        { type: 'notice', code: 'max-tokens-shrunk', message: 'Shorter.' },
        { type: 'usage', usage: { outputTokens: 3 } },
        { type: 'cost', usd: '0.1', source: 'provider', capLeftUsd: '4' },
      ]),
    );
    expect(live.get('r')).toMatchObject({
      attempt: { number: 3 },
      maxOutputTokens: 50,
      answeredBy: { provider: 'openrouter', model: 'b-2026' },
      hops: [
        { attempt, failure, cost: { usd: '0.02', source: 'bound' } },
        { attempt: { number: 2 }, failure },
      ],
      notices: [{ code: 'max-tokens-shrunk', message: 'Shorter.' }],
      usage: { outputTokens: 3 },
      cost: { usd: '0.120000000000', source: 'provider', capLeftUsd: '4' },
      begun: false,
    });
    // One that cost nothing says nothing.
    expect(live.get('r')?.hops[1]?.cost).toBeUndefined();
  });

  it('knows when the model that is asked has begun to speak; what it continues was there before', () => {
    live.apply(batch(1, [text('There before. ')]));
    live.apply(
      batch(2, [{ type: 'attempt-start', attempt: { number: 1, provider: 'p', model: 'm' }, maxOutputTokens: 1 }]),
    );
    expect(live.get('r')?.said).toBeUndefined();
    live.apply(batch(3, [text('New.')]));
    paint();
    expect(live.get('r')).toMatchObject({ said: true, parts: [{ text: 'There before. New.' }] });
  });

  it('is gone once its record is final', () => {
    const heard = vi.fn();
    live.subscribe('r', heard);
    live.apply(batch(1, [text('words')]));
    live.end('r');
    expect(heard).toHaveBeenCalledTimes(1);
    expect(live.get('r')).toBeUndefined();
    paint();
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
