import type { HostState, KeyView } from '@patchbay/chat/contract';
import {
  type Cap,
  type CapWindow,
  checkKey,
  formatUsd,
  lastFourOf,
  nanoUsdDown,
  normalizeBaseUrl,
  type Provider,
  parseUsd,
  providerOf,
  providers,
  recognizeKey,
  resolveProvider,
} from '@patchbay/core';
import * as vscode from 'vscode';
import { withoutIcons } from '../common/inert.ts';
import { shownUsd } from '../common/money.ts';
import type { Services } from './services.ts';
import { tell } from './tell.ts';

const { l10n } = vscode;

const WINDOWS: readonly { readonly window: CapWindow; readonly label: string }[] = [
  { window: 'day', label: l10n.t('per day') },
  { window: 'week', label: l10n.t('per week') },
  { window: 'month', label: l10n.t('per month') },
  { window: 'total', label: l10n.t('in total') },
];

/** Where a secret is going to be sent. */
interface Target {
  readonly provider: Provider;
  readonly baseUrl: string;
  readonly secret: string;
}

/** Adds a key: pasted, recognised by its shape or told by the user, checked by a free call, and given a cap. */
export async function addKey(services: Services): Promise<void> {
  const pasted = await vscode.window.showInputBox({
    title: l10n.t('Add a key'),
    prompt: l10n.t('Paste a key of any provider. Leave it empty for a server that needs none.'),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => {
      const read = text.trim() === '' ? undefined : recognizeKey(text);
      if (read?.kind === 'malformed') return read.message;
      return read?.kind === 'unsupported' && !read.custom ? read.message : undefined;
    },
  });
  if (pasted === undefined) return;
  const target = await targetOf(pasted);
  if (!target) return;
  if (!(await checked(target))) return;
  await saveKey(services, target.provider, target.baseUrl, target.secret);
}

/** Stores a key and offers a cap; the message says where the key goes. */
export async function saveKey(services: Services, provider: Provider, baseUrl: string, secret: string): Promise<void> {
  const end = lastFourOf(secret);
  const label = end === '' ? `${provider.name} (${new URL(baseUrl).host})` : `${provider.name} …${end}`;
  const key = await services.vault.add({ label, provider: provider.id, baseUrl, secret });
  services.keysChanged();
  const setCap = l10n.t('Set a Cap…');
  const answer = await tell.info(
    l10n.t('“{0}” is stored in the system’s keyring. It is sent to {1} and nowhere else.', key.label, key.origin),
    setCap,
  );
  if (answer === setCap) await setCaps(services, key.id);
}

async function targetOf(pasted: string): Promise<Target | undefined> {
  const read = pasted.trim() === '' ? undefined : recognizeKey(pasted);
  if (read?.kind === 'malformed') return undefined;
  const secret = read?.secret ?? '';
  if (read?.kind === 'recognized') {
    const provider = providerOf(read.provider);
    if (!provider) return undefined;
    const own = { label: l10n.t('Send it to {0}', new URL(provider.baseUrl).origin), other: false };
    const other = { label: l10n.t('Send it to another address…'), other: true };
    const where = await vscode.window.showQuickPick([own, other], {
      title: l10n.t('This is a key of {0}', provider.name),
      placeHolder: read.hint ?? l10n.t('It is stored in the system’s keyring and sent to this address alone.'),
      ignoreFocusOut: true,
    });
    if (!where) return undefined;
    return where.other
      ? addressed(provider, secret, provider.baseUrl)
      : { provider, baseUrl: provider.baseUrl, secret };
  }
  const custom = read?.kind === 'unsupported' ? read.custom : undefined;
  const candidates = providers.filter((one) => {
    if (one.auth === 'none') return false;
    if (read?.kind === 'ambiguous') return read.providers.includes(one.id);
    return custom ? one.baseUrl === '' : one.keyOptional === true;
  });
  const picked = await vscode.window.showQuickPick(
    candidates.map((provider) => ({ label: provider.name, description: provider.baseUrl, provider })),
    {
      title: l10n.t('Whose key is this?'),
      placeHolder: l10n.t('It is not tried on any of them.'),
      ignoreFocusOut: true,
    },
  );
  if (!picked) return undefined;
  const { provider } = picked;
  if (provider.baseUrl !== '' && !provider.keyOptional) return { provider, baseUrl: provider.baseUrl, secret };
  return addressed(provider, secret, custom?.baseUrl ?? provider.baseUrl);
}

