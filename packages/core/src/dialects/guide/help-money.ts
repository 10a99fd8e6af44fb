import type { Topic } from './topic.ts';

/** Keys, caps, cost, privacy and data. */
export const MONEY: readonly Topic[] = [
  {
    id: 'add-key',
    title: 'Adding a key',
    words: 'api key new paste provider openai enter token credential where',
    text: `Open Patchbay's options and paste the key. Its provider is recognised by its shape; where several providers use the same shape, you are asked which one it is, and the key is never tried on several. The **origin** it may be sent to is shown, and it is sent nowhere else.

One free call checks it. If the browser needs a permission to read that provider's answers, it is asked for in that same click, for that one origin.`,
    see: ['caps', 'key-safety', 'auth'],
  },
  {
    id: 'key-safety',
    title: 'Where your keys are',
    words: 'secure security secret stored kept keep saved encrypted leak safe sync steal server',
    text: `Keys are sealed with AES-256-GCM in a vault on this machine. They are in no settings, no sync, no export, no log and no error message; even the panel never sees one again, only its label and last four characters.

A key is opened just before its request is sent, and only for the origin that stands beside it.`,
    see: ['vault', 'privacy', 'export'],
  },
  {
    id: 'vault',
    title: 'Vault modes',
    words: 'passphrase password lock unlock device session forgot encryption autolock',
    text: `The vault has three modes, chosen in the options:

- **Device** (default): sealed with a key that cannot leave this browser profile. Nothing to type.
- **Passphrase**: sealed under words you choose, and locked after some minutes without use if you like. **Forgotten words cannot be recovered**; you would add your keys again.
- **Session**: gone when the browser closes.

What has been spent stays counted in every mode.`,
    see: ['key-safety', 'locked', 'caps'],
    failures: [],
  },
  {
    id: 'openrouter',
    title: 'OpenRouter',
    words: 'router many models one key credits account or-v1 free variants suffix nitro floor',
    text: `An OpenRouter key (it begins with \`sk-or-\`) opens hundreds of models at once. Patchbay shows their live list with prices, sends your price limit along with each request, and reads what OpenRouter says it charged.

Models whose name ends in \`:free\` cost nothing and have a daily limit. Endings such as \`:nitro\` and \`:floor\` steer its choice of host.`,
    see: ['add-key', 'credit', 'rate-limit'],
  },
  {
    id: 'local',
    title: 'Local servers',
    words: 'ollama lm studio llama.cpp localhost own machine offline self hosted origins cors free',
    text: `Ollama, LM Studio and llama.cpp are known at their usual addresses; any other server that speaks OpenAI's chat protocol can be added with its address, most end in \`/v1\`.

- **Ollama** refuses browser extensions until it is told otherwise: start it with \`OLLAMA_ORIGINS="chrome-extension://*,moz-extension://*"\` in its environment.
- **LM Studio**: switch its server on, and CORS in the server's settings.
- **llama.cpp**: start \`llama-server\`.

Answers from your own machine cost nothing and leave it for nowhere.`,
    see: ['network', 'cost', 'privacy'],
  },
  {
    id: 'caps',
    title: 'Spend caps',
    words: 'limit budget spending maximum money day week month total set raise cap overspend',
    text: `A cap is an amount for a day, a week, a month or in total; a key can have several. Set them in the options, at the key. Days, weeks (from Monday) and months are counted in UTC.

A message that could overshoot a cap is **not sent**: either its maximum answer is made smaller, with a notice, or it is refused, and you are told how large an answer would have fitted. The meter in the panel shows what is left of the tightest cap.`,
    see: ['caps-work', 'maximum', 'cap-refused'],
  },
  {
    id: 'caps-work',
    title: 'How caps hold',
    words: 'reserve settle ledger bound guarantee overshoot parallel crash reservation how does it work',
    text: `Before anything is sent, the most it can cost is **reserved** on every cap of the key: the bytes of the request counted as tokens at the dearest price they can reach, plus the whole maximum answer. When the answer is in, the reservation is **settled** at what was charged, and the rest returns.

So twenty messages at once cannot overshoot a cap together, and after a crash the reservation stays counted until it is known what was billed. Caps hold for this installation; deleting a key and adding it again resets nothing.`,
    see: ['caps', 'cost', 'overrun'],
  },
  {
    id: 'clock',
    title: 'Caps that do not begin anew',
    words: 'clock date wrong future ahead frozen renew never resets new day month year set back',
    text: `The ledger's time never goes back by itself: otherwise a clock that is set back would empty every cap. So if this computer's clock was once far in the future, caps still hold, but no daily, weekly or monthly one begins anew.

Patchbay says so where the ledger is more than a day ahead of the clock. If the clock is wrong **now**, correct it. If it was wrong **then**, set the record's time back: what was spent since then counts as spent now, and nothing is forgotten.`,
    see: ['caps-work', 'caps', 'overrun'],
  },
  {
    id: 'cost',
    title: 'What an answer cost',
    words: 'price money bill charge tokens dollars cents expensive spent usage estimate free provider',
    text: `Below each answer stand its cost, its tokens, and where the number comes from: **the provider's own figure** where it sends one, else **the price list** times the tokens it counted, else an **estimate** or the whole reservation. Unknown is never shown as zero.

Models on your own machine and free variants cost nothing.`,
    see: ['unknown-price', 'caps-work', 'overrun'],
  },
  {
    id: 'unknown-price',
    title: 'Models without a known price',
    words: 'price unknown worst case set price not published custom server refused',
    text: `For some models nobody publishes a price. Where a cap is to hold, such a model is refused until you set a **worst case** for it: the most that a million tokens in and out can cost. That number is reserved, and what the provider reports is settled.

A server on your own machine needs none.`,
    see: ['caps', 'cost', 'local'],
    failures: ['price-unknown'],
  },
  {
    id: 'overrun',
    title: 'A bill above the bound, and a locked ledger',
    words: 'overrun exceed ledger missing damaged unreadable locked confirm newer version more than reserved',
    text: `If a provider bills more than was reserved, that is recorded as an **overrun**, shown, counted, and the key is locked until you agree to go on.

If the ledger (the record of what was spent) is missing or unreadable, keys are locked until you **confirm**, because caps cannot be kept without it. A ledger written by a newer Patchbay is opened read-only: update Patchbay.`,
    see: ['caps-work', 'storage', 'caps'],
    failures: ['ledger-locked'],
  },
  {
    id: 'privacy',
    title: 'Privacy',
    words: 'data tracking telemetry collect analytics send who sees prompts server images remote links',
    text: `What you write goes to the provider you chose and to nobody else. Patchbay has no server, no account and no telemetry; conversations stay in this browser profile.

It has access to no site at install, and asks for one provider's origin at a time. Remote images in answers are loaded only when you click them, since loading one tells its server that you read the answer. What a provider keeps is its own affair; its policy stands beside its name in the options.`,
    see: ['key-safety', 'export', 'delete'],
  },
  {
    id: 'export',
    title: 'Exporting everything',
    words: 'backup download save json move transfer import data copy',
    text: `“Export or delete data” in the panel’s menu, or the same in the options, puts conversations, settings and costs into one file. Keys are not in it, in any form.`,
    see: ['delete', 'privacy', 'branches'],
  },
  {
    id: 'delete',
    title: 'Deleting',
    words: 'remove erase clear wipe conversation history everything reset uninstall',
    text: `Delete one conversation from the list, where it can be undone for a moment, or everything at once under “Export or delete data”; you choose whether keys go as well. That is final.

Removing the extension from the browser deletes all of it too.`,
    see: ['export', 'key-safety', 'caps-work'],
  },
];
