import type { ModelChoice, ModelView } from '@patchbay/chat/contract';
import * as vscode from 'vscode';
import { withoutIcons } from '../common/inert.ts';
import { contextText, priceText } from '../common/native/models.ts';
import type { Services } from './services.ts';
import { tell } from './tell.ts';

type Item = vscode.QuickPickItem & { readonly view?: ModelView };

/**
 * Lets the user pick a model: searched by name, id, provider and key, with price and context. Where there is none, says
 * what to do.
 */
export async function pickModel(services: Services, title: string): Promise<ModelView | undefined> {
  if (!(await services.models()).some(isModel)) return void (await offerKeys());
  const items = async (): Promise<Item[]> => {
    const [models, settings] = [(await services.models()).filter(isModel), services.state()?.settings];
    const isPinned = ({ choice }: ModelView) =>
      settings?.pinned.includes(`${choice.provider}/${choice.model}`) ?? false;
    return [...models.filter(isPinned), ...models.filter((view) => !isPinned(view))].map((view) => ({
      label: `${isPinned(view) ? '$(pinned) ' : ''}${withoutIcons(view.name)}`,
      description: [priceText(view), contextText(view)].filter(Boolean).join(' · '),
      detail: withoutIcons(
        [view.choice.model, view.providerName, view.keyLabel, view.note].filter(Boolean).join(' · '),
      ),
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

/** The built-in guide knows Patchbay, and no code. */
function isModel({ choice }: ModelView): boolean {
  return choice.provider !== 'guide';
}

/** Without a key there is no model. */
async function offerKeys(): Promise<void> {
  const add = vscode.l10n.t('Add a Key…');
  const connect = vscode.l10n.t('Connect OpenRouter…');
  const answer = await tell.info(
    vscode.l10n.t('There is no model yet that could answer: add a key first.'),
    add,
    connect,
  );
  if (answer === add) await vscode.commands.executeCommand('patchbay.addKey');
  if (answer === connect) await vscode.commands.executeCommand('patchbay.connectOpenRouter');
}

/** The model that is in use, else one that the user picks now; a pick becomes the default. */
export async function defaultModel(services: Services): Promise<ModelChoice | undefined> {
  const chosen = (await settingsOf(services)).choice;
  const models = (await services.models()).filter(isModel);
  if (chosen && models.some(({ choice }) => sameChoice(choice, chosen))) return chosen;
  const picked = await pickModel(services, vscode.l10n.t('Which model is to answer?'));
  if (picked) await setDefaultModel(services, picked.choice);
  return picked?.choice;
}

/** What the composer and the commands use from now on. */
export async function setDefaultModel(services: Services, choice: ModelChoice): Promise<void> {
  // As they are stored: another window may have changed them.
  const settings = (await services.stores.conversations.settings()) ?? (await settingsOf(services));
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