async function addressed(provider: Provider, secret: string, value: string): Promise<Target | undefined> {
  const address = await vscode.window.showInputBox({
    title: l10n.t('The server’s address'),
    prompt: l10n.t('The key is sent to this address and nowhere else.'),
    value,
    placeHolder: 'https://host/v1',
    ignoreFocusOut: true,
    validateInput: (text) => {
      const check = normalizeBaseUrl(text);
      return check.ok ? undefined : check.message;
    },
  });
  const check = address === undefined ? undefined : normalizeBaseUrl(address);
  return check?.ok ? { provider, baseUrl: check.baseUrl, secret } : undefined;
}

/** Whether it is to be stored: it works, nobody can tell, or the user wants it all the same. */
async function checked({ provider, baseUrl, secret }: Target): Promise<boolean> {
  const check = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: l10n.t('Checking the key with {0} …', provider.name) },
    () =>
      checkKey({
        provider: resolveProvider({ provider: provider.id, baseUrl }),
        secret,
        fetch: (input, init) => globalThis.fetch(input, init),
      }),
  );
  if (check.verdict === 'works' || check.verdict === 'unchecked') return true;
  const anyway = l10n.t('Store It Anyway');
  return (await tell.warn(check.message, anyway)) === anyway;
}

/** What can be done with the keys that are there. */
export async function manageKeys(services: Services, keyId?: string): Promise<void> {
  const state = services.state() ?? (await services.client.ready);
  if (state.vault.locked) return void tell.error(state.ledger.message ?? '');
  if (state.ledger.state === 'missing') {
    const confirm = l10n.t('Start a New Record');
    const answer = await tell.ask(state.ledger.message ?? '', undefined, confirm);
    if (answer === confirm) await services.client.request('ledger.confirm', {});
    return;
  }
  const known = state.keys.find((key) => key.id === keyId);
  if (known) return manageKey(services, known);
  const add = { label: l10n.t('$(add) Add a key…'), key: undefined, command: 'patchbay.addKey' };
  const connect = {
    label: l10n.t('$(link-external) Connect OpenRouter…'),
    key: undefined,
    command: 'patchbay.connectOpenRouter',
  };
  const { ahead } = state.ledger;
  const clock = { label: l10n.t('$(warning) No cap begins anew: the clock…'), key: undefined, command: '' };
  const picked = await vscode.window.showQuickPick(
    [
      ...(ahead ? [clock] : []),
      ...state.keys.map((key) => ({ ...describeKey(key), key, command: '' })),
      ...[add, connect],
    ],
    { title: l10n.t('Keys and caps') },
  );
  if (picked?.key) return manageKey(services, picked.key);
  if (picked === clock && ahead) return setTimeBack(services, ahead);
  if (picked) await vscode.commands.executeCommand(picked.command);
}

/** Says why no cap begins anew, and sets the ledger's time back if the user says that the clock is right. */
async function setTimeBack(
  { client }: Services,
  { message, details, remedy }: NonNullable<HostState['ledger']['ahead']>,
): Promise<void> {
  const confirm = l10n.t('The Clock Is Right: Set It Back');
  const detail = remedy === undefined ? details : `${details}\n\n${remedy}`;
  const options = remedy === undefined ? [] : [confirm];
  const answer = await tell.ask(message, detail, ...options);
  if (answer === confirm) await client.request('ledger.setTimeBack', {});
}

