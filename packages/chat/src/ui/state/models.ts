import { type ChatParameters, type ModelChoice, modelName, type SettingsRecord } from '../../contract/index.ts';
import { strings } from '../strings.ts';
import { pinOf } from './choices.ts';
import { announce, complain, failureOf, type PanelContext, setComposer, setThread } from './context.ts';

/** Models, and what is set for a conversation or for the panel. */
export interface Models {
  /** @param refresh asks the providers again instead of taking what is remembered */
  load(refresh?: boolean): Promise<void>;
  /** For the conversation from now on (and new ones), or for the next message alone. */
  choose(choice: ModelChoice, scope: 'conversation' | 'message'): Promise<void>;
  /** The next message goes to the conversation's model after all. */
  endOnce(): void;
  togglePin(choice: ModelChoice): Promise<void>;
  /** What the conversation in view keeps. Empty texts and absent parameters mean the provider's default. */
  configure(change: {
    readonly system?: string;
    readonly parameters?: ChatParameters;
    /** Null: those of the settings. */
    readonly fallbacks?: readonly ModelChoice[] | null;
  }): Promise<void>;
  saveSettings(change: Partial<SettingsRecord>): Promise<void>;
}

export function createModels(context: PanelContext): Models {
  const { client, store } = context;

  const saveSettings = async (change: Partial<SettingsRecord>) => {
    const { host } = store.get();
    if (!host) return;
    const settings: SettingsRecord = { ...host.settings, ...change };
    store.set((state) => (state.host ? { ...state, host: { ...state.host, settings } } : state));
    try {
      await client.request('settings.save', { settings });
    } catch (error) {
      store.set((state) => (state.host ? { ...state, host: { ...state.host, settings: host.settings } } : state));
      complain(context, error);
    }
  };

  const configure = async (change: {
    readonly choice?: ModelChoice;
    readonly system?: string;
    readonly parameters?: ChatParameters;
    readonly fallbacks?: readonly ModelChoice[] | null;
  }) => {
    const { thread } = store.get();
    setThread(context, (now) => {
      const { fallbacks: before, ...record } = now.record;
      const { fallbacks: wanted, ...rest } = change;
      const fallbacks = wanted === undefined ? before : wanted;
      return { ...now, record: { ...record, ...rest, ...(fallbacks && { fallbacks }) } };
    });
    if (!thread.stored) return;
    try {
      await client.request('conversation.configure', { id: thread.record.id, ...change });
    } catch (error) {
      setThread(context, (now) => (now.record.id === thread.record.id ? { ...now, record: thread.record } : now));
      complain(context, error);
    }
  };

  return {
    load: async (refresh = false) => {
      store.set((state) => ({ ...state, models: { ...state.models, loading: true } }));
      try {
        const { models, failures } = await client.request('models.list', { refresh });
        store.set((state) => ({ ...state, models: { list: models, failures, loading: false } }));
      } catch (error) {
        const failure = failureOf(error);
        store.set((state) => ({ ...state, models: { ...state.models, failures: [failure], loading: false } }));
      }
    },
    choose: async (choice, scope) => {
      const name = modelName(store.get().models.list, choice);
      if (scope === 'message') {
        setComposer(context, { override: choice, problem: undefined });
        announce(context, strings.picker.chosenOnce(name));
        return;
      }
      setComposer(context, { override: undefined, problem: undefined });
      announce(context, strings.picker.chosen(name));
      await Promise.all([configure({ choice }), saveSettings({ choice })]);
    },
    endOnce: () => setComposer(context, { override: undefined }),
    togglePin: async (choice) => {
      const pinned = store.get().host?.settings.pinned ?? [];
      const pin = pinOf(choice);
      await saveSettings({
        pinned: pinned.includes(pin) ? pinned.filter((one) => one !== pin) : [...pinned, pin],
      });
    },
    configure,
    saveSettings,
  };
}
