import { useId } from 'react';
import { LIMITS, type ModelChoice } from '../../contract/index.ts';
import { Button, IconButton } from '../controls/buttons.tsx';
import { usePanel, usePanelState } from '../panel-context.ts';
import { GUIDE, modelFacts, modelName, rowKey, sameChoice } from '../state/choices.ts';
import { strings } from '../strings.ts';

const NONE: readonly ModelChoice[] = [];

/** Models to ask when the chosen one fails: this conversation's own list, or the one for all conversations. */
export function Fallbacks() {
  const panel = usePanel();
  const models = usePanelState((state) => state.models.list);
  const own = usePanelState((state) => state.thread.record.fallbacks);
  const general = usePanelState((state) => state.host?.settings.fallbacks ?? NONE);
  const dearer = usePanelState((state) => state.host?.settings.allowDearer === true);
  const adder = useId();
  const words = strings.fallbacks;
  const list = own ?? general;
  const set = (fallbacks: readonly ModelChoice[]) => void panel.models.configure({ fallbacks });
  // The guide is no model, and would answer a question about Patchbay that nobody asked.
  const others = models.filter(
    ({ choice }) => choice.provider !== GUIDE && !list.some((listed) => sameChoice(listed, choice)),
  );
  return (
    <>
      <p className="quiet small">{words.text}</p>
      {list.length > 0 && (
        <ol className="fallbacks">
          {list.map((choice, index) => (
            <li key={rowKey(choice)}>
              <bdi>{modelName(models, choice)}</bdi>
              {index > 0 && (
                <IconButton
                  icon="up"
                  label={words.up(modelName(models, choice))}
                  onClick={() => set(moved(list, index, index - 1))}
                />
              )}
              <IconButton
                icon="close"
                label={words.remove(modelName(models, choice))}
                onClick={() => set(list.filter((one) => one !== choice))}
              />
            </li>
          ))}
        </ol>
      )}
      {list.length < LIMITS.fallbacks && (
        <div className="field">
          <label className="sr-only" htmlFor={adder}>
            {words.add}
          </label>
          <select
            id={adder}
            value=""
            onChange={(event) => {
              const picked = others.find(({ choice }) => rowKey(choice) === event.target.value);
              if (picked) set([...list, picked.choice]);
            }}
          >
            <option value="">{words.add}</option>
            {others.map((model) => (
              <option key={rowKey(model.choice)} value={rowKey(model.choice)}>
                {`${model.name} · ${model.providerName} · ${modelFacts(model)}`}
              </option>
            ))}
          </select>
        </div>
      )}
      {own && (
        <div className="fallbacks-scope">
          <Button
            onClick={() => {
              void panel.models.saveSettings({ fallbacks: own });
              void panel.models.configure({ fallbacks: null });
            }}
          >
            {words.forAll}
          </Button>
          <Button onClick={() => void panel.models.configure({ fallbacks: null })}>{words.asAll}</Button>
        </div>
      )}
      <label className="check">
        <input
          type="checkbox"
          checked={dearer}
          onChange={(event) => void panel.models.saveSettings({ allowDearer: event.target.checked })}
        />
        {words.dearer}
      </label>
    </>
  );
}

function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const next = [...list];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}
