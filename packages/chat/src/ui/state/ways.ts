import type { ModelChoice, ModelView } from '../../contract/index.ts';
import { strings } from '../strings.ts';
import { findModel, modelName, sameChoice, sameModel, shortName } from './choices.ts';

/**
 * What to call each of several choices, told beside each other: a model by its name, and where two of them are ways to one
 * model, also by the provider, or where that is the same too, by the key over which it was asked.
 */
export function wayNames(models: readonly ModelView[], choices: readonly ModelChoice[]): readonly string[] {
  const named = choices.map((choice) => ({ choice, name: modelName(models, choice) }));
  return named.map(({ choice, name }) => {
    const others = named.filter((one) => sameModel(one.name, name) && !sameChoice(one.choice, choice));
    if (others.length === 0) return name;
    const view = findModel(models, choice);
    const provider = models.find((model) => model.choice.provider === choice.provider)?.providerName ?? choice.provider;
    return others.some((one) => one.choice.provider === choice.provider) && view
      ? strings.route.overKey(shortName(name), view.keyLabel)
      : strings.route.at(shortName(name), provider);
  });
}
