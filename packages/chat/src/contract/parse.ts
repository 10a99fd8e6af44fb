import * as z from 'zod/mini';
import { LIMITS } from './limits.ts';
import type { PanelMessage } from './messages.ts';

// zod would compile its schemas with `new Function`, which the policy of an extension page forbids and reports.
z.config({ jitless: true });

/**
 * What a host takes from a panel. Everything is checked and limited here, once, before any of it is looked at; unknown
 * fields are dropped. A panel writes text, images and files: what belongs to an answer (reasoning, calls, `origin`,
 * `raw`) comes from providers alone.
 */
const text = (most: number) => z.string().check(z.maxLength(most));
const id = z.string().check(z.regex(/^[\w.:-]{1,128}$/));
const name = z.string().check(z.minLength(1), z.maxLength(LIMITS.name));
const count = z.int().check(z.gte(0));
const optional = z.exactOptional;
/** Decimal USD as a person types it. */
const amount = z.string().check(z.regex(/^\d{1,12}(\.\d{1,24})?$/));
const webUrl = z.string().check(z.maxLength(8_192), z.regex(/^https?:\/\/[^\s]+$/i));
const mediaType = z.string().check(z.regex(/^[\w.+-]{1,64}\/[\w.+-]{1,128}$/));

const source = z.union([
  z.object({ kind: z.literal('blob'), blobId: id }),
  z.object({ kind: z.literal('url'), url: webUrl }),
]);

const part = z.union([
  z.object({ type: z.literal('text'), text: text(LIMITS.text) }),
  z.object({
    type: z.literal('image'),
    mediaType,
    source,
    bytes: optional(count),
    alt: optional(text(LIMITS.name)),
  }),
  z.object({ type: z.literal('file'), name, mediaType, source, bytes: optional(count) }),
]);

const choice = z.object({ provider: name, model: name, keyId: optional(id) });

const parameters = z.object({
  maxOutputTokens: optional(z.int().check(z.gte(1), z.lte(10_000_000))),
  temperature: optional(z.number().check(z.gte(0), z.lte(2))),
  topP: optional(z.number().check(z.gte(0), z.lte(1))),
  stop: optional(z.array(text(LIMITS.name)).check(z.maxLength(16))),
  seed: optional(z.int()),
  reasoningEffort: optional(z.enum(['none', 'minimal', 'low', 'medium', 'high', 'max'])),
});

/** More than these are never tried: each takes its time, and may cost. */
const fallbacks = z.array(choice).check(z.maxLength(LIMITS.fallbacks));

const settings = z.object({
  v: z.literal(1),
  id: z.literal('settings'),
  choice: optional(choice),
  system: optional(text(LIMITS.system)),
  parameters,
  theme: z.enum(['system', 'light', 'dark']),
  pinned: z.array(name).check(z.maxLength(LIMITS.settings)),
  enterSends: z.boolean(),
  fallbacks: optional(fallbacks),
  allowDearer: optional(z.boolean()),
  otherRoutes: optional(z.boolean()),
  worstCase: optional(
    z
      .record(
        z.string().check(z.regex(/^[^/]+\/.+$/), z.maxLength(LIMITS.name)),
        z.object({ input: amount, output: amount }),
      )
      .check(z.refine((prices) => Object.keys(prices).length <= LIMITS.settings)),
  ),
});

const nothing = z.object({});

const params: { readonly [N in PanelMessage['name']]: z.ZodMiniType } = {
  hello: z.object({ contractVersion: z.int() }),
  'conversation.list': z.object({ search: optional(text(LIMITS.search)) }),
  'conversation.create': z.object({ id }),
  'conversation.open': z.object({ id }),
  'conversation.rename': z.object({ id, title: text(LIMITS.title) }),
  'conversation.delete': z.object({ id }),
  'conversation.branch': z.object({ id, headId: id }),
  'conversation.configure': z.object({
    id,
    choice: optional(choice),
    system: optional(text(LIMITS.system)),
    parameters: optional(parameters),
    fallbacks: optional(z.nullable(fallbacks)),
  }),
  'draft.save': z.object({ conversationId: id, draft: text(LIMITS.text) }),
  'run.start': z.object({
    runId: id,
    conversationId: id,
    parentId: z.nullable(id),
    parts: optional(z.array(part).check(z.minLength(1), z.maxLength(LIMITS.parts))),
    continues: optional(z.literal(true)),
    choice,
    parameters: optional(parameters),
  }),
  'run.stop': z.object({ runId: id }),
  'run.attach': z.object({ runId: id, fromSeq: count }),
  'models.list': z.object({ refresh: optional(z.boolean()) }),
  'settings.save': z.object({ settings }),
  'blob.begin': z.object({ id, mediaType, bytes: count.check(z.gte(1), z.lte(LIMITS.blobBytes)) }),
  'blob.append': z.object({
    id,
    base64: z.string().check(z.maxLength((LIMITS.sliceBytes / 3) * 4), z.regex(/^[A-Za-z0-9+/]*={0,2}$/)),
    last: z.boolean(),
  }),
  'blob.read': z.object({ id, offset: count, length: count.check(z.lte(LIMITS.sliceBytes)) }),
  'keys.manage': z.object({ keyId: optional(id), reason: optional(z.enum(['add', 'caps', 'unlock'])) }),
  'keys.acknowledgeOverrun': z.object({ keyId: id }),
  'ledger.confirm': nothing,
  'ledger.setTimeBack': nothing,
  'data.export': z.object({ cursor: optional(text(LIMITS.name)) }),
  'data.deleteAll': z.object({ keys: z.boolean() }),
};

const envelope = z.object({ id: count, name: z.string(), params: z.unknown() });

/** What came in over a port, checked and limited; undefined for anything that is no message of this contract. */
export function parsePanelMessage(message: unknown): PanelMessage | undefined {
  const outer = z.safeParse(envelope, message);
  if (!outer.success || !Object.hasOwn(params, outer.data.name)) return undefined;
  const inner = z.safeParse(params[outer.data.name as PanelMessage['name']], outer.data.params);
  if (!inner.success) return undefined;
  return { id: outer.data.id, name: outer.data.name, params: inner.data } as PanelMessage;
}

/** The number under which an unreadable message wants its answer, where it has one: so that no panel waits for ever. */
export function requestIdOf(message: unknown): number | undefined {
  const outer = z.safeParse(z.object({ id: count }), message);
  return outer.success ? outer.data.id : undefined;
}
