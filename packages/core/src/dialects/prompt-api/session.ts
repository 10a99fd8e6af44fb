import type { PromptBody } from './encode.ts';
import type { LanguageModelPort, LanguageModelSession } from './port.ts';

/** What went wrong, in the words that the failure tables know. */
interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** One answer of the built-in model, as the values of `respond`. */
export async function* converse(
  body: PromptBody,
  port: LanguageModelPort | undefined,
  signal: AbortSignal,
): AsyncGenerator<object, void> {
  const refused = body.tools
    ? { code: 'unsupported_parameter', message: 'The built-in model has no tools.' }
    : await unavailable(port);
  if (refused || !port) {
    yield { error: refused };
    return;
  }
  let session: LanguageModelSession | undefined;
  try {
    session = await port.create({ initialPrompts: body.initialPrompts, signal });
    const constraint = body.responseConstraint;
    const reader = session
      .promptStreaming(body.prompt, { signal, ...(constraint && { responseConstraint: constraint }) })
      .getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield { text: value };
    }
    yield { done: true };
  } catch (error) {
    yield { error: inWords(error) };
  } finally {
    session?.destroy();
  }
}

async function unavailable(port: LanguageModelPort | undefined): Promise<Refusal | undefined> {
  const state = await port?.availability().catch(() => 'unavailable' as const);
  switch (state) {
    case 'available':
      return undefined;
    case 'downloadable':
    case 'downloading':
      return { code: 'temporarily_unavailable', message: 'The browser has yet to download its built-in model.' };
    default:
      return { code: 'model_not_found', message: 'This browser has no built-in model.' };
  }
}

const CODES: ReadonlyMap<unknown, string> = new Map([
  ['QuotaExceededError', 'context_length_exceeded'],
  ['NotAllowedError', 'content_filter'],
  ['NotSupportedError', 'unsupported_parameter'],
]);

/** The Prompt API's own errors, by name. */
function inWords(error: unknown): Refusal {
  const { name, message } = Object(error) as { readonly name?: unknown; readonly message?: unknown };
  return { code: CODES.get(name) ?? 'server_error', message: String(message ?? error) };
}
