import { type ComponentType, type MouseEvent, useEffect, useRef, useState } from 'react';
import { Sheet } from '../controls/sheet.tsx';
import { createLazy } from '../lazy.ts';
import { PanelContext, usePanel, usePanelState } from '../panel-context.ts';
import type { Panel } from '../state/panel.ts';
import { strings } from '../strings.ts';
import { Banners } from './banners.tsx';
import { Composer } from './composer.tsx';
import { ConversationList } from './conversation-list.tsx';
import { Header } from './header.tsx';
import { StatusRegion } from './status-region.tsx';
import { Thread } from './thread.tsx';
import { Toasts } from './toasts.tsx';
import { useDrop } from './use-drop.ts';
import { useShortcuts } from './use-shortcuts.ts';

/** What a product may put into the panel. */
export interface PanelSlots {
  /** A form that adds a key; where there is none, the panel asks the host for the product's own place. */
  readonly addKey?: ComponentType<{ onDone(): void }>;
}

/** From this width on, px, the list of conversations stands beside the conversation. */
const WIDE = 720;

export function App({ panel, slots }: { readonly panel: Panel; readonly slots: PanelSlots }) {
  return (
    <PanelContext value={panel}>
      <Frame slots={slots} />
    </PanelContext>
  );
}

function Frame({ slots }: { readonly slots: PanelSlots }) {
  const panel = usePanel();
  const frame = useRef<HTMLDivElement>(null);
  const wide = useWide(frame);
  const sheetOpen = usePanelState((state) => state.sheet !== undefined);
  const drop = useDrop(panel);
  useShortcuts(panel);
  useTheme();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: catches clicks on links, which are elements of their own
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click too
    <div
      ref={frame}
      className="frame"
      data-wide={wide || undefined}
      data-over={drop.over || undefined}
      onClick={(event) => openLink(event, panel)}
      {...drop.on}
    >
      {wide && (
        <aside className="side">
          <ConversationList />
        </aside>
      )}
      <div className="column">
        <Header listShown={wide} />
        <Banners />
        <Thread />
        {!sheetOpen && <Toasts />}
        <Composer />
        {!sheetOpen && <StatusRegion />}
      </div>
      <Sheets slots={slots} wide={wide} />
    </div>
  );
}

/** What opens on demand comes in a file of its own, fetched when the panel has nothing else to do. */
const sheets = createLazy(() => import('./sheets.tsx'));

function Sheets({ slots, wide }: { readonly slots: PanelSlots; readonly wide: boolean }) {
  const panel = usePanel();
  const sheet = usePanelState((state) => state.sheet);
  const loaded = sheets.use();
  const close = () => panel.openSheet(undefined);
  const missing = sheet !== undefined && loaded === undefined;
  useEffect(() => {
    // Asked for before it came, or after it failed to come: then it is worth another try, and a word.
    if (missing) sheets.load().catch(() => panel.complain(strings.common.codeMissing));
  }, [missing, panel]);
  if (sheet === undefined) return null;
  if (sheet.kind === 'conversations') {
    return wide ? null : (
      <Sheet title={strings.conversations.title} side="start" onClose={close}>
        <ConversationList />
      </Sheet>
    );
  }
  if (sheet.kind === 'add-key') {
    return slots.addKey ? (
      <Sheet title={strings.welcome.key.title} onClose={close}>
        {/* A key is added to ask somebody with it: who, is the next question. */}
        <slots.addKey onDone={() => panel.openSheet({ kind: 'picker' })} />
      </Sheet>
    ) : null;
  }
  return loaded ? <loaded.LazySheet sheet={sheet} /> : null;
}

/** A product's own way to open links goes before the page's. */
function openLink(event: MouseEvent, panel: Panel): void {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
  if (!link || event.defaultPrevented) return;
  event.preventDefault();
  panel.platform.openExternal(link.href);
}

/** The theme belongs to the page: what the browser draws itself (scroll bars, dialogs, fields) follows it too. */
function useTheme(): void {
  const theme = usePanelState((state) => state.host?.settings.theme);
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === undefined || theme === 'system') delete dataset.theme;
    else dataset.theme = theme;
  }, [theme]);
}

function useWide(element: React.RefObject<HTMLElement | null>): boolean {
  const [wide, setWide] = useState(() => innerWidth >= WIDE);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => setWide((entry?.contentRect.width ?? 0) >= WIDE));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return wide;
}
