/** The panel folds a run's events with the same code as its host. */
export { createFold, type Failure, type Fold, type FoldedAnswer, type Part } from '@patchbay/core';
export { createPanelClient, type PanelClient, type PanelClientOptions, PanelError, type PanelEvent } from './client.ts';
export { LIMITS } from './limits.ts';
export type * from './messages.ts';
export { lasting } from './notices.ts';
export * from './views.ts';
