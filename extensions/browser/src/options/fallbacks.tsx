import type { ModelView, PanelClient, SettingsRecord } from '@patchbay/chat/contract';
import { FallbackList, FallbackRules } from '@patchbay/chat/ui';
import { useEffect, useState } from 'react';
import { useAction } from './use-action.ts';

interface FallbacksProps {
  readonly settings: SettingsRecord;
  readonly client: PanelClient;
  /** Ids: with other keys other models can be reached. */
  readonly keys: string;
}

/** Whom to ask when the chosen model fails, in every conversation that has no list of its own. */
export function Fallbacks({ settings: kept, client, keys }: FallbacksProps) {
  const action = useAction();
  const [models, setModels] = useState<readonly ModelView[]>([]);
  // A click shows at once; what the background then says of the settings stands above it.
  const [settings, setSettings] = useState(kept);
  useEffect(() => setSettings(kept), [kept]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other keys reach other models
  useEffect(() => {
    client.request('models.list', {}).then(
      (answer) => setModels(answer.models),
      () => undefined,
    );
  }, [client, keys]);
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
      <p className="hint">
        These are asked in this order when the chosen model fails before its answer begins. Each switch is shown with
        the answer, and caps hold for each. A conversation can have a list of its own, in its settings.
      </p>
      <FallbackList models={models} list={settings.fallbacks ?? []} onChange={(fallbacks) => save({ fallbacks })} />
      <FallbackRules settings={settings} onChange={save} />
      {action.error ? (
        <p className="error" role="alert">
          {action.error}
        </p>
      ) : null}
    </>
  );
}
