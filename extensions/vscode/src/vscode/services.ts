import {
  createPanelClient,
  type HostMessage,
  type HostPort,
  type HostState,
  type ModelView,
  type PanelClient,
  type PanelMessage,
  type Port,
} from '@patchbay/chat/contract';
import { createHost, createModelRefresh, createStoredModelLists, type Host, worstCaseFrom } from '@patchbay/chat/host';
import { createCatalog, createGateway, createSnapshot, type Gateway, type Snapshot, type Vault } from '@patchbay/core';
import * as vscode from 'vscode';
import { createSecretVault } from '../common/secret-vault.ts';
import { editsFolder, forgetEdits } from './edit/edit-files.ts';
import { createListFiles } from './list-files.ts';
import type { OpenStores, Stores } from './stores.ts';

/** A window that was closed leaves its reservations to the others, this long after its last sign of life. */
const LEASE_MS = 30_000;

/** All of Patchbay behind the editor: made at the first use in a window, and only once. */
export interface Services {
  readonly stores: Stores;
  readonly vault: Vault;
  readonly gateway: Gateway;
  readonly host: Host;
  /** The commands' own connection to the host: they do what a panel could do. */
  readonly client: PanelClient;
  readonly newId: () => string;
  /** The models that the keys reach; kept until keys or lists change. */
  models(): Promise<readonly ModelView[]>;
  /** Keys, caps, spend and settings, as of now. */
  state(): HostState | undefined;
  readonly onState: vscode.Event<HostState>;
  /** Something of the models changed. */
  readonly onModels: vscode.Event<void>;
  /** Keys were added, changed or deleted here. */
  keysChanged(): void;
  dispose(): void;
}

/** What opens the place for keys; given later, since it needs the services itself. */
export type OpenKeys = (options: { readonly keyId?: string; readonly reason?: 'add' | 'caps' | 'unlock' }) => void;

export function createServices(context: vscode.ExtensionContext, openStores: OpenStores, openKeys: OpenKeys): Services {
  const now = () => Date.now();
  const newId = () => crypto.randomUUID();
  const ownerId = newId();
  // The editor puts its proxy settings and certificates behind the global one, possibly after we were loaded.
  const request: typeof fetch = (input, init) => globalThis.fetch(input, init);

  const vault = createSecretVault(context.secrets, {
    raisePolicy: (account, atLeast) => stores.ledger.raisePolicy(account, atLeast),
    now,
    newId,
  });
  const stores = openStores(context.globalStorageUri.fsPath, { vault, now });
  const { ledger, conversations, blobs } = stores;
  const lists = createStoredModelLists(createListFiles(vscode.Uri.joinPath(context.globalStorageUri, 'models')));
  const catalog = createCatalog({ snapshot: () => readSnapshot(context.extensionUri), live: lists });
  const refresh = createModelRefresh({ vault, lists, fetch: request, now });
  const gateway = createGateway({
    wholeOnly: lists.wholeOnly,
    fetch: request,
    vault,
    ledger,
    catalog,
    blob: async (id) => (await blobs.get(id))?.bytes,
    worstCase: worstCaseFrom(conversations),
    owner: { id: ownerId, leaseMs: LEASE_MS },
    corrected: (correction) => host.corrected(correction),
    now,
    newId,
  });
  const host = createHost({
    gateway,
    conversations,
    blobs,
    vault,
    ledger,
    catalog,
    refreshModels: refresh.refresh,
    openKeys,
    deleteProductData: () => forgetEdits(editsFolder(context)),
    ownerId,
    now,
    newId,
  });

  const stateEmitter = new vscode.EventEmitter<HostState>();
  const modelsEmitter = new vscode.EventEmitter<void>();
  let state: HostState | undefined;
  let listed: Promise<readonly ModelView[]> | undefined;
  let keys = '';
  const client = createPanelClient(() => connect(host));
  const modelsChanged = () => {
    listed = undefined;
    modelsEmitter.fire();
  };
  client.subscribe((event) => {
    if (event.kind !== 'state') return;
    state = event.state;
    stateEmitter.fire(state);
    const known = JSON.stringify([state.keys.map(({ id, label }) => [id, label]), state.settings.pinned]);
    if (known !== keys) modelsChanged();
    keys = known;
  });
  const catchUp = () => {
    refresh.refreshStale().then(
      (changed) => {
        if (!changed) return;
        modelsChanged();
        host.changed();
      },
      () => undefined,
    );
  };
  catchUp();
  // Bills that an earlier window could not see to the end.
  gateway.repair().catch(() => 0);
  const secretsChanged = context.secrets.onDidChange(() => {
    host.changed();
    catchUp();
  });

  return {
    stores,
    vault,
    gateway,
    host,
    client,
    newId,
    models: () => {
      listed ??= client.request('models.list', {}).then(({ models }) => models);
      listed.catch(() => {
        listed = undefined;
      });
      return listed;
    },
    state: () => state,
    onState: stateEmitter.event,
    onModels: modelsEmitter.event,
    keysChanged: () => {
      host.changed();
      catchUp();
    },
    dispose: () => {
      secretsChanged.dispose();
      client.close();
      host.close();
      stateEmitter.dispose();
      modelsEmitter.dispose();
      stores.close();
    },
  };
}

/** A port within this process. Messages are copies and arrive in a later turn, as over any other port. */
function connect(host: Host): Port<HostMessage, PanelMessage> {
  const pair = { panel: [] as ((message: HostMessage) => void)[], host: [] as ((message: PanelMessage) => void)[] };
  const closers: (() => void)[] = [];
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    for (const closed of closers) closed();
  };
  const later = <M>(listeners: readonly ((message: M) => void)[], message: M) => {
    const copy = structuredClone(message);
    queueMicrotask(() => {
      if (open) for (const listener of listeners) listener(copy);
    });
  };
  const hostPort: HostPort = {
    send: (message) => later(pair.panel, message),
    onMessage: (listener) => pair.host.push(listener),
    onClose: (listener) => closers.push(listener),
    close,
  };
  host.connect(hostPort);
  return {
    send: (message) => later(pair.host, message),
    onMessage: (listener) => pair.panel.push(listener),
    onClose: (listener) => closers.push(listener),
    close,
  };
}

/** The bundled prices are a file of their own: the worker host loads one script only, and most windows need no prices. */
async function readSnapshot(extension: vscode.Uri): Promise<Snapshot> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'dist', 'prices.json'));
  return createSnapshot(JSON.parse(new TextDecoder().decode(bytes)));
}
