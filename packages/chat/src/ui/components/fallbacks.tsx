import type { ModelChoice, SettingsRecord } from '../../contract/index.ts';
import { usePanel, usePanelState } from '../panel-context.ts';
import { strings } from '../strings.ts';
import { FallbackList } from './fallback-list.tsx';

const NONE: readonly ModelChoice[] = [];

/** Models to ask when the chosen one fails: the list for all conversations, or one that this conversation has for itself. */
export function Fallbacks() {
  const panel = usePanel();
  const models = usePanelState((state) => state.models.list);
  const own = usePanelState((state) => state.thread.record.fallbacks);
  const settings = usePanelState((state) => state.host?.settings);
  const general = settings?.fallbacks ?? NONE;
  const words = strings.fallbacks;
  return (
    <>
      <p className="quiet small">{words.text}</p>
      <FallbackList
        models={models}
        list={own ?? general}
        onChange={(fallbacks) =>
          void (own ? panel.models.configure({ fallbacks }) : panel.models.saveSettings({ fallbacks }))
        }
      />
      <label className="check">
        <input
          type="checkbox"
          checked={own !== undefined}
          onChange={(event) => void panel.models.configure({ fallbacks: event.target.checked ? general : null })}
        />
        {words.own}
      </label>
      <FallbackRules settings={settings} onChange={(change) => void panel.models.saveSettings(change)} />
    </>
  );
}

/** What a fallback may do, in every conversation. */
export function FallbackRules(props: {
  readonly settings: Pick<SettingsRecord, 'allowDearer' | 'otherRoutes'> | undefined;
  readonly onChange: (change: Pick<SettingsRecord, 'allowDearer' | 'otherRoutes'>) => void;
}) {
  const { settings, onChange } = props;
  return (
    <>
      <label className="check">
        <input
          type="checkbox"
          checked={settings?.allowDearer === true}
          onChange={(event) => onChange({ allowDearer: event.target.checked })}
        />
        {strings.fallbacks.dearer}
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={settings?.otherRoutes === true}
          onChange={(event) => onChange({ otherRoutes: event.target.checked })}
        />
        {strings.fallbacks.routes}
      </label>
    </>
  );
}
