import type { NoticeCode } from '../chat/event.ts';

interface Notice {
  readonly code: NoticeCode;
  readonly message: string;
  readonly field: string;
}

export function wholeNotice(name: string): Notice {
  const message = `${name} does not stream here: its answer comes in one piece.`;
  return { code: 'parameter-adapted', field: 'stream', message };
}

/** @param shrunk what the maximum was, and whose words `by` is: a cap or a limit */
export function shrinkNotice(
  name: string,
  most: number,
  shrunk: { readonly from: number; readonly by: string },
): Notice {
  const message = `${name} may answer with up to ${most} tokens instead of ${shrunk.from}: that is what ${shrunk.by} still holds.`;
  return { code: 'max-tokens-shrunk', field: 'maxOutputTokens', message };
}
