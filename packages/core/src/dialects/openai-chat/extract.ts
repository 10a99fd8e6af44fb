import type { MediaSource } from '../../chat/part.ts';
import type { Shell } from '../decoder-shell.ts';
import { type Fields, fieldsOf, isFields, listOf, said, saysBad } from '../values.ts';
import type { WireChoice, WireChunk } from './wire.ts';

/**
 * The error in a chunk, wherever a provider puts it, undefined where there is none (quirks 15, 19–22): at the top, in
 * the choice, as the whole value under the event name `error`, or as a whole body in one of the older shapes.
 */
export function errorIn(chunk: WireChunk, choice: WireChoice | undefined, event: string): unknown {
  if (isMeant(chunk.error)) return isFields(chunk.error) ? chunk.error : withoutEcho(chunk as Fields);
  if (isMeant(choice?.error)) return choice?.error;
  if (event === 'error') return chunk;
  const fields = chunk as Fields;
  if (saysBad(fields.base_resp)) return fields.base_resp;
  if (fields.object === 'error' || fields.type === 'error') return chunk;
  if (Array.isArray(fields.choices) || fields.object !== undefined) return undefined;
  const told = said(fields.message) ?? said(fields.detail) ?? said(fields.msg) ?? said(fields.error_msg);
  return told !== undefined || Array.isArray(fields.detail) || Array.isArray(fields.errors) ? chunk : undefined;
}

/** Some send an `error` that says nothing with every chunk: null, {}, or a code of 0 with an empty message. */
function isMeant(error: unknown): boolean {
  if (Array.isArray(error)) return error.length > 0;
  if (typeof error !== 'object' || error === null) return Boolean(error);
  return Object.values(error).some((value) => Boolean(value));
}

/** A body whose error is a bare string says the rest beside it (quirk 191). */
function withoutEcho({ choices: _choices, usage: _usage, ...rest }: Fields): Fields {
  return rest;
}

/** Text in whichever shape it comes: a string, an object that holds it, or a list of either. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (!isFields(value)) return '';
  return (
    said(value.text) ?? said(value.thinking) ?? said(value.content) ?? said(value.summary) ?? said(value.value) ?? ''
  );
}

/** Where a picture is: its bytes, where the address holds them or where it is no address, and of which type they are. */
export function pictureOf(address: string): { readonly source: MediaSource; readonly mediaType: string | undefined } {
  const inline = /^data:([^;,]*)[^,]*;base64,/.exec(address.slice(0, 200));
  const isUrl = !inline && /^[a-z][\w+.-]*:/i.test(address.slice(0, 64));
  return {
    mediaType: inline?.[1] || undefined,
    source: isUrl ? { kind: 'url', url: address } : { kind: 'base64', data: address.slice(inline?.[0].length ?? 0) },
  };
}

/** `annotations` of a delta or message (quirk 49). */
export function citeAnnotations(annotations: unknown, { cite }: Pick<Shell, 'cite'>): void {
  for (const note of listOf(annotations)) {
    const fields = fieldsOf(note);
    const { url, title, content } = isFields(fields.url_citation) ? fields.url_citation : fields;
    cite(url, title, content);
  }
}

/** `citations` and `search_results` of a chunk, as Perplexity and xAI send them with every chunk or the last (quirks 189, 207). */
export function citeResults(citations: unknown, results: unknown, { cite }: Pick<Shell, 'cite'>): void {
  const found = listOf(results).map(fieldsOf);
  for (const one of listOf(citations)) {
    if (isFields(one)) cite(one.url, one.title);
    else cite(one, found.find((result) => result.url === one)?.title);
  }
  for (const one of found) cite(one.url, one.title, one.snippet);
}
