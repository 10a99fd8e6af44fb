import { createShell } from '../decoder-shell.ts';
import type { Decoder, DecoderOptions } from '../dialect.ts';
import { fieldsOf, said } from '../values.ts';

/** Decodes what `respond` writes. */
export function createPromptApiDecoder(options: DecoderOptions = {}): Decoder {
  return createShell(options, (shell) => ({
    value: (json) => {
      const { text, error, done } = fieldsOf(json);
      const delta = said(text);
      if (delta !== undefined) {
        if (!shell.visible) shell.newPart();
        shell.visible = true;
        shell.emit({ type: 'text', part: 0, text: delta });
      } else if (error !== undefined) shell.fail(error);
      else if (done === true) shell.conclude(undefined);
    },
    end: shell.cut,
    begun: () => shell.visible,
    usage: () => undefined,
    nativeReason: () => undefined,
  }));
}