function describeKey(key: KeyView): { label: string; description: string; detail: string } {
  const caps = key.caps.map(({ limitUsd, window, leftUsd }) =>
    l10n.t('{0} of {1} left {2}', shownUsd(leftUsd), shownUsd(limitUsd), labelOf(window)),
  );
  return {
    label: `${key.locked ? '$(warning)' : '$(key)'} ${withoutIcons(key.label)}`,
    description: [key.providerName, key.lastFour && `…${key.lastFour}`].filter(Boolean).join(' '),
    detail: [
      ...(key.unknown
        ? [l10n.t('spend and caps cannot be read')]
        : [l10n.t('{0} today', shownUsd(key.todayUsd)), ...(caps.length > 0 ? caps : [l10n.t('no cap')])]),
      key.origin,
    ].join(' · '),
  };
}

async function manageKey(services: Services, key: KeyView): Promise<void> {
  const actions = [
    ...(key.locked ? [{ label: l10n.t('$(unlock) Agree to the overrun and go on'), id: 'consent' }] : []),
    { label: l10n.t('$(credit-card) Set caps…'), id: 'caps' },
    { label: l10n.t('$(edit) Rename…'), id: 'rename' },
    { label: l10n.t('$(trash) Delete…'), id: 'delete' },
  ];
  const picked = await vscode.window.showQuickPick(actions, { title: key.label });
  switch (picked?.id) {
    case 'consent':
      await services.client.request('keys.acknowledgeOverrun', { keyId: key.id });
      return;
    case 'caps':
      return setCaps(services, key.id);
    case 'rename': {
      const label = await vscode.window.showInputBox({ title: l10n.t('New name'), value: key.label });
      if (label?.trim()) await services.vault.rename(key.id, label);
      services.keysChanged();
      return;
    }
    case 'delete': {
      const remove = l10n.t('Delete');
      const sure = await tell.ask(
        l10n.t('Delete “{0}”? What it has spent stays counted.', key.label),
        undefined,
        remove,
      );
      if (sure !== remove) return;
      await services.vault.remove(key.id);
      services.keysChanged();
    }
  }
}

/** Sets the caps of a key, one window at a time. */
export async function setCaps(services: Services, keyId: string): Promise<void> {
  for (;;) {
    const key = (await services.vault.list()).find((one) => one.id === keyId);
    if (!key) return;
    const limitOf = (window: CapWindow) => key.policy.caps.find((cap) => cap.window === window)?.limit;
    const picked = await vscode.window.showQuickPick(
      WINDOWS.map(({ window, label }) => {
        const limit = limitOf(window);
        return { label, description: limit === undefined ? l10n.t('no cap') : `$${formatUsd(limit)}`, window };
      }),
      {
        title: l10n.t('Most that “{0}” may spend', key.label),
        placeHolder: l10n.t('Nothing is sent that could cross a cap.'),
      },
    );
    if (!picked) return;
    const limit = limitOf(picked.window);
    const typed = await vscode.window.showInputBox({
      title: l10n.t('Cap {0}, in US dollars', picked.label),
      prompt: l10n.t('Empty: no cap.'),
      value: limit === undefined ? '' : formatUsd(limit),
      ignoreFocusOut: true,
      validateInput: capProblem,
    });
    if (typed === undefined) continue;
    // Read again: another window may have set a cap while the box was open.
    const now = (await services.vault.list()).find((one) => one.id === keyId);
    if (!now) return;
    const others = now.policy.caps.filter((cap) => cap.window !== picked.window);
    const amount = typed.trim() === '' ? undefined : nanoUsdDown(parseUsd(typed.trim()) ?? 0n);
    const caps: Cap[] = amount === undefined ? others : [...others, { window: picked.window, limit: amount }];
    await services.vault.setPolicy(keyId, { ...now.policy, caps });
    services.keysChanged();
  }
}

function capProblem(text: string): string | undefined {
  const amount = text.trim();
  if (amount === '') return undefined;
  const exact = /^(\d+\.?\d*|\.\d+)$/.test(amount) ? parseUsd(amount) : undefined;
  if (exact === undefined) return l10n.t('Write an amount in US dollars with a point, such as 5 or 0.50.');
  return nanoUsdDown(exact) === 0n
    ? l10n.t('A cap of nothing would refuse everything. Leave it empty for no cap.')
    : undefined;
}

function labelOf(window: CapWindow): string {
  return WINDOWS.find((one) => one.window === window)?.label ?? window;
}
