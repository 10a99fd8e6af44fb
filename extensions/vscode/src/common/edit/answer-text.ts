import { type MessageRecord, type PanelClient, PanelError, type Requests } from '@patchbay/chat/contract';

export interface AnswerListener {
  /** It is under way: the question is stored under this id. */
  onBegun(userMessageId: string): void;
  /** The next piece; together they are the answer's text. */
  onText(text: string): void;
}

/**
 * Starts an answer as a panel would, so that history and ledger hold it like any other, and hands its text over as it
 * comes. Aborting stops the run; what was said until then stays in the history.
 * @returns the answer's final message, however it ended
 * @throws PanelError where nothing was started, or the host is gone
 */
export async function answerText(
  client: PanelClient,
  start: Requests['run.start']['params'],
  { onBegun, onText }: AnswerListener,
  signal: AbortSignal,
): Promise<MessageRecord> {
  const { runId } = start;
  const { promise: ended, resolve, reject } = Promise.withResolvers<MessageRecord>();
  ended.catch(() => undefined);
  let text = '';
  let given = 0;
  const give = () => {
    if (text.length <= given) return;
    const news = text.slice(given);
    given = text.length;
    onText(news);
  };
  const unsubscribe = client.subscribe((event) => {
    if (event.kind === 'run.batch' && event.batch.runId === runId) {
      // Told again from its beginning: what was handed over already is not handed over twice.
      if (event.batch.restart) text = '';
      for (const one of event.batch.events) if (one.type === 'text') text += one.text;
      give();
    } else if (event.kind === 'run.ended' && event.runId === runId) resolve(event.message);
    else if (event.kind === 'connection' && event.state === 'failed') reject(new PanelError(event.failure));
  });
  const stop = () => void client.request('run.stop', { runId }).catch(() => undefined);
  try {
    const { userMessage } = await client.request('run.start', start);
    onBegun(userMessage.id);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    const message = await ended;
    const whole = message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
    if (whole.length > text.length) text = whole;
    give();
    return message;
  } finally {
    signal.removeEventListener('abort', stop);
    unsubscribe();
  }
}
