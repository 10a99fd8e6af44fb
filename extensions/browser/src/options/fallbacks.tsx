import type { ModelView, PanelClient, SettingsRecord } from '@patchbay/chat/contract';
import { FallbackList, FallbackRules } from '@patchbay/chat/ui';
import { useEffect, useState } from 'react';
import { Complaint } from './complaint.tsx';
import { useSettings } from './use-settings.ts';
import './fallbacks.css';

interface FallbacksProps {
  readonly settings: SettingsRecord;
  readonly client: PanelClient;
  /** Ids: with other keys other models can be reached. */
  readonly keys: string;
}

/** Whom to ask when the chosen model fails, in every conversation that has no list of its own. */
export function Fallbacks({ settings: kept, client, keys }: FallbacksProps) {
  const { settings, save, error } = useSettings(kept, client);
  const [models, setModels] = useState<readonly ModelView[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other keys reach other models
  useEffect(() => {
    client.request('models.list', {}).then(
      (answer) => setModels(answer.models),
      () => undefined,
    );
  }, [client, keys]);
  return (
    <>
      <p className="hint">
        These are asked in this order when the chosen model fails before its answer begins. Each switch is shown with
        the answer, and caps hold for each. A conversation can have a list of its own, in its settings.
      </p>
      <FallbackList models={models} list={settings.fallbacks ?? []} onChange={(fallbacks) => save({ fallbacks })} />
      <FallbackRules settings={settings} onChange={save} />
      <Complaint text={error} />
    </>
  );
}
