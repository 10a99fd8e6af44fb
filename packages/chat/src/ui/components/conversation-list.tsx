import { type KeyboardEvent, memo, useMemo, useRef, useState } from 'react';
import type { ConversationSummary } from '../../contract/index.ts';
import { Button, IconButton } from '../controls/buttons.tsx';
import { Icon } from '../controls/icons.tsx';
import { Menu } from '../controls/menu.tsx';
import { age, shortTime } from '../format/time.ts';
import { usePanel, usePanelState } from '../panel-context.ts';
import { strings } from '../strings.ts';
import { TitleEditor } from './title-editor.tsx';

/** How many are shown at first, and more at a time on demand. */
const STEP = 60;

/** All conversations, newest first, and those that a search finds. */
export function ConversationList() {
  const panel = usePanel();
  const { all, found, query, removed } = usePanelState((state) => state.conversations);
  const current = usePanelState((state) => state.thread.record.id);
  const [limit, setLimit] = useState(STEP);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [text, setText] = useState(query);
  const list = useRef<HTMLElement>(null);
  const searching = query.trim() !== '';
  const shown = useMemo(
    () => (searching ? (found ?? []) : (all ?? [])).filter(({ id }) => !removed.has(id)),
    [searching, found, all, removed],
  );
  const groups = useMemo(() => grouped(shown.slice(0, limit), searching), [shown, limit, searching]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('.conversation-open') ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const field = list.current?.querySelector<HTMLElement>('input[type="search"]');
    const next = event.key === 'ArrowDown' ? rows[at + 1] : at <= 0 ? field : rows[at - 1];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <nav ref={list} className="conversations" aria-label={strings.conversations.title} onKeyDown={onKeyDown}>
      <div className="conversations-head">
        <div className="search">
          <Icon name="search" />
          <input
            type="search"
            dir="auto"
            data-autofocus=""
            data-search=""
            aria-label={strings.conversations.search}
            placeholder={strings.conversations.search}
            value={text}
            onChange={(event) => {
              const { value } = event.target;
              setText(value);
              clearTimeout(timer.current);
              timer.current = setTimeout(() => void panel.conversations.search(value), 150);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || text === '') return;
              event.preventDefault();
              event.stopPropagation();
              setText('');
              void panel.conversations.search('');
            }}
          />
        </div>
        <IconButton
          icon="plus"
          label={strings.header.create}
          onClick={() => {
            panel.conversations.create();
            panel.focusComposer();
          }}
        />
      </div>
      <div className="conversations-list">
        {groups.map(({ label, items }) => (
          <section key={label} aria-label={label}>
            {!searching && <h3>{label}</h3>}
            <ul>
              {items.map((item) => (
                <ConversationRow key={`${item.id} ${item.messageId ?? ''}`} item={item} current={item.id === current} />
              ))}
            </ul>
          </section>
        ))}
        {shown.length === 0 && (all || searching) && (
          <p className="quiet conversations-empty">
            {searching
              ? found
                ? strings.conversations.noMatch
                : strings.conversations.searching
              : strings.conversations.none}
          </p>
        )}
        {shown.length > limit && (
          <Button onClick={() => setLimit(limit + STEP)}>{strings.conversations.more(shown.length - limit)}</Button>
        )}
      </div>
    </nav>
  );
}

function grouped(items: readonly ConversationSummary[], searching: boolean) {
  if (searching) return [{ label: strings.conversations.results, items }];
  const now = Date.now();
  const groups: { label: string; items: ConversationSummary[] }[] = [];
  for (const item of items) {
    const label = strings.conversations.ages[age(item.updatedAt, now)];
    const last = groups.at(-1);
    if (last?.label === label) last.items.push(item);
    else groups.push({ label, items: [item] });
  }
  return groups;
}

const ConversationRow = memo(function ConversationRow(props: {
  readonly item: ConversationSummary;
  readonly current: boolean;
}) {
  const panel = usePanel();
  const { item, current } = props;
  const [renaming, setRenaming] = useState(false);
  const row = useRef<HTMLLIElement>(null);
  const title = item.title || strings.conversations.untitled;
  const backToRow = () => requestAnimationFrame(() => row.current?.querySelector('button')?.focus());
  if (renaming) {
    return (
      <li className="conversation" ref={row}>
        <TitleEditor
          title={item.title}
          onDone={(name) => {
            setRenaming(false);
            backToRow();
            if (name !== undefined) void panel.conversations.rename(item.id, name);
          }}
        />
      </li>
    );
  }
  const remove = () => {
    const next = row.current?.nextElementSibling ?? row.current?.previousElementSibling;
    panel.conversations.remove(item.id);
    next?.querySelector('button')?.focus();
  };
  return (
    <li className="conversation" ref={row} data-current={current || undefined}>
      <button
        type="button"
        className="conversation-open"
        aria-current={current || undefined}
        onClick={() => void panel.conversations.open(item.id, item.messageId)}
        onKeyDown={(event) => {
          if (event.key === 'F2') setRenaming(true);
          else if (event.key === 'Delete') remove();
        }}
      >
        <span className="conversation-title" dir="auto">
          {title}
        </span>
        {item.busy ? (
          <span className="pulse" role="img" aria-label={strings.conversations.busy} />
        ) : (
          <span className="quiet small">{shortTime(item.updatedAt, Date.now())}</span>
        )}
        {item.excerpt && (
          <span className="conversation-excerpt" dir="auto">
            {item.excerpt}
          </span>
        )}
      </button>
      <Menu
        label={strings.conversations.actions(title)}
        items={[
          { label: strings.header.rename, icon: 'edit', hint: 'F2', onSelect: () => setRenaming(true) },
          { label: strings.header.remove, icon: 'trash', hint: 'Del', danger: true, onSelect: remove },
        ]}
      >
        <Icon name="more" />
      </Menu>
    </li>
  );
});
