import { type Correction, StoreError } from '@patchbay/core';
import type { HostPort, PanelMessage, RequestName, Requests } from '../contract/messages.ts';
import { parsePanelMessage, requestIdOf } from '../contract/parse.ts';
import { CONTRACT_VERSION } from '../contract/views.ts';
import { createAccounts } from './accounts.ts';
import { createBroadcasts } from './broadcasts.ts';
import { createConversations, gone } from './conversations.ts';
import { exportSlice } from './export.ts';
import { Refusal, toFailure } from './failures.ts';
import { createMedia } from './media.ts';
import { listModels } from './models.ts';
import { createPanel, type Panel } from './panel.ts';
import { DEFAULT_TIMING, type HostDeps } from './ports.ts';
import { createRuns, type Reply } from './runs.ts';
import { stateOf } from './state.ts';
import { createStorageStatus } from './storage-status.ts';

export interface Host {
  /** A panel opened. */
  connect(port: HostPort): void;
  /** Keys, caps or the vault were changed by the product's own pages: tells every panel. */
  changed(): void;
  /** The real cost of an answer became known. */
  corrected(correction: Correction): void;
  /** Stops its timers, for a process that ends; running answers are left to their lease. */
  close(): void;
}

type Handlers = {
  readonly [N in RequestName]: (
    params: Requests[N]['params'],
    panel: Panel,
  ) => Promise<Reply<Requests[N]['result']>> | Reply<Requests[N]['result']>;
};

/** A day: what was uploaded and never sent goes after that. */
const ABANDONED_MS = 86_400_000;

/**
 * Owns conversations and runs on behalf of any number of panels. Panels come and go; a run ends when its answer ends, when
 * somebody stops it, or when its conversation is deleted.
 */
