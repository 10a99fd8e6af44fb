import type { PanelClient, SettingsRecord } from '@patchbay/chat/contract';
import { useEffect, useId, useState } from 'react';
import { useAction } from './use-action.ts';

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
  const action = useAction();
  // A click shows at once; what the background then says of the settings stands above it.
  const [settings, setSettings] = useState(kept);
  useEffect(() => setSettings(kept), [kept]);
  const save = (change: Partial<SettingsRecord>) => {
    const changed = { ...settings, ...change };
    setSettings(changed);
    void action
      .run(async () => {
        await client.request('settings.save', { settings: changed });
      })
      .then((worked) => worked || setSettings(kept));
  };
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
      {action.error ? (
        <p className="error" role="alert">
          {action.error}
        </p>
      ) : null}
    </>
  );
}
