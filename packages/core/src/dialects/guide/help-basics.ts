import type { Topic } from './topic.ts';

/** What Patchbay is and how to use it. */
export const BASICS: readonly Topic[] = [
  {
    id: 'what',
    title: 'What Patchbay is',
    words: 'about purpose overview product router middleman difference',
    text: `Patchbay puts every model behind one panel. You bring your own keys, choose a model for each message, and see what each answer cost.

It does a router's work on your own machine: requests go straight from it to the provider you chose, with nobody in between. OpenRouter is one of the providers you can choose.`,
    see: ['start', 'caps', 'privacy'],
  },
  {
    id: 'start',
    title: 'Getting started',
    words: 'begin first steps setup set up install connect how do i use',
    text: `There are two ways to a first answer:

1. **Paste a key** in Patchbay's options. The provider is recognised by the key's shape, the key is checked with one free call, and you can set spend caps on it.
2. **Use a local server** on this machine, such as Ollama, LM Studio or llama.cpp. It costs nothing and needs no key.

Then pick a model at the message box, type, and press Enter. Without either you can still ask me about Patchbay.`,
    see: ['add-key', 'local', 'choose-model'],
  },
  {
    id: 'choose-model',
    title: 'Choosing a model',
    words: 'switch change select picker search default sticky other another which model per message',
    text: `The model’s name at the message box opens the picker; type to search it by name, provider or id, and pin the models you use most.

The choice **sticks** for the conversation. You can also pick a model for **this message only**, and retry an answer with another model: both answers are kept as versions. Each answer shows the model that gave it.`,
    see: ['branches', 'cost', 'parameters'],
  },
  {
    id: 'branches',
    title: 'Versions and branches',
    words: 'retry regenerate edit again sibling tree fork compare alternative version history',
    text: `A conversation is a tree. **Retry** answers the same message again, with the same model or another, and keeps the first answer; editing a message you sent starts a branch beside the old one. Nothing is overwritten.

The arrows at a message step through its versions. Whatever you send next continues the version you see.`,
    see: ['choose-model', 'interrupted', 'export'],
  },
  {
    id: 'parameters',
    title: 'System prompt, temperature and effort',
    words: 'settings options parameters creativity reasoning thinking top p seed stop instructions persona role',
    text: `Each conversation has its own **system prompt**, **temperature**, **reasoning effort** and **maximum answer**; they stand in the conversation’s settings and stay as you set them.

What a model does not take is left out, or brought to the nearest value that it takes, and a notice at the answer says so.`,
    see: ['maximum', 'choose-model', 'unsupported'],
  },
  {
    id: 'maximum',
    title: 'The maximum answer',
    words: 'max tokens length limit longer short cut off output size',
    text: `Every request carries a maximum answer in tokens, so that its price has a bound. You set it in the conversation’s settings; a model that thinks before it answers gets more by default, because its thoughts count too.

If your caps hold less than that answer could cost, a **smaller maximum** is sent and a notice says how much. An answer that reached its maximum ends with “length”: raise it and continue.`,
    see: ['caps', 'cost', 'interrupted'],
  },
  {
    id: 'attachments',
    title: 'Images and files in messages',
    words: 'picture photo upload attach pdf document paste screenshot vision',
    text: `Add an image (PNG, JPEG, WebP or GIF), a PDF, or any file of text with the attach button, by pasting, or by dropping it anywhere on the panel. Every model reads text; of any other document, paste the text.

If the chosen model takes no images or no PDFs, the message is refused before anything is sent, and you are told. Nobody can tell beforehand what reading a PDF costs, so as much is reserved as the model can read at once.

Attachments are kept on this machine, with the conversation.`,
    see: ['choose-model', 'unsupported', 'privacy'],
  },
  {
    id: 'closed-panel',
    title: 'Closing the panel while an answer runs',
    words: 'background reopen continue running stop button cancel abort window close tab lost',
    text: `Closing the panel never stops an answer: it goes on in the background, and is there when you open the panel again, in any window.

**Stop** does stop it: the connection to the provider closes at once, and what had arrived is kept. Whether stopping also ends the bill depends on the provider; where that is not known, the answer is counted in full.`,
    see: ['interrupted', 'cost', 'caps-work'],
  },
  {
    id: 'keyboard',
    title: 'Keyboard',
    words: 'shortcut hotkey keys press enter newline alt open',
    text: `- **Enter** sends, **Shift+Enter** starts a new line; a setting turns that round.
- **Escape** closes what is open, leaves an edit, or stops a running answer.
- **Arrow up** in an empty message box edits your last message.
- **Alt+1** to **Alt+9** choose a pinned model.
- The browser's shortcut for opening Patchbay is **Alt+Shift+G** unless you changed it; the options page shows it.

“Keyboard shortcuts” in the panel’s menu lists them all; everything can be reached with Tab.`,
    see: ['start', 'firefox', 'closed-panel'],
  },
  {
    id: 'fallback',
    title: 'Fallback to another model',
    words: 'failover fall back automatic backup second model fails down route routing list',
    text: `You can name models that are asked, in your order, when the chosen one fails **before its answer begins**: “If the model fails”, in the conversation’s settings, for all conversations or for this one alone.

- **Every switch is shown** at the answer and kept with it: who failed and why, who answered instead, and what it cost.
- **Caps hold for each attempt.** A dearer model than the one you chose is passed over unless you allow it; so is one that asked to wait.
- The same model can also be reached **over your other keys**, where you allow that: its maker’s own, or a router’s.
- A wait of at most two seconds that the provider itself names is waited out, once.

Once the first word is there, nothing is switched by itself: see “Continuing an answer that was cut”. Without a list, a message goes to the one model you chose. The built-in guide is never asked instead.

OpenRouter may itself choose among several hosts of the same model. It is told the highest price that was reserved, so that it cannot choose a dearer one.`,
    see: ['continue', 'overloaded', 'openrouter'],
  },
  {
    id: 'continue',
    title: 'Continuing an answer that was cut',
    words: 'continue continue-with go on resume finish rest where it stopped half complete seam begun',
    text: `An answer that broke off, that you stopped, or that reached its maximum can go on where it stopped: **Continue** asks the same model, **Continue with…** another one.

The new answer stands beside the old one, as a version of it, and begins with its words. No character is lost and none is there twice: a model that can go on from a begun answer does so; any other is asked to begin with the last words, and these are left out again.

**Who began it, who went on, and what each cost** stand at the answer, and are kept with it. Your list of models to fall back to counts here too.`,
    see: ['fallback', 'interrupted', 'branches'],
  },
  {
    id: 'firefox',
    title: 'Patchbay in Firefox',
    words: 'mozilla sidebar browser difference chrome chromium edge',
    text: `In Firefox Patchbay lives in the sidebar: open it with the toolbar button or the shortcut. Panel, keys and caps are the same as in Chromium, but each browser profile has its **own** keys, conversations and caps.

Firefox can withdraw site permissions from an extension; if a provider suddenly cannot be reached, grant its permission again in the options.`,
    see: ['network', 'keyboard', 'vault'],
  },
  {
    id: 'guide',
    title: 'This guide',
    words: 'who are you guide bot assistant ai model offline help human real',
    text: `I am the built-in guide: a small collection of help texts with a search over it, **not an AI model**. I work offline, cost nothing, and know Patchbay and nothing else.

For anything else, choose a model. Patchbay never answers with me instead of a model you chose.`,
    see: ['what', 'start', 'fallback'],
  },
];