export function createHost(deps: HostDeps): Host {
  const { conversations: store, blobs, now } = deps;
  const timing = { ...DEFAULT_TIMING, ...deps.timing };
  const panels = new Set<Panel>();
  const storage = createStorageStatus(() => tell.state());
  const accounts = createAccounts(deps);
  const media = createMedia(blobs, deps.newId, now);
  const runs = createRuns({
    deps,
    timing,
    media,
    storage,
    admit: accounts.admit,
    onReserved: () => tell.state(),
    onStarted: (run, by) => {
      tell.conversations();
      tell.conversation(run.conversationId, by);
    },
    onCorrected: (conversationId) => {
      tell.conversation(conversationId);
      tell.state();
    },
    onEnded: (run, message, followers) => {
      const { id: runId, conversationId } = run;
      tell.ended({ kind: 'run.ended', runId, conversationId, message }, followers);
      tell.conversations();
      tell.state();
    },
  });
  const conversations = createConversations(deps, runs);
  const tell = createBroadcasts(
    panels,
    {
      state: async () => ({ kind: 'state', state: await stateOf(accounts, store, storage) }),
      conversations: async () => ({ kind: 'conversations', conversations: await conversations.list() }),
      conversation: async (id) => {
        const view = await conversations.view(id);
        return view && { kind: 'conversation', view };
      },
    },
    storage.failed,
  );

  /** Before any panel is answered: what a process before this one left behind is put in order. */
  const awake = (async () => {
    await storage.check(store);
    await runs.sweep().catch(storage.failed);
    await sweepUploads().catch(storage.failed);
  })();

  async function sweepUploads(): Promise<void> {
    const old = (await blobs.list()).filter((blob) => !blob.kept && blob.createdAt < now() - ABANDONED_MS);
    if (old.length > 0) await blobs.delete(old.map((blob) => blob.id));
  }

  const done = { result: null };
  const shown = async (panel: Panel, id: string) => {
    const view = await conversations.view(id);
    if (!view) throw gone();
    panel.shows = id;
    return { result: view };
  };

  const changed = (id: string, by: Panel) => {
    tell.conversations();
    tell.conversation(id, by);
  };
  const everything = () => {
    tell.conversations();
    tell.state();
  };

  const handlers: Handlers = {
    hello: async ({ contractVersion }, panel) => {
      if (contractVersion !== CONTRACT_VERSION) throw otherVersion();
      // It may have come back since; a full disk shows that by a write alone.
      if (storage.current()?.state === 'unreadable') await storage.check(store);
      const state = await stateOf(accounts, store, storage);
      panel.greeted = true;
      return { result: state };
    },
    'conversation.list': async ({ search }) => ({ result: { conversations: await conversations.list(search) } }),
    'conversation.create': async ({ id }, panel) => {
      const view = await conversations.create(id);
      panel.shows = id;
      return { result: view, after: tell.conversations };
    },
    'conversation.open': ({ id }, panel) => shown(panel, id),
    'conversation.rename': async (params, panel) => {
      await conversations.rename(params);
      return { ...done, after: () => changed(params.id, panel) };
    },
    'conversation.delete': async ({ id }) => {
      await conversations.delete(id);
      return { ...done, after: everything };
    },
    'conversation.branch': async (params, panel) => {
      const view = await conversations.branch(params);
      panel.shows = params.id;
      return { result: view, after: () => tell.conversation(params.id, panel) };
    },
    'conversation.configure': async (params, panel) => {
      await conversations.configure(params);
      return { ...done, after: () => tell.conversation(params.id, panel) };
    },
    'draft.save': async (params) => {
      await conversations.saveDraft(params);
      return done;
    },
    'run.start': (params, panel) => runs.start(params, panel),
    'run.stop': async ({ runId }) => {
      await runs.stop(runId);
      return done;
    },
    'run.attach': (params, panel) => runs.attach(params, panel),
    'models.list': async ({ refresh }) => ({
      result: await listModels(deps, await accounts.keys(), refresh ?? false),
    }),
    'settings.save': async ({ settings }) => {
      await store.write([{ put: 'settings', record: settings }]);
      return { ...done, after: tell.state };
    },
    'blob.begin': (params) => {
      media.begin(params);
      return done;
    },
    'blob.append': async (params) => {
      await media.append(params);
      return done;
    },
    'blob.read': async (params) => ({ result: await media.read(params) }),
    'keys.manage': async (params) => {
      await deps.openKeys(params);
      return done;
    },
    'keys.acknowledgeOverrun': async ({ keyId }) => {
      await accounts.acknowledgeOverrun(keyId);
      return { ...done, after: tell.state };
    },
    'ledger.confirm': async () => {
      await accounts.confirmLedger();
      return { ...done, after: tell.state };
    },
    'ledger.setTimeBack': async () => {
      await accounts.setTimeBack();
      return { ...done, after: tell.state };
    },
    'data.export': async ({ cursor }) => ({
      result: await exportSlice({ ...deps, keys: accounts.keys, fresh: runs.fresh }, cursor),
    }),
    'data.deleteAll': async ({ keys }) => {
      runs.drop();
      media.forget();
      await store.wipe();
      // What began in between was deleted, too.
      runs.drop();
      await blobs.wipe();
      await deps.ledger.forgetHistory();
      if (keys) await deps.vault.wipe();
      await deps.deleteProductData?.();
      return { ...done, after: everything };
    },
  };

  const answer = async (panel: Panel, { id, name, params }: PanelMessage) => {
    try {
      await awake;
      if (!panel.greeted && name !== 'hello') throw otherVersion();
      const handle = handlers[name] as (params: unknown, panel: Panel) => Promise<Reply<unknown>>;
      const { result, after } = await handle(params, panel);
      panel.post({ kind: 'result', id, result });
      after?.();
    } catch (error) {
      if (error instanceof StoreError) storage.failed(error);
      panel.post({ kind: 'error', id, failure: toFailure(error) });
    }
  };

  return {
    connect: (port) => {
      const panel = createPanel(port, (closed) => panels.delete(closed));
      panels.add(panel);
      port.onMessage((incoming: unknown) => {
        const message = parsePanelMessage(incoming);
        if (message) return void answer(panel, message);
        // Does nothing; but a panel that can be told so does not wait for ever.
        const id = requestIdOf(incoming);
        if (id !== undefined) panel.post({ kind: 'error', id, failure: toFailure(notUnderstood()) });
      });
    },
    changed: tell.state,
    corrected: (correction) => void awake.then(() => runs.correct(correction)).catch(storage.failed),
    close: runs.close,
  };
}

function otherVersion(): Refusal {
  return new Refusal('internal', 'Patchbay was updated while this panel was open. Reload the panel.', 'reload');
}

function notUnderstood(): Refusal {
  return new Refusal('internal', 'This is more, or something else, than Patchbay takes. Nothing was changed.', 'none');
}
