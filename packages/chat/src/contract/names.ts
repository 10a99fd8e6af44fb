import type { MessageRecord, ModelChoice } from '@patchbay/core';
import type { ModelView } from './views.ts';

/** What models are called wherever an answer says who wrote it. */

export const sameChoice = (a: ModelChoice | undefined, b: ModelChoice | undefined): boolean =>
  a?.provider === b?.provider && a?.model === b?.model && a?.keyId === b?.keyId;

export const findModel = (models: readonly ModelView[], choice: ModelChoice | undefined): ModelView | undefined =>
  choice && models.find((model) => sameChoice(model.choice, choice));

/** A model's name; without a list to look it up in, the last part of its id. */
export function modelName(models: readonly ModelView[], choice: { provider: string; model: string }): string {
  const known = models.find(
    (model) => model.choice.provider === choice.provider && model.choice.model === choice.model,
  );
  return known?.name ?? choice.model.slice(choice.model.lastIndexOf('/') + 1);
}

/** A name for where there is little room: routers put the vendor before it (`Anthropic: Claude Sonnet 4.5`). */
export const shortName = (name: string): string => /^[^:]{1,24}: (?=\S)(.+)$/.exec(name)?.[1] ?? name;

/** Whether two names are one model's: routers put the maker's name before it, and write 4.5 where an id says 4-5. */
export function sameModel(one: string, other: string): boolean {
  const bare = (name: string) => shortName(name).toLowerCase().replaceAll('.', '-');
  return bare(one) === bare(other);
}

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
      ? `${shortName(name)} over “${view.keyLabel}”`
      : `${shortName(name)} at ${provider}`;
  });
}

/** Whoever wrote something, or was asked to. */
type Writer = { readonly [K in 'asked' | 'fallback' | 'answeredBy']?: MessageRecord[K] | undefined };

/** What to call whoever had a part in it, by whom or what they were asked as. */
export function writerNames(
  models: readonly ModelView[],
  message: Pick<MessageRecord, 'hops' | 'earlier' | 'asked' | 'fallback' | 'answeredBy'>,
): (writer: Writer) => string {
  const taken = ({ asked, fallback }: Writer): ModelChoice | undefined => fallback ?? asked;
  const writers: readonly Writer[] = [
    ...(message.earlier ?? []),
    ...(message.hops ?? []).map(({ attempt }) => ({ asked: attempt })),
    message,
  ];
  const choices = writers.flatMap((writer) => taken(writer) ?? []);
  const names = wayNames(models, choices);
  return (writer) => {
    const choice = taken(writer);
    const way = names[choices.findIndex((one) => sameChoice(one, choice))];
    // Where it need not be told apart, the name that the answer itself goes by.
    return choice && way !== undefined && way !== modelName(models, choice) ? way : authorOf(models, writer).name;
  };
}

/** Who wrote an answer, and who was asked where that is somebody else. */
export function authorOf(
  models: readonly ModelView[],
  message: Writer,
): { readonly name: string; readonly askedName?: string } {
  const { asked, fallback, answeredBy } = message;
  if (fallback && asked) {
    const [taken, wanted] = [modelName(models, fallback), modelName(models, asked)];
    return { name: taken, ...(!sameModel(taken, wanted) && { askedName: wanted }) };
  }
  const name = answeredBy ?? asked;
  if (name === undefined) return { name: 'Assistant' };
  const known = modelName(models, name);
  // A router's alias (`model:free`, a dated version) is the same model to the reader.
  if (asked === undefined || answeredBy === undefined || isVersionOf(answeredBy.model, asked.model)) {
    return { name: asked ? modelName(models, asked) : known };
  }
  return { name: known, askedName: modelName(models, asked) };
}

/** `gpt-5-2026-01-01` answers for `gpt-5`, `x/model` for `x/model:free` and for `model`. */
export function isVersionOf(answered: string, asked: string): boolean {
  const bare = (id: string) =>
    id
      .slice(id.lastIndexOf('/') + 1)
      .replace(/:[a-z]+$/, '')
      .toLowerCase();
  const a = bare(answered);
  const b = bare(asked);
  return a === b || /^[-@.]?(?:v?\d[\d.-]*|latest|preview)+$/.test(a.startsWith(b) ? a.slice(b.length) : 'x');
}
