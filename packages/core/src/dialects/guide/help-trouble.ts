import type { Topic } from './topic.ts';

/** What to do when something went wrong: every kind of failure has its place here. */
export const TROUBLE: readonly Topic[] = [
  {
    id: 'auth',
    title: 'The key is not accepted',
    words:
      '401 unauthorized invalid incorrect wrong key revoked expired permission 403 forbidden guardrail scope not allowed',
    text: `The provider did not accept the key (401), or the key may not do this (403).

- Paste it again: a missing character or a line break is the most common reason.
- See at the provider whether it was revoked, has expired, or is limited to some models.
- At OpenRouter, a guardrail or the account's data policy can forbid a model.
- A key can also be limited **here**, to certain models; then the message says so.`,
    see: ['add-key', 'credit', 'region'],
    failures: ['auth', 'permission', 'scope'],
  },
  {
    id: 'credit',
    title: 'No credit, or the key’s own limit',
    words: '402 payment required insufficient quota billing balance afford money empty exceeded 403 limit',
    text: `The provider says there is nothing left to pay with.

- **No credit or quota**: add credit at the provider. A “429” can mean this too.
- **The key's own limit**, set at the provider: raise it there, or use another key. This is not one of Patchbay's caps.
- **Not enough for so long an answer**: lower the maximum answer; the message says how many tokens are affordable.
- **Held back for running answers**: wait until they are done.`,
    see: ['maximum', 'caps', 'openrouter'],
    failures: ['credit', 'key-limit', 'affordability', 'in-flight-budget'],
  },
  {
    id: 'cap-refused',
    title: 'A cap refused the message',
    words: 'cap reached refused not sent blocked limit too expensive raise',
    text: `One of your own caps does not hold enough for this message, so **nothing was sent** and nothing was charged. The message names the largest answer that would have fitted.

Shorten the conversation, lower the maximum answer, choose a cheaper model, or raise the cap in the options. Reservations of answers that still run count as well, and return when those are done.`,
    see: ['caps', 'caps-work', 'maximum'],
    failures: ['cap'],
  },
  {
    id: 'rate-limit',
    title: 'Too many requests',
    words: '429 rate limit wait slow down per minute free daily quota throttle',
    text: `The provider limits how often, or how much at once, you may ask. Wait as long as the message says and try again, or choose another model. Free models have small daily limits.

If the message says that it alone is more than a minute's allowance, waiting does not help: shorten the conversation.`,
    see: ['overloaded', 'credit', 'choose-model'],
    failures: ['rate-limit'],
  },
  {
    id: 'overloaded',
    title: 'The provider is overloaded or down',
    words: '500 502 503 504 524 529 outage error server unavailable busy capacity timeout',
    text: `The fault is on the provider's side. Try again in a moment, or choose another model or provider; a list of models to **fall back** to does that by itself. Your message is kept.

A local server that has just started may still be loading its model.`,
    see: ['fallback', 'choose-model', 'local'],
    failures: ['overloaded', 'unavailable'],
  },
  {
    id: 'too-long',
    title: 'The conversation is too long',
    words: 'context length window tokens exceed 400 413 prompt shorten large',
    text: `A model reads only so much at once, and the whole conversation goes along with every message. Start a new conversation, remove large attachments, go back to an earlier message and branch from there, or choose a model with a larger context window.`,
    see: ['branches', 'choose-model', 'maximum'],
    failures: ['context-length'],
  },
  {
    id: 'policy',
    title: 'Blocked or declined',
    words: 'content policy filter moderation flagged refusal refused safety censored declined',
    text: `Either the **provider's filter** stopped the message or the answer, or the **model itself** declined. Patchbay filters nothing.

Rephrase the message, or choose another model. Text that arrived before the filter is kept.`,
    see: ['choose-model', 'fallback', 'branches'],
    failures: ['content-policy', 'refusal'],
  },
  {
    id: 'unsupported',
    title: 'The model is gone, or cannot do this',
    words: '404 not found retired deprecated missing parameter unsupported vision tools 400 refused renamed',
    text: `- **Gone**: the provider does not offer this model, no longer, or not to your account. Refresh the model list and choose another.
- **Cannot**: the message needs what the model does not have, such as images; nothing was sent. Choose a model that can.
- **A setting it does not take**: the message names it. Reset that setting, or choose another model.`,
    see: ['choose-model', 'parameters', 'attachments'],
    failures: ['model-gone', 'unsupported', 'parameter'],
  },
  {
    id: 'region',
    title: 'Not available where you are',
    words: 'country region territory vpn location geo blocked 451',
    text: `Some providers serve only some countries. Choose another provider of the same model; through OpenRouter a model often has several hosts. A VPN can also be the reason, if it makes you appear elsewhere.`,
    see: ['openrouter', 'choose-model', 'auth'],
    failures: ['region'],
  },
  {
    id: 'network',
    title: 'No connection',
    words: 'network offline failed to fetch cors permission dns certificate unreachable cannot connect localhost',
    text: `Nothing came back at all.

- Are you online, and is the address right?
- **A permission may be missing**: a browser cannot tell “no connection” from “answers may not be read”. The message offers to grant it for that provider.
- A **local server** has to be running, and has to let a browser extension in.
- A company proxy or an ad blocker can stand in between.`,
    see: ['local', 'firefox', 'add-key'],
    failures: ['network'],
  },
  {
    id: 'interrupted',
    title: 'An answer that broke off',
    words:
      'interrupted truncated cut stopped middle stalled incomplete half continue stuck hanging stop aborted nothing more',
    text: `The connection ended before the provider said it was done, nothing more came for too long, you stopped it, or the browser was closed. **What arrived is kept**, and the answer is marked as interrupted.

**Continue** it, with the same model or another one, or retry it. What had been reserved stays counted until the bill is known.

A model that sends the same piece of text a thousand times in a row is stopped as well.`,
    see: ['continue', 'caps-work', 'branches'],
    failures: ['truncated', 'stalled', 'aborted'],
  },
  {
    id: 'malformed',
    title: 'An answer that could not be read',
    words: 'malformed garbage html web page invalid json unexpected empty answer internal bug error wrong address',
    text: `The provider sent something that is no answer: a web page, an empty reply, or broken data. Try again.

If it is always a web page, the address is wrong (most end in \`/v1\`) or your network wants you to sign in first. An “internal” failure is a bug in Patchbay: your text is kept, and nothing is counted that was not sent.`,
    see: ['network', 'local', 'overloaded'],
    failures: ['malformed-output', 'internal'],
  },
  {
    id: 'locked',
    title: 'The vault is locked',
    words: 'locked unlock passphrase keys cannot open',
    text: `Your keys are sealed under a passphrase and have not been unlocked since the browser started, or were locked again after a while without use. Unlock them and send again; your message is kept.

You can set after how many minutes they lock, or choose the device mode, in the options.`,
    see: ['vault', 'key-safety', 'auth'],
    failures: ['vault-locked'],
  },
  {
    id: 'storage',
    title: 'Storage is full or cannot be read',
    words: 'disk full quota space database unreadable corrupt storage broken save newer version',
    text: `Patchbay could not write, or could not read what it had written.

- **Full**: free some space on the disk, or delete conversations with large attachments. Nothing is sent while what it costs cannot be recorded.
- **Unreadable**: reload first. A database written by a newer Patchbay is shown read-only: update Patchbay.`,
    see: ['delete', 'export', 'overrun'],
    failures: ['storage'],
  },
];
