import { type Cap, type CapWindow, formatUsd, nanoUsdDown, parseUsd } from '@patchbay/core';

/** In the order in which people think of them. */
export const CAP_WINDOWS: readonly CapWindow[] = ['day', 'week', 'month', 'total'];

export const WINDOW_NAMES: Readonly<Record<CapWindow, string>> = {
  day: 'per day',
  week: 'per week',
  month: 'per month',
  total: 'in total',
};

/** What stands in the fields, as typed; empty means no cap of that window. */
export type CapFields = Readonly<Record<CapWindow, string>>;

export const NO_CAPS: CapFields = { day: '', week: '', month: '', total: '' };

export type CapReading =
  | { readonly ok: true; readonly caps: readonly Cap[] }
  | { readonly ok: false; readonly errors: Readonly<Partial<Record<CapWindow, string>>> };

/** A million dollars: more is a slip of the finger. */
const MOST = 1_000_000_000_000_000n;

/** Reads the fields; each that cannot be a cap gets a sentence that says why. */
export function readCaps(fields: CapFields): CapReading {
  const caps: Cap[] = [];
  const errors: Partial<Record<CapWindow, string>> = {};
  for (const window of CAP_WINDOWS) {
    const text = fields[window].trim().replace(/^\$\s*/, '');
    if (text === '') continue;
    const problem = problemOf(text);
    if (problem) errors[window] = problem;
    else caps.push({ window, limit: nanoUsdDown(parseUsd(text) ?? 0n) });
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, caps };
}

function problemOf(text: string): string | undefined {
  if (text.includes(',')) return 'Write the amount with a point, such as 0.50.';
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text)) return 'Write an amount in US dollars, such as 5 or 0.50.';
  const limit = nanoUsdDown(parseUsd(text) ?? 0n);
  if (limit === 0n) return 'A cap of nothing would refuse everything. Leave it empty for no cap.';
  if (limit > MOST) return 'That is more than a million dollars.';
  return undefined;
}

/** A cap that another one makes pointless, as a sentence; not an error. */
export function pointlessCap(caps: readonly Cap[]): string | undefined {
  const limitOf = (window: CapWindow) => caps.find((cap) => cap.window === window)?.limit;
  for (const [index, shorter] of CAP_WINDOWS.entries()) {
    for (const longer of CAP_WINDOWS.slice(index + 1)) {
      const [small, large] = [limitOf(shorter), limitOf(longer)];
      if (small !== undefined && large !== undefined && small >= large) {
        return `The cap ${WINDOW_NAMES[shorter]} can never be reached: the one ${WINDOW_NAMES[longer]} is not larger.`;
      }
    }
  }
  return undefined;
}

/** The fields that stand for these caps. */
export function fieldsOf(caps: readonly Cap[]): CapFields {
  const fields: Record<CapWindow, string> = { ...NO_CAPS };
  for (const cap of caps) fields[cap.window] = formatUsd(cap.limit);
  return fields;
}
