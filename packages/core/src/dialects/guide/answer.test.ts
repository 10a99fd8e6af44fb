import { describe, expect, it } from 'vitest';
import type { FailureKind } from '../../chat/failure.ts';
import { KINDS } from '../../failures/kinds.ts';
import { answer } from './answer.ts';
import { TOPICS } from './topics.ts';

/** The title of the topic that is told, undefined where none is. */
function topicOf(...questions: readonly string[]): string | undefined {
  const title = /^\*\*(.+)\*\*\n/.exec(answer(questions))?.[1];
  return TOPICS.find((topic) => topic.title === title)?.id;
}

describe('the guide', () => {
  it.each([
    ['What is Patchbay?', 'what'],
    ['how do I get started', 'start'],
    ['how do i set a spend cap?', 'caps'],
    ['How do caps work', 'caps-work'],
    ['How do spend caps work?', 'caps'],
    ['Where are my keys kept?', 'key-safety'],
    ['add an API key', 'add-key'],
    ['where are my keys stored, is that secure?', 'key-safety'],
    ['forgot my passphrase', 'vault'],
    ['my computer’s clock was wrong', 'clock'],
    ['why does my cap never reset', 'clock'],
    ['how much did it cost', 'cost'],
    ['why is the price unknown', 'unknown-price'],
    ['can I switch the model for one message', 'choose-model'],
    ['does it fall back to another model', 'fallback'],
    ['failover', 'fallback'],
    ['what happens when a model is overloaded, can another answer?', 'overloaded'],
    ['continue an answer with another model', 'continue'],
    ['go on where it stopped', 'continue'],
    ['retry with a different answer, keep the old version', 'branches'],
    ['ollama does not work', 'local'],
    ['LM Studio', 'local'],
    ['openrouter free models', 'openrouter'],
    ['can i use it in firefox', 'firefox'],
    ['keyboard shortcuts', 'keyboard'],
    ['export my chats', 'export'],
    ['delete everything', 'delete'],
    ['do you collect telemetry?', 'privacy'],
    ['upload a PDF', 'attachments'],
    ['set the temperature and system prompt', 'parameters'],
    ['max tokens', 'maximum'],
    ['what happens when I close the panel', 'closed-panel'],
    ['are you an AI?', 'guide'],
    ['my key is not accepted, 401', 'auth'],
    ['402 payment required', 'credit'],
    ['429 too many requests', 'rate-limit'],
    ['503 overloaded', 'overloaded'],
    ['context length exceeded', 'too-long'],
    ['my message was flagged by moderation', 'policy'],
    ['404 model not found', 'unsupported'],
    ['not available in my country', 'region'],
    ['failed to fetch', 'network'],
    ['why did the answer stop in the middle', 'interrupted'],
    ['it answered with garbage html', 'malformed'],
    ['vault locked', 'locked'],
    ['disk full', 'storage'],
    ['cap refused my message', 'cap-refused'],
    ['the bill was more than reserved, overrun', 'overrun'],
  ])('%s', (question, id) => {
    expect(topicOf(question)).toBe(id);
  });

  it('says of itself, whatever it is asked, that it is no AI model', () => {
    for (const question of ['hi', 'thanks', 'help', 'spend caps', 'write me a poem about zebras', '', '???']) {
      expect(answer([question])).toMatch(/not an AI model\._$/);
    }
  });

  it('greets, takes thanks, and lists what it knows', () => {
    expect(answer(['Hello!'])).toMatch(/^Hello!/);
    expect(answer([])).toMatch(/^Hello!/);
    expect(answer(['thank you so much'])).toMatch(/^You are welcome/);
    for (const topic of TOPICS) expect(answer(['help'])).toContain(topic.title);
  });

  it.each(['what is 2+2', 'write a haiku', 'qwertz', 'Who won the world cup in 1990?', '漢字', 'ß'.repeat(5_000)])(
    'knows nothing but Patchbay: %.40s',
    (question) => {
      expect(answer([question])).toMatch(/^I found nothing about that/);
    },
  );

  it('looks at the question before where one alone says too little', () => {
    expect(topicOf('tell me about spend caps', 'and why?')).toBe('caps');
  });
});

describe('its topics', () => {
  it('have ids and titles of their own, and lead to others that exist', () => {
    expect(new Set(TOPICS.map(({ id }) => id)).size).toBe(TOPICS.length);
    expect(new Set(TOPICS.map(({ title }) => title)).size).toBe(TOPICS.length);
    const ids = new Set(TOPICS.map(({ id }) => id));
    for (const { id, see } of TOPICS) {
      expect(see.length).toBeGreaterThan(0);
      expect(see).not.toContain(id);
      for (const other of see) expect(ids).toContain(other);
    }
  });

  it('are each found by their own title', () => {
    for (const { id, title } of TOPICS) expect(topicOf(title), title).toBe(id);
  });

  it('have a place for every kind of failure, so that no message leads nowhere', () => {
    const ours: FailureKind[] = [
      'cap',
      'price-unknown',
      'scope',
      'vault-locked',
      'ledger-locked',
      'storage',
      'unsupported',
      'internal',
    ];
    const helped = new Set(TOPICS.flatMap(({ failures = [] }) => failures));
    expect([...Object.keys(KINDS), ...ours].filter((kind) => !helped.has(kind as FailureKind))).toEqual([]);
  });
});
