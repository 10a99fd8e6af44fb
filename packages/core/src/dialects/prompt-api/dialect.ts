import type { Asking } from '../dialect.ts';
import { encodePromptApi } from './encode.ts';
import { builtInModel, type LanguageModelPort } from './port.ts';
import { respond } from './respond.ts';

/** The browser's built-in model, reached through a port; by default the global one, looked for at each request. */
export function createPromptApi(port: () => LanguageModelPort | undefined = builtInModel): Asking {
  return { encode: encodePromptApi, respond: (encoded) => respond(encoded, port()) };
}
