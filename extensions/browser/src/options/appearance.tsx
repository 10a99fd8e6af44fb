import type { PanelClient, SettingsRecord } from '@patchbay/chat/contract';
import { useId } from 'react';
import { Complaint } from './complaint.tsx';
import { useSettings } from './use-settings.ts';

const THEMES: readonly { readonly id: SettingsRecord['theme']; readonly name: string }[] = [
  { id: 'system', name: 'As the system' },
  { id: 'light', name: 'Light' },
  { id: 'dark', name: 'Dark' },
];

interface AppearanceProps {
  readonly settings: SettingsRecord;
  readonly client: PanelClient;
}

export function Appearance({ settings: kept, client }: AppearanceProps) {
  const name = useId();
  const { settings, save, error } = useSettings(kept, client);
  return (
    <>
      <fieldset className="choice">
        <legend>Colours</legend>
        {THEMES.map((theme) => (
          <label key={theme.id}>
            <input
              type="radio"
              name={name}
              checked={settings.theme === theme.id}
              onChange={() => save({ theme: theme.id })}
            />
            {theme.name}
          </label>
        ))}
      </fieldset>
      <label className="check">
        <input
          type="checkbox"
          checked={settings.enterSends}
          onChange={(event) => save({ enterSends: event.target.checked })}
        />
        Enter sends a message (Shift+Enter begins a new line)
      </label>
      <Complaint text={error} />
    </>
  );
}
