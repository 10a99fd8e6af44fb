import type { DecoderEvent } from '../chat/event.ts';
import type { Usage } from '../chat/usage.ts';

type Finish = Extract<DecoderEvent, { type: 'finish' }>;

/** What the gateway has to know of an answer while it streams past, in constant memory. */
export interface AnswerTally {
  /** Takes note of a batch; returns it without its `finish`, which waits for the bill. */
  note(events: readonly DecoderEvent[]): readonly DecoderEvent[];
  /** Text, reasoning, an image or a tool call has come: from here on no other model may take over. */
  visible(): boolean;
  /** UTF-8 bytes of everything the model wrote; infinite once it made something whose tokens no length tells. */
  bytes(): number;
  usage(): Usage | undefined;
  finish(): Finish | undefined;
  responseId(): string | undefined;
  /** Who a router says answers. */
  upstream(): string | undefined;
}

export function createTally(): AnswerTally {
  let visible = false;
  let bytes = 0;
  let usage: Usage | undefined;
  let finish: Finish | undefined;
  let responseId: string | undefined;
  let upstream: string | undefined;

  const one = (event: DecoderEvent) => {
    switch (event.type) {
      case 'text':
      case 'reasoning':
        visible = true;
        bytes += utf8Length(event.text);
        return;
      case 'tool-call-start':
        visible = true;
        bytes += utf8Length(event.name);
        return;
      case 'tool-call-arguments':
        bytes += utf8Length(event.delta);
        return;
      case 'image':
      case 'server-tool':
        visible = true;
        bytes = Number.POSITIVE_INFINITY;
        return;
      case 'response-start':
        responseId = event.responseId ?? responseId;
        upstream = event.provider ?? upstream;
        return;
      case 'usage':
        usage = event.usage;
        return;
      case 'finish':
        finish = event;
        return;
      default:
        return;
    }
  };

  return {
    note: (events) => {
      for (const event of events) one(event);
      return finish && events[events.length - 1] === finish ? events.slice(0, -1) : events;
    },
    visible: () => visible,
    bytes: () => bytes,
    usage: () => usage,
    finish: () => finish,
    responseId: () => responseId,
    upstream: () => upstream,
  };
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Two of these make one character of four bytes; by itself each counts as two here.
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
