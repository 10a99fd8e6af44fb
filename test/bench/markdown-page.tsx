import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { Streamdown } from 'streamdown';
import { MarkdownView } from '../../packages/chat/src/ui/markdown/view.tsx';
import { PanelContext } from '../../packages/chat/src/ui/panel-context.ts';
import { completePlatform } from '../../packages/chat/src/ui/platform.ts';
import type { Panel } from '../../packages/chat/src/ui/state/panel.ts';
import { longAnswer } from '../../packages/chat/src/ui/testing/samples.ts';

/** All that a block of code asks of its panel. */
const PANEL = { platform: completePlatform() } as Panel;

const PEERS: Readonly<Record<string, (text: string) => ReactNode>> = {
  patchbay: (text) => (
    <PanelContext value={PANEL}>
      <MarkdownView text={text} growing />
    </PanelContext>
  ),
  streamdown: (text) => <Streamdown>{text}</Streamdown>,
  // One text node, no Markdown: what the browser itself takes to lay out and paint a growing text.
  bare: (text) => <div style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{text}</div>,
  'react-markdown': (text) => <ReactMarkdown remarkPlugins={[remarkGfm]}>{text}</ReactMarkdown>,
};

/** Characters that come between two painted updates: some 1,400 a second at 60 frames. */
const STEP = 24;

declare global {
  interface Window {
    readonly peers: readonly string[];
    /** Puts the first `characters` of the answer on the page. */
    grow(peer: string, characters: number): Promise<void>;
    /** One update in each of the next `updates` frames; without a change to the page where `idle`. */
    advance(updates: number, idle: boolean): Promise<void>;
  }
}

let root: Root | undefined;
let shown = { peer: '', characters: 0 };
const box = document.createElement('div');
Object.assign(box.style, { inlineSize: '360px', blockSize: '640px', overflowY: 'auto' });
document.getElementById('root')?.append(box);
const text = longAnswer(40_000);

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
/** Two frames and a pause: what a renderer put off is done then. */
async function settle(): Promise<void> {
  await frame();
  await frame();
  await new Promise((resolve) => setTimeout(resolve, 30));
}

/** Renders and scrolls to the end, as a chat does. */
function show(characters: number): void {
  shown = { ...shown, characters };
  flushSync(() => root?.render(PEERS[shown.peer]?.(text.slice(0, characters))));
  box.scrollTop = box.scrollHeight;
}

Object.assign(window, {
  peers: Object.keys(PEERS),
  grow: async (peer: string, characters: number) => {
    if (shown.peer !== peer || characters < shown.characters) {
      root?.unmount();
      root = createRoot(box);
      shown = { peer, characters: 0 };
    }
    // As it streams, only faster: renderers that keep what they have settled shall have settled it.
    for (let at = shown.characters; at < characters; at += 40 * STEP) {
      await frame();
      show(Math.min(characters, at + 40 * STEP));
    }
    await settle();
  },
  advance: async (updates: number, idle: boolean) => {
    for (let update = 0; update < updates; update += 1) {
      await frame();
      if (!idle) show(shown.characters + STEP);
    }
    await settle();
  },
} satisfies Partial<Window>);
