import type { DecoderEvent, FinishReason } from '../../chat/event.ts';
import type { Failure } from '../../chat/failure.ts';
import { classifyInBand } from '../../failures/in-band.ts';
import { createJsonValues } from '../../transport/json-values.ts';
import type { Decoder, DecoderOptions, EndCause } from '../dialect.ts';
import { isFields } from '../openai-chat/wire.ts';

/** Decodes what `respond` writes. */
export function createPromptApiDecoder(options: DecoderOptions = {}): Decoder {
  let events: DecoderEvent[] = [];
  let finished = false;
  let visible = false;

  const finish = (reason: FinishReason, failure?: Failure) => {
    if (finished) return;
    finished = true;
    events.push({ type: 'finish', reason, ...(failure && { failure }) });
  };
  const who = { provider: options.provider, model: options.model };
  const unreadable = (text: string) => finish('error', classifyInBand({ ...who, source: 'unreadable', text }));

  const values = createJsonValues(
    {
      value: (json) => {
        if (finished || !isFields(json)) return;
        if (typeof json.text === 'string' && json.text !== '') {
          visible = true;
          events.push({ type: 'text', part: 0, text: json.text });
        } else if (json.error !== undefined)
          finish('error', classifyInBand({ ...who, source: 'stream', error: json.error }));
        else if (json.done === true && visible) finish('stop');
        else if (json.done === true) unreadable('an empty answer'); // quirk 159
      },
      done: () => undefined,
      scrap: (text) => unreadable(text),
    },
    options.maxLineBytes,
  );

  const step = (work: () => void): DecoderEvent[] => {
    events = [];
    if (!finished) work();
    return events;
  };

  return {
    push: (bytes) => step(() => values.push(bytes)),
    end: (cause?: EndCause) =>
      step(() => {
        values.end();
        finish(visible ? 'interrupted' : 'error', classifyInBand({ ...who, source: 'end', cause }));
      }),
  };
}
