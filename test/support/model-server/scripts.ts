import type { Script } from './stage.ts';

/** Everything a provider does wrong, one script each. */

/** `count` chunks, one every `everyMs`, the first after `firstMs`. */
export const scheduled =
  (chunks: readonly string[], everyMs: number, firstMs = 0): Script =>
  async (stage) => {
    stage.head();
    await stage.wait(firstMs);
    for (const [index, chunk] of chunks.entries()) {
      if (index > 0) await stage.wait(everyMs);
      stage.text(chunk);
    }
    stage.finish({ promptTokens: 12, completionTokens: chunks.length, cost: 0.000_01 * chunks.length });
  };

/** Answers nobody before so many have asked: what they are told is then told side by side, however busy the machine is. */
export function together(count: number, script: Script): Script {
  let asked = 0;
  const all = Promise.withResolvers<void>();
  return async (stage) => {
    asked += 1;
    if (asked >= count) all.resolve();
    await all.promise;
    await script(stage);
  };
}

/** Silence, then a whole answer. The headers come at once or with the first token. */
export const slowStart =
  (ms: number, text: string, headersFirst = true): Script =>
  async (stage) => {
    if (headersFirst) stage.head();
    await stage.wait(ms);
    stage.text(text);
    stage.finish({ promptTokens: 12, completionTokens: 4, cost: 0.000_02 });
  };

/** Stops in the middle of an event, as when a proxy dies. */
export const cutInFrame =
  (text: string): Script =>
  (stage) => {
    stage.text(text);
    stage.raw('data: {"id":"gen-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"cont');
    stage.end();
  };

/** Torn down without a goodbye after some text. */
export const resetAfter =
  (text: string): Script =>
  async (stage) => {
    stage.text(text);
    await stage.wait(200);
    stage.reset();
  };

/** 200 and an event-stream content type, and then something else entirely. */
export const garbage: Script = (stage) => {
  stage.raw(
    '<!doctype html>\n<html><head><title>Sign in to the guest network</title></head>\n<body>Welcome</body></html>\n',
  );
  stage.end();
};

/** A page where an answer was expected, as hotel networks do. */
export const htmlPage: Script = (stage) => {
  stage.head(200, { 'content-type': 'text/html' });
  stage.raw('<!doctype html><title>Sign in to the guest network</title><p>Welcome</p>');
  stage.end();
};

/** Some text, then an error inside the stream of a 200 answer. */
export const errorInStream =
  (text: string, code = 502, message = 'Provider returned error'): Script =>
  (stage) => {
    if (text) stage.text(text);
    stage.raw(
      `data: ${JSON.stringify({ id: 'gen-1', object: 'chat.completion.chunk', error: { code, message, metadata: { error_type: 'provider_unavailable' } }, choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }] })}\n\n`,
    );
    stage.raw('data: [DONE]\n\n');
    stage.end();
  };

/** An error status with OpenRouter's body. */
export const refuses =
  (status: number, message: string, extra: { headers?: Record<string, string>; metadata?: object } = {}): Script =>
  (stage) =>
    stage.json(
      status,
      { error: { message, code: status, ...(extra.metadata ? { metadata: extra.metadata } : {}) } },
      extra.headers,
    );

/** Closes the connection before a byte of the answer. */
export const hangsUp: Script = (stage) => stage.reset();
