import { useId } from 'react';
import { LIMITS, type ModelChoice, type ModelView, modelName, sameChoice } from '../../contract/index.ts';
import { IconButton } from '../controls/buttons.tsx';
import { GUIDE, modelFacts, rowKey } from '../state/choices.ts';
import { strings } from '../strings.ts';

/** Models in the order in which they are asked when the one before fails. */
export function FallbackList(props: {
  readonly models: readonly ModelView[];
  readonly list: readonly ModelChoice[];
  readonly onChange: (list: readonly ModelChoice[]) => void;
}) {
  const { models, list, onChange } = props;
  const adder = useId();
  const words = strings.fallbacks;
  // The guide is no model, and would answer a question about Patchbay that nobody asked.
  const others = models.filter(
    ({ choice }) => choice.provider !== GUIDE && !list.some((listed) => sameChoice(listed, choice)),
  );
  return (
    <>
      {list.length > 0 && (
        <ol className="fallbacks">
          {list.map((choice, index) => (
            <li key={rowKey(choice)}>
              <bdi>{modelName(models, choice)}</bdi>
              {index > 0 && (
                <IconButton
                  icon="up"
                  label={words.up(modelName(models, choice))}
                  onClick={() => onChange(moved(list, index, index - 1))}
                />
              )}
              <IconButton
                icon="close"
                label={words.remove(modelName(models, choice))}
                onClick={() => onChange(list.filter((one) => one !== choice))}
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
              if (picked) onChange([...list, picked.choice]);
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
    </>
  );
}

function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const next = [...list];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}
