import { useState } from 'react';
import { IconButton } from '../controls/buttons.tsx';
import { Icon } from '../controls/icons.tsx';
import { Menu } from '../controls/menu.tsx';
import { usePanel, usePanelState } from '../panel-context.ts';
import { strings } from '../strings.ts';
import { TitleEditor } from './title-editor.tsx';

/** The bar at the top: conversations, this one's name, its settings, and a new one. */
export function Header({ listShown }: { readonly listShown: boolean }) {
  const panel = usePanel();
  const record = usePanelState((state) => state.thread.record);
  const theme = usePanelState((state) => state.host?.settings.theme);
  const [renaming, setRenaming] = useState(false);
  const title = record.title || strings.conversations.untitled;
  return (
    <header className="bar">
      {!listShown && (
        <IconButton
          icon="menu"
          label={strings.header.conversations}
          onClick={() => panel.openSheet({ kind: 'conversations' })}
        />
      )}
      {renaming ? (
        <TitleEditor
          title={record.title}
          onDone={(name) => {
            // Ended by a key, the field goes away with the focus in it.
            if (document.activeElement?.matches('.title-editor')) panel.focusComposer();
            setRenaming(false);
            if (name !== undefined) void panel.conversations.rename(record.id, name);
          }}
        />
      ) : (
        <h1 className="bar-title" dir="auto" title={title}>
          {title}
        </h1>
      )}
      <IconButton
        icon="sliders"
        label={strings.header.settings}
        className={hasOwnSettings(record) ? 'marked' : undefined}
        onClick={() => panel.openSheet({ kind: 'settings' })}
      />
      <Menu
        label={strings.header.more}
        items={[
          { label: strings.header.rename, icon: 'edit', onSelect: () => setRenaming(true) },
          {
            label: strings.header.remove,
            icon: 'trash',
            danger: true,
            onSelect: () => panel.conversations.remove(record.id),
          },
          { label: strings.header.keys, icon: 'key', apart: true, onSelect: () => void panel.manageKeys() },
          { label: strings.header.data, icon: 'file', onSelect: () => panel.openSheet({ kind: 'data' }) },
          {
            label: strings.header.shortcuts,
            icon: 'keyboard',
            hint: strings.shortcuts.keys.help,
            onSelect: () => panel.openSheet({ kind: 'shortcuts' }),
          },
          ...(['system', 'light', 'dark'] as const).map((name, index) => ({
            label: strings.header.themes[name],
            checked: theme === name,
            apart: index === 0,
            onSelect: () => void panel.models.saveSettings({ theme: name }),
          })),
        ]}
      >
        <Icon name="more" />
      </Menu>
      <IconButton icon="plus" label={strings.header.create} onClick={() => panel.conversations.create()} />
    </header>
  );
}

const hasOwnSettings = (record: { readonly system?: string; readonly parameters: object }) =>
  Boolean(record.system) || Object.keys(record.parameters).length > 0;
