import { formatUsd, type Key, type MessageRecord, type Reservation, toBase64 } from '@patchbay/core';
import { LIMITS } from '../contract/limits.ts';
import type { Requests } from '../contract/messages.ts';
import { Refusal, toFailure } from './failures.ts';
import type { HostDeps } from './ports.ts';

/** Version of the exported file's form. */
const EXPORT_VERSION = 1;

type Slice = Requests['data.export']['result'];
type Ports = Pick<HostDeps, 'conversations' | 'blobs' | 'ledger' | 'now'> & {
  readonly keys: () => Promise<readonly Key[]>;
  /** Messages with what the host knows better than the store: an answer that could not be saved yet. */
  readonly fresh: (messages: readonly MessageRecord[]) => readonly MessageRecord[];
};

/**
 * One slice of everything there is, as text; the slices put together are one JSON document. A cursor says which record
 * comes next by its id, so that an export goes on where it was after a restart, and what is deleted meanwhile is left
 * out. Secrets are not there: a host never sees one.
 */
export async function exportSlice(ports: Ports, cursor?: string): Promise<Slice> {
  if (cursor === undefined) return head(ports);
  const [section, after = '', offset = '0'] = cursor.split(' ');
  if (section === 'conversations') return conversation(ports, after);
  if (section === 'blobs') return blob(ports, after, Number(offset));
  throw new Refusal('internal', 'This export cannot go on. Start it again.', 'retry');
}

async function head({ conversations, ledger, now, keys }: Ports): Promise<Slice> {
  const all = await keys();
  const health = await ledger.health();
  const document = {
    format: 'patchbay-export',
    version: EXPORT_VERSION,
    exportedAt: new Date(now()).toISOString(),
    settings: (await conversations.settings()) ?? null,
    keys: all.map(keyOf),
    ledger: health.state === 'ready' ? (await ledger.history()).map((one) => chargeOf(one, all)) : [],
  };
  // Without its last brace: the lists of the next slices belong to the same object.
  return { text: `${JSON.stringify(document).slice(0, -1)},"conversations":[`, next: 'conversations' };
}

/** The conversation after the one of this id, behind the comma that only the first does not need. */
async function conversation({ conversations, fresh }: Ports, after: string): Promise<Slice> {
  const next = following(
    (await conversations.conversations()).map(({ id }) => id),
    after,
  );
  if (next === undefined) return { text: '],"blobs":[', next: 'blobs' };
  const record = await conversations.conversation(next);
  // What cannot be read does not keep the rest from being saved.
  const content = await conversations.messages(next).then(
    (messages) => ({ messages: fresh(messages) }),
    (error: unknown) => ({ messages: [], unreadable: toFailure(error).message }),
  );
  const text = JSON.stringify({ conversation: record, ...content });
  return { text: `${after && ','}${text}`, next: `conversations ${next}` };
}

/** A slice of the blob after the one of this id, or of that very one from an offset above 0. */
async function blob({ blobs }: Ports, after: string, offset: number): Promise<Slice> {
  const ids = (await blobs.list()).map(({ id }) => id);
  const going = offset > 0 ? after : following(ids, after);
  if (going === undefined) return { text: ']}' };
  const found = await blobs.get(going);
  // Deleted in the middle of it: closed as far as it came.
  if (!found) return { text: offset > 0 ? '"}' : '', next: `blobs ${going}` };
  const end = Math.min(found.bytes.length, offset + LIMITS.sliceBytes);
  const start = offset > 0 ? '' : `${after && ','}${JSON.stringify(found.record).slice(0, -1)},"base64":"`;
  const last = end === found.bytes.length;
  return {
    text: `${start}${toBase64(found.bytes.subarray(offset, end))}${last ? '"}' : ''}`,
    next: last ? `blobs ${going}` : `blobs ${going} ${end}`,
  };
}

/** The smallest id above this one. */
function following(ids: readonly string[], after: string): string | undefined {
  let next: string | undefined;
  for (const id of ids) if (id > after && (next === undefined || id < next)) next = id;
  return next;
}

function keyOf({ id, label, provider, origin, baseUrl, lastFour, policy, createdAt, overrides }: Key) {
  const caps = policy.caps.map(({ limit, window }) => ({ limitUsd: formatUsd(limit), window }));
  const { perRequest, ...scope } = policy.scope ?? {};
  return {
    id,
    label,
    provider,
    origin,
    baseUrl,
    lastFour,
    createdAt,
    caps,
    scope: { ...scope, ...(perRequest !== undefined && { perRequestUsd: formatUsd(perRequest) }) },
    ...(overrides && { overrides }),
  };
}

/** Accounts are fingerprints of secrets: an export names the key instead. */
function chargeOf(reservation: Reservation, keys: readonly Key[]) {
  const { account, bound, counted, settlement, ...rest } = reservation;
  const { amount, ...settled } = settlement ?? {};
  return {
    ...rest,
    keyId: keys.find((key) => key.fingerprint === account)?.id ?? null,
    boundUsd: formatUsd(bound),
    countedUsd: formatUsd(counted),
    ...(amount !== undefined && { settlement: { ...settled, amountUsd: formatUsd(amount) } }),
  };
}
