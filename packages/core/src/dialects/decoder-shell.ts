import type { DecoderEvent, FinishReason } from '../chat/event.ts';
import type { Failure } from '../chat/failure.ts';
import { known } from '../chat/known.ts';
import type { Usage } from '../chat/usage.ts';
import { classifyInBand } from '../failures/in-band.ts';
import { createJsonValues, type EventName } from '../transport/json-values.ts';
import type { Decoder, DecoderOptions, EndCause } from './dialect.ts';
import type { CallCounts } from './tool-call.ts';
import { nameOf, said } from './values.ts';

/** What decoders of every protocol share: where events go, and how an answer ends. */
export interface Shell {
  /** What the running step has said so far. */
  events: DecoderEvent[];
  finished: boolean;
  /** Something of the answer was said. */
  visible: boolean;
  emit(event: DecoderEvent): void;
  /** Index of the next part of the message. */
  newPart(): number;
  /** How many parts there are. */
  parts(): number;
  /** Of this response, once it was told. */
  responseId: string | undefined;
  /** Both the response's id and its model were told. */
  named: boolean;
  /** Quirk 147: names may be empty at first, or never come. Quirk 148: the model need not be the one asked. */
  start(id: unknown, model: unknown, provider?: unknown): void;
  /** A source, told at the end, each address once. Nothing where there is no address. */
  cite(url: unknown, title?: unknown, quote?: unknown): void;
  finish(reason: FinishReason, failure?: Failure): void;
  /** An error told inside the stream. */
  fail(error: unknown): void;
  /** The answer cannot be read, and why. */
  unreadable(text: string): void;
  /** The provider's own filter ended it, or the model declined. */
  filtered(code: 'content_filter' | 'refusal', message?: string | undefined): void;
  /**
   * The provider is done, and has told how.
   * @param settle only asked where nothing special happened: a call that was cut off by the maximum, a filter or an error
   *   may parse and still not be what was meant (quirk 43)
   */
  complete(
    how: FinishReason,
    settle: () => CallCounts | undefined,
    told?: { readonly code?: string | undefined; readonly message?: string | undefined },
  ): void;
  /**
   * What came decides how it ended (quirks 44, 45, 104).
   * @param message what the provider says of an answer that is empty
   */
  conclude(calls: CallCounts | undefined, message?: string): void;
  /** The response ended, and the provider never said that it was done. */
  cut(cause: EndCause | undefined): void;
}

/** What is particular to one protocol. */
export interface Protocol {
  /** One JSON object of the body; `event` gives its name, '' without one; `bare` where it had no framing. */
  value(json: object, event: EventName, bare: boolean): void;
  /** The body ended. */
  end(cause: EndCause | undefined): void;
  /** `[DONE]` was said; absent where it means nothing. */
  done?(): void;
  /** Something came that only this protocol sends. */
  begun(): boolean;
  /** Said last: what could not be said before all was there. */
  last?(): void;
  usage(): Usage | undefined;
  nativeReason(): string | undefined;
}

