import type { ModelChoice, ModelView } from '@patchbay/chat/contract';
import * as vscode from 'vscode';
import { contextText, priceText } from '../common/native/models.ts';
import type { Services } from './services.ts';

type Item = vscode.QuickPickItem & { readonly view?: ModelView };

/** Lets the user pick a model: searched by name, id, provider and key, with price and context. */
export async function pickModel(services: Services, title: string): Promise<ModelView | undefined> {
  const items = async (): Promise<Item[]> => {
    const [models, settings] = [await services.models(), services.state()?.settings];
    const isPinned = ({ choice }: ModelView) =>
      settings?.pinned.includes(`${choice.provider}/${choice.model}`) ?? false;
    return [...models.filter(isPinned), ...models.filter((view) => !isPinned(view))].map((view) => ({
      label: `${isPinned(view) ? '$(pinned) ' : ''}${view.name}`,
      description: [priceText(view), contextText(view)].filter(Boolean).join(' · '),
      detail: [view.choice.model, view.providerName, view.keyLabel, view.note].filter(Boolean).join(' · '),
      view,
    }));
  };
  const picked = await vscode.window.showQuickPick(items(), {
    title,
    placeHolder: vscode.l10n.t('Search by model, provider or key'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.view;
}

/** The model that is in use, else one that the user picks now; a pick becomes the default. */
export async function defaultModel(services: Services): Promise<ModelChoice | undefined> {
  const chosen = (await settingsOf(services)).choice;
  const models = await services.models();
  if (chosen && models.some(({ choice }) => sameChoice(choice, chosen))) return chosen;
  const picked = await pickModel(services, vscode.l10n.t('Which model is to answer?'));
  if (picked) await setDefaultModel(services, picked.choice);
  return picked?.choice;
}

/** What the composer and the commands use from now on. */
export async function setDefaultModel(services: Services, choice: ModelChoice): Promise<void> {
  const settings = await settingsOf(services);
  await services.client.request('settings.save', { settings: { ...settings, choice } });
}

/** How a model is called where its choice is all that is known. */
export async function nameOf(services: Services, choice: ModelChoice): Promise<string> {
  const view = (await services.models()).find((one) => sameChoice(one.choice, choice));
  return view?.name ?? choice.model;
}

function sameChoice(a: ModelChoice, b: ModelChoice): boolean {
  return a.provider === b.provider && a.model === b.model && a.keyId === b.keyId;
}

async function settingsOf(services: Services) {
  const state = services.state() ?? (await services.client.ready);
  return state.settings;
}
