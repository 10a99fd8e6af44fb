import type { NoticeCode } from '@patchbay/core';

/** About money and what is kept; all others tell how one attempt was asked. */
const LASTING: ReadonlySet<NoticeCode> = new Set(['cost-estimated', 'cap-warning', 'overrun', 'not-saved']);

/** What of the notices still matters once the attempt that they tell of has failed: another model was asked in its own way. */
export const lasting = <N extends { readonly code: NoticeCode }>(notices: readonly N[]): N[] =>
  notices.filter(({ code }) => LASTING.has(code));