/** What a body that was cut very early looks like: the beginning of JSON, or of an event's first field. */
const BEGINNING = /^\s*(?:[[{]|d(?:a(?:ta?)?)?$|e(?:v(?:e(?:nt?)?)?)?$)/;
/** As much of an unreadable body as tells what it is. */
const MAX_SCRAP = 2_000;

/**
 * A decoder around what is particular to a protocol. It says exactly one `finish`, never throws, and never speaks after
 * it. At the end come citations and usage, so that a stream and a whole answer give the parts in the same order.
 */
export function createShell(options: DecoderOptions, protocolOf: (shell: Shell) => Protocol): Decoder {
  let parts = 0;
  let sawValue = false;
  let scrap = '';
  let damaged = false;
  let model: string | undefined;
  const cited = new Map<string, DecoderEvent & { readonly type: 'citation' }>();

  const failure = (
    what:
      | { readonly source: 'stream'; readonly error: unknown }
      | { readonly source: 'end'; readonly cause: EndCause | undefined }
      | { readonly source: 'unreadable'; readonly text: string },
  ): Failure => classifyInBand({ ...what, ...options, begun: shell.visible });

  const shell: Shell = {
    events: [],
    finished: false,
    visible: false,
    emit: (event) => {
      shell.events.push(event);
    },
    newPart: () => parts++,
    parts: () => parts,
    responseId: undefined,
    named: false,
    start: (id, name, provider) => {
      const before = [shell.responseId, model];
      shell.responseId ??= nameOf(id);
      model ??= nameOf(name);
      if (before[0] === shell.responseId && before[1] === model) return;
      shell.named = shell.responseId !== undefined && model !== undefined;
      shell.emit(known({ type: 'response-start', responseId: shell.responseId, model, provider: nameOf(provider) }));
    },
    cite: (given, title, quote) => {
      const url = said(given);
      if (url === undefined || cited.has(url)) return;
      cited.set(url, known({ type: 'citation', part: 0, url, title: said(title), quote: said(quote) }));
    },
    finish: (reason, why) => {
      shell.finished = true;
      protocol.last?.();
      for (const source of cited.values()) shell.emit({ ...source, part: parts++ });
      const usage = protocol.usage();
      if (usage) shell.emit({ type: 'usage', usage });
      shell.emit(known({ type: 'finish', reason, nativeReason: protocol.nativeReason(), failure: why }));
    },
    fail: (error) => shell.finish('error', failure({ source: 'stream', error })),
    unreadable: (text) => shell.finish('error', failure({ source: 'unreadable', text })),
    filtered: (code, message) => {
      shell.finish('content-filter', failure({ source: 'stream', error: { code, message } }));
    },
    complete: (how, settle, told) => {
      if (how === 'content-filter') shell.filtered('content_filter', told?.message);
      else if (how === 'error') shell.fail(told);
      else if (how === 'length') shell.finish(how);
      else shell.conclude(settle(), told?.message);
    },
    conclude: (calls, message) => {
      if (calls && calls.broken > 0) shell.unreadable('a tool call whose arguments are no JSON');
      else if (damaged) shell.unreadable('part of the answer was no JSON');
      else if (!shell.visible)
        shell.unreadable(message ?? 'an empty answer'); // quirk 159
      else shell.finish(calls && calls.complete > 0 ? 'tool-calls' : 'stop');
    },
    cut: (cause) => {
      const prose = scrap !== '' && !BEGINNING.test(scrap);
      if (!cause && !protocol.begun() && (sawValue || prose)) shell.unreadable(scrap);
      else shell.finish(shell.visible ? 'interrupted' : 'error', failure({ source: 'end', cause }));
    },
  };
  const protocol = protocolOf(shell);

  const values = createJsonValues(
    {
      value: (json, event, bare) => {
        if (shell.finished) return;
        if (typeof json === 'object' && json !== null) {
          sawValue = true;
          protocol.value(json, event, bare);
        } else if (event() === 'error') shell.fail(json);
      },
      done: () => {
        if (!shell.finished) protocol.done?.();
      },
      scrap: (text, event) => {
        if (shell.finished || event === 'ping') return;
        if (event === 'error') shell.fail(text);
        else {
          if (scrap.length < MAX_SCRAP) scrap += `${text}\n`;
          // Behind the finish reason nothing of the answer is missing (quirk 26).
          if (text.startsWith('{') && protocol.nativeReason() === undefined) damaged = true;
        }
      },
    },
    options.maxLineBytes,
  );

  /** Runs one step and hands over what it said. */
  const step = (work: () => void): DecoderEvent[] => {
    const events: DecoderEvent[] = [];
    shell.events = events;
    if (shell.finished) return events;
    try {
      work();
      if (values.overflowed() && !shell.finished) shell.unreadable('a single line too long to be kept');
    } catch (error) {
      // Nothing above is known to throw; if it does, one answer is lost and not the process.
      if (!shell.finished) shell.unreadable(String(error));
    }
    return events;
  };

  return {
    push: (bytes) => step(() => values.push(bytes)),
    end: (cause) =>
      step(() => {
        const before = damaged;
        values.end();
        if (shell.finished) return;
        // A last line cut in the middle is what a cut looks like, not damage.
        damaged = before;
        protocol.end(cause);
      }),
  };
}
