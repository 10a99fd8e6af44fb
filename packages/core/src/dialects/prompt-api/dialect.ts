import type { Dialect } from '../dialect.ts';
import { createPromptApiDecoder } from './decode.ts';
import { encodePromptApi } from './encode.ts';
import { builtInModel, type LanguageModelPort } from './port.ts';
import { respond } from './respond.ts';

/** The browser's built-in model, reached through a port; by default the global one, looked for at each request. */
export function createPromptApi(port: () => LanguageModelPort | undefined = builtInModel): Dialect {
  return {
    name: 'prompt-api',
    encode: encodePromptApi,
    createDecoder: createPromptApiDecoder,
    respond: (encoded) => respond(encoded, port()),
  };
}

export const promptApi: Dialect = createPromptApi();
