import type { PanelClient, SettingsRecord } from '@patchbay/chat/contract';
import { useEffect, useState } from 'react';
import { useAction } from './use-action.ts';

export interface EditedSettings {
  readonly settings: SettingsRecord;
  readonly save: (change: Partial<SettingsRecord>) => void;
  readonly error: string | undefined;
}

/**
 * Settings that a page edits: a click shows at once, is taken back where it cannot be saved, and gives way to what the
 * background says of them.
 */
export function useSettings(kept: SettingsRecord, client: PanelClient): EditedSettings {
  const action = useAction();
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
  return { settings, save, error: action.error };
}
