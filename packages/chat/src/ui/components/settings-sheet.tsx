import { type ReactNode, useId } from 'react';
import { type ChatParameters, findModel, LIMITS, modelName } from '../../contract/index.ts';
import { Button } from '../controls/buttons.tsx';
import { Sheet } from '../controls/sheet.tsx';
import { whole } from '../format/numbers.ts';
import { usePanel, usePanelState } from '../panel-context.ts';
import { nextChoice } from '../state/runs.ts';
import { strings } from '../strings.ts';
import { Fallbacks } from './fallbacks.tsx';
import { NumberField } from './number-field.tsx';

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'max'] as const;

/** What this conversation asks for. Everything left empty is the provider's default, and is not sent at all. */
export function SettingsSheet() {
  const panel = usePanel();
  const record = usePanelState((state) => state.thread.record);
  const settings = usePanelState((state) => state.host?.settings);
  const models = usePanelState((state) => state.models.list);
  const choice = usePanelState(nextChoice);
  const model = findModel(models, choice);
  const { parameters } = record;
  const words = strings.settings;
  const set = (change: { [K in keyof ChatParameters]: ChatParameters[K] | undefined }) => {
    const next = { ...parameters, ...change };
    void panel.models.configure({
      parameters: Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)),
    });
  };
  const own = Boolean(record.system) || Object.keys(parameters).length > 0;
  return (
    <Sheet title={words.title} onClose={() => panel.openSheet(undefined)}>
      <div className="fields">
        <Field label={words.system} hint={words.systemHint}>
          {(id) => (
            <textarea
              id={id}
              rows={4}
              dir="auto"
              data-autofocus=""
              maxLength={LIMITS.system}
              defaultValue={record.system ?? ''}
              placeholder={words.systemPlaceholder}
              onBlur={(event) => {
                const system = event.target.value.trim();
                if (system !== (record.system ?? '')) void panel.models.configure({ system });
              }}
            />
          )}
        </Field>
        <div className="fields-row">
          <NumberField
            label={words.max}
            hint={
              model?.maxOutputTokens === undefined
                ? words.maxHint
                : words.maxHintKnown(whole(model.maxOutputTokens), choice ? modelName(models, choice) : '')
            }
            value={parameters.maxOutputTokens}
            least={1}
            most={model?.maxOutputTokens ?? 10_000_000}
            step={1}
            placeholder={words.default}
            onChange={(maxOutputTokens) => set({ maxOutputTokens })}
          />
          <NumberField
            label={words.temperature}
            hint={words.temperatureHint}
            value={parameters.temperature}
            least={0}
            most={2}
            step={0.1}
            placeholder={words.default}
            onChange={(temperature) => set({ temperature })}
          />
        </div>
        <Field label={words.effort} hint={model?.reasoning === false ? words.effortNone : words.effortHint}>
          {(id) => (
            <select
              id={id}
              value={parameters.reasoningEffort ?? ''}
              onChange={(event) => set({ reasoningEffort: EFFORTS.find((effort) => effort === event.target.value) })}
            >
              <option value="">{words.default}</option>
              {EFFORTS.map((effort) => (
                <option key={effort} value={effort}>
                  {words.efforts[effort]}
                </option>
              ))}
            </select>
          )}
        </Field>
        {own && (
          <Button icon="retry" onClick={() => void panel.models.configure({ system: '', parameters: {} })}>
            {words.reset}
          </Button>
        )}
      </div>
      <h3 className="sheet-section">{strings.fallbacks.title}</h3>
      <div className="fields">
        <Fallbacks />
      </div>
      <h3 className="sheet-section">{words.panel}</h3>
      <div className="fields">
        <label className="check">
          <input
            type="checkbox"
            checked={settings?.enterSends ?? true}
            onChange={(event) => void panel.models.saveSettings({ enterSends: event.target.checked })}
          />
          {words.enterSends}
        </label>
      </div>
    </Sheet>
  );
}

function Field(props: {
  readonly label: string;
  readonly hint?: string;
  readonly children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      {props.children(id)}
      {props.hint && <p className="quiet small">{props.hint}</p>}
    </div>
  );
}
