import { findModel, modelName, shortName } from '../../contract/index.ts';
import { Icon } from '../controls/icons.tsx';
import { usePanel, usePanelState } from '../panel-context.ts';
import { choiceProblem, GUIDE, keyOf, modelFacts } from '../state/choices.ts';
import { nextChoice } from '../state/runs.ts';
import { strings } from '../strings.ts';

/** Who answers the next message, and whether that holds for it alone. */
export function ModelChip() {
  const panel = usePanel();
  const choice = usePanelState(nextChoice);
  const once = usePanelState((state) => state.composer.override !== undefined);
  const models = usePanelState((state) => state.models.list);
  const key = usePanelState((state) => keyOf(state.host, nextChoice(state)));
  const problem = usePanelState((state) => choiceProblem(nextChoice(state), state.host));
  const name = choice ? modelName(models, choice) : strings.composer.pickModel;
  const model = findModel(models, choice);
  const missing = problem === 'key-missing';
  const hint = [
    name,
    choice?.provider === GUIDE && strings.message.notAi,
    model && modelFacts(model),
    key && `${key.label} ····${key.lastFour}`,
    missing && strings.composer.keyMissing,
  ].filter(Boolean);
  return (
    <span className="model-chip" data-once={once || undefined} data-problem={missing || undefined}>
      <button
        type="button"
        className="model-chip-button"
        aria-haspopup="dialog"
        aria-label={once ? strings.composer.modelOnce(name) : strings.composer.model(name)}
        title={hint.join('\n')}
        onClick={() => panel.openSheet({ kind: 'picker' })}
      >
        <span className="model-chip-name" dir="auto">
          {shortName(name)}
        </span>
        <Icon name="down" />
      </button>
    </span>
  );
}
