import { identityOf } from '../catalog/identity.ts';
import type { Catalog } from '../catalog/model.ts';
import type { ModelChoice } from '../chat/request.ts';
import type { Key } from '../keys/key.ts';

/**
 * The other ways to the same model: the user's other keys of its provider, then whoever else serves it, in the keys' order.
 * @param keys all of the user's
 */
export async function otherRoutes(
  choice: ModelChoice,
  keys: readonly Key[],
  catalog: Pick<Catalog, 'find' | 'list'>,
): Promise<readonly ModelChoice[]> {
  const own = keys.find(({ id }) => id === choice.keyId);
  const here = keys.filter(
    ({ id, provider, baseUrl }) =>
      provider === choice.provider && id !== choice.keyId && (own === undefined || own.baseUrl === baseUrl),
  );
  const routes = here.map(({ id }): ModelChoice => ({ ...choice, keyId: id }));
  const names = namesOf(choice.provider, [
    choice.model,
    ...((await catalog.find(choice.provider, choice.model, choice.keyId))?.aliases ?? []),
  ]);
  if (names.size === 0) return routes;
  for (const { id: keyId, provider } of keys) {
    if (provider === choice.provider) continue;
    const served = (await catalog.list(provider, keyId)).find(({ id, aliases = [] }) =>
      [...namesOf(provider, [id, ...aliases])].some((name) => names.has(name)),
    );
    if (served) routes.push({ provider, model: served.id, keyId });
  }
  return routes;
}

function namesOf(provider: string, ids: readonly string[]): ReadonlySet<string> {
  return new Set(ids.map((id) => identityOf(provider, id)).filter((name) => name !== undefined));
}
