import { type Failure, type PanelClient, PanelError } from '../../contract/index.ts';
import type { CompletePlatform } from '../platform.ts';
import { strings } from '../strings.ts';
import type { LiveAnswers } from './live.ts';
import type { ComposerState, PanelState, Sheet, Thread, Toast } from './state.ts';
import type { Store } from './store.ts';

/** What every action of the panel works with. */
export interface PanelContext {
  readonly client: PanelClient;
  readonly store: Store<PanelState>;
  readonly live: LiveAnswers;
  /** What stands in the composer: apart from the rest, so that typing renders nothing else. */
  readonly draft: Store<string>;
  readonly platform: CompletePlatform;
}

/** Any thrown thing as something to show. */
export function failureOf(error: unknown): Failure {
  if (error instanceof PanelError) return error.failure;
  return {
    kind: 'internal',
    retryable: true,
    fallbackable: false,
    message: strings.failure.unexpected(error instanceof Error ? error.message : String(error)),
    userAction: 'retry',
  };
}

export const setThread = ({ store }: PanelContext, change: (before: Thread) => Thread): void =>
  store.set((state) => {
    const thread = change(state.thread);
    return thread === state.thread ? state : { ...state, thread };
  });

export const setComposer = ({ store }: PanelContext, change: Partial<ComposerState>): void =>
  store.set((state) => ({ ...state, composer: { ...state.composer, ...change } }));

export const setSheet = ({ store }: PanelContext, sheet: Sheet | undefined): void =>
  store.set((state) => (state.sheet === sheet ? state : { ...state, sheet }));

/** Tells a screen reader something; the same words twice are said once. */
export const announce = ({ store }: PanelContext, status: string): void =>
  store.set((state) => (state.status === status ? state : { ...state, status }));

/** How long a message at the foot of the panel stays, ms; long enough to read it and reach its button. */
export const TOAST_MS = 7000;

/** Shows a message at the foot of the panel. @returns a function that takes it away */
export function toast({ store }: PanelContext, text: string, action?: Toast['action']): () => void {
  const id = crypto.randomUUID();
  store.set((state) => ({ ...state, toasts: [...state.toasts, { id, text, action }], status: text }));
  const remove = () => store.set((state) => ({ ...state, toasts: state.toasts.filter((one) => one.id !== id) }));
  const timer = setTimeout(remove, TOAST_MS);
  return () => {
    clearTimeout(timer);
    remove();
  };
}

/** Shows why something did not work. */
export const complain = (context: PanelContext, error: unknown): void => void toast(context, failureOf(error).message);
