/** The panel folds a run's events with the same code as its host. */
export { createFold, type Failure, type Fold, type FoldedAnswer, type Part } from '@patchbay/core';
export { createPanelClient, type PanelClient, type PanelClientOptions, PanelError, type PanelEvent } from './client.ts';
export { FAILED_WORDS } from './failed-words.ts';
export { LIMITS } from './limits.ts';
export type * from './messages.ts';
export {
  authorOf,
  findModel,
  isVersionOf,
  modelName,
  sameChoice,
  sameModel,
  shortName,
  wayNames,
  writerNames,
} from './names.ts';
export { lasting } from './notices.ts';
export * from './views.ts';
