import type { ServedModel } from './models.ts';

/** What the server says to a prompt: prepared Markdown of the kinds that real answers are made of. */
export function answerTo(prompt: string, model: ServedModel, images: number): string {
  if (images > 0) return seen(images, model);
  const found = ANSWERS.find((answer) => answer.asked.test(prompt));
  return `${found?.text ?? general(prompt)}\n\n${signed(model)}`;
}

/** What a thinking model thinks aloud first. */
export function reasoningFor(prompt: string): string {
  const subject = prompt.trim().split(/\s+/).slice(0, 12).join(' ');
  return `The user asks: "${subject}". First I settle what a useful answer contains, then the order in which to say it. A short direct answer should come first and the detail after it, so that somebody in a hurry can stop reading early.`;
}

const signed = (model: ServedModel) =>
  `*A prepared answer from the local test server, standing in for ${model.name.replace(/^[^:]+: /, '')}.*`;

const seen = (images: number, model: ServedModel) =>
  `I received ${images === 1 ? 'one picture' : `${images} pictures`} with your message. This server cannot look at pictures, but the request that carried ${images === 1 ? 'it' : 'them'} was complete and readable.\n\n${signed(model)}`;

const general = (prompt: string) => `Here is a short answer to **${excerpt(prompt)}**.

1. Start with the smallest thing that can work from one end to the other.
2. Measure it before changing it, and keep the measurement.
3. Change one thing at a time.

> What is simple is easy to check, and what is easy to check tends to stay correct.

If you tell me more about what you have already tried, I can be more specific.`;

function excerpt(prompt: string): string {
  const line = prompt
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[*_`[\]<>]/g, '');
  return line.length > 60 ? `${line.slice(0, 57)}…` : line || 'an empty message';
}

const ANSWERS: readonly { readonly asked: RegExp; readonly text: string }[] = [
  {
    asked: /\b(table|compare|comparison|difference|versus|vs)\b/i,
    text: `They differ mainly in *when* the work happens:

| | Debounce | Throttle |
|---|---|---|
| Runs | once, after the calls stop | at most once per interval |
| First call | delayed | immediate |
| Good for | search boxes, autosave | scrolling, dragging |
| Worst case | never runs while calls keep coming | runs with stale arguments |

Pick **debounce** when only the last value matters, and **throttle** when people should see progress on the way.`,
  },
  {
    asked: /\b(code|function|typescript|javascript|python|debounce|bug|regex)\b/i,
    text: `A debounced function waits until calls have stopped for a while and then runs once, with the last arguments.

\`\`\`ts
export function debounce<A extends unknown[]>(run: (...args: A) => void, ms: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (...args: A): void => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...args), ms);
  };
}
\`\`\`

Two details matter:

- \`clearTimeout(undefined)\` is allowed, so the first call needs no special case.
- The arguments are those of the **last** call; earlier ones are dropped on purpose.

Use it where only the final state counts, such as saving a draft while somebody types.`,
  },
  {
    asked: /\b(list|plan|steps|checklist|todo|how do i|how to)\b/i,
    text: `## A plan for a quiet release

1. **Freeze** the dependencies a day earlier.
   - Read the changelog of everything that moved.
   - Note what you would roll back to.
2. **Ship** to a small group first.
3. **Watch** the three numbers that would show trouble:
   - errors per minute,
   - time to first answer,
   - money spent per hour.
4. **Widen** only while all three stay flat.
5. **Write down** what surprised you while you still remember it.

Anything that is not on this list can wait until the day after.`,
  },
  {
    asked: /\b(hello|hi|hey|good (morning|evening|day))\b/i,
    text: 'Hello! I am ready. Ask me for a plan, a comparison in a table, or some code, and switch the model between two messages whenever you like.',
  },
  {
    asked: /\b(long|essay|story|article|explain|why)\b/i,
    text: `### Why a spending limit has to be checked before sending

A limit that is checked *afterwards* is a report, not a limit. By the time the bill for a request is known, the money is gone, and every request that was already on its way when the limit was reached is billed too.

Checking beforehand needs an upper bound for something that has not happened yet. There are two parts to it:

- **What you send** is known exactly: no tokenizer makes more tokens than there are bytes, so the number of bytes bounds the number of tokens.
- **What comes back** is bounded by the maximum you ask for, which is why a request should always carry one.

With both numbers and the model's price, the bound is one multiplication and one addition. It is reserved, the request is sent, and when the real bill arrives the difference is given back.

The rest is bookkeeping, and bookkeeping is where such systems fail: two windows that each see the last dollar, a computer that goes to sleep with a request on its way, a clock that is set back. A ledger that reserves *atomically*, and that treats what it does not know as spent, survives all three.

It is a little pessimistic, and that is the point.`,
  },
];
