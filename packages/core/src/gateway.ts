import type { Attempt, ChatEvent, DecoderEvent } from './chat/event.ts';
import type { Failure } from './chat/failure.ts';
import type { ChatRequest } from './chat/request.ts';
import type { Dialect, EncodedRequest } from './dialects/dialect.ts';
import { classifyFailure, gaveUpWaiting, neverSent } from './failures/classify.ts';
import { type Bill, createBill } from './gateway/bill.ts';
import { failedWith, nothingToAdd } from './gateway/endings.ts';
import { internalFailure, lostReservation } from './gateway/failures.ts';
import { shrinkNotice, wholeNotice } from './gateway/notices.ts';
import { type Relay, relayed } from './gateway/relay.ts';
import { createTally } from './gateway/tally.ts';
import type { Key } from './keys/key.ts';
import type { GatewayPorts } from './ports.ts';
import { isLoopback } from './providers/base-url.ts';
import { authHeaders } from './providers/registry.ts';
import { again, pause } from './routing/again.ts';
import { createHealth } from './routing/health.ts';
import { type Candidate, freshKey, planRequest, vaultFailure } from './routing/plan.ts';
import { type Admitted, admit, admitUnpaid } from './spending/admission.ts';
import { isWhole, maxPriceFor } from './spending/bound.ts';
import { countInput } from './spending/count-input.ts';
import { createLeaseKeeper } from './spending/hold.ts';
import { createRepairs } from './spending/repair.ts';
import { handOver } from './transcript/hand-over.ts';
import { mediaSizes, readMedia } from './transcript/media.ts';
import { createSeam } from './transcript/seam.ts';
import { endpointUrl } from './transport/endpoint-url.ts';
import { readBatches } from './transport/read-events.ts';
import { createRepeatGuard } from './transport/repeats.ts';
import { readErrorBody, send } from './transport/send.ts';
import { createStreamTimeouts, DEFAULT_LIMITS, type StreamTimeouts, WHOLE_LIMITS } from './transport/timeouts.ts';
import { validate } from './validation/validate.ts';

export interface ChatOptions {
  /** Kept with every reservation of this request. */
  readonly runId: string;
  /** Aborting it is the user's Stop: the upstream connection closes at once. */
  readonly signal: AbortSignal;
  readonly onReservation?: (reservationId: string) => void | Promise<void>;
  readonly onResponse?: (responseId: string) => void | Promise<void>;
}

export interface Gateway {
  /**
   * One request's whole life as batches of events, one batch a network read. Never throws; ends with exactly one
   * `finish`, its failure inside, and a `cost` before it if anything was sent. Ending the iteration early is a Stop.
   */
  chat(request: ChatRequest, options: ChatOptions): AsyncIterable<readonly ChatEvent[]>;
  /**
   * After a start: counts what dead owners left behind, and asks providers that keep records what it really cost,
   * and whatever else is counted at the most it can have been.
   * @returns how many bills were corrected
   */
  repair(): Promise<number>;
}

type Batch = readonly ChatEvent[];

/** The whole story of one request, from what was asked to what it cost. */
export function createGateway(ports: GatewayPorts): Gateway {
  const keepLease = createLeaseKeeper(ports.ledger, ports.owner);
  const health = createHealth();
  const repairs = createRepairs(ports);

  /** Plan, then walk the candidates: on to the next only for a failure that it may mend, and before anything was seen. */
  async function* chat(
    request: ChatRequest,
    options: ChatOptions,
  ): AsyncGenerator<Batch | Relay<readonly DecoderEvent[], Batch>, void> {
    const steps = [...(await planRequest(request, { ...ports, health }))];
    let failure = internalFailure(request.choice.model, undefined);
    for (let number = 1, step = steps.shift(); step; number++) {
      const attempt = { number, ...step.choice };
      const failed = 'failure' in step ? step.failure : yield* tryCandidate(step, attempt, request, options);
      if (!failed) return;
      failure = failed;
      if (options.signal.aborted) break;
      const once = 'failure' in step ? undefined : again(step, failed);
      step = once?.candidate ?? (failure.fallbackable ? steps.shift() : undefined);
      if (!step) break;
      if (once?.learned) await ports.wholeOnly?.add(attempt).catch(() => undefined);
      else yield [{ type: 'attempt-failed', attempt, failure }];
      if (once && once.waitMs > 0) await pause(once.waitMs, options.signal);
    }
    yield [failedWith(failure)];
  }

  /**
   * One candidate: validate, hand over, encode, reserve, send, decode, settle. Yields its events up to and including the `finish`;
   * or returns the failure, where nobody has seen anything of the answer yet.
   */
  async function* tryCandidate(
    candidate: Candidate,
    attempt: Attempt,
    asked: ChatRequest,
    options: ChatOptions,
  ): AsyncGenerator<Batch | Relay<readonly DecoderEvent[], Batch>, Failure | undefined> {
    const { provider, model, modelId } = candidate;
    const name = model?.name ?? modelId;
    let bill: Bill | undefined;
    try {
      // Validate: refuse, or drop and adapt with a notice.
      const checked = validate({ ...asked, choice: candidate.choice }, model, provider, ports.now());
      if ('refuse' in checked) return checked.refuse;

      // Hand over: what others wrote, in the form that this model accepts.
      const { system: told, ...plain } = checked.request;
      const thinks = (plain.reasoningEffort ?? 'none') !== 'none';
      const target = { ...candidate, thinks, formed: plain.responseFormat !== undefined };
      const { messages, system, notices, continues } = handOver(plain.messages, target, told);
      const request: ChatRequest = { ...plain, messages, ...(system !== undefined && { system }) };

      // Encode for whatever maximum the caps allow, and reserve the bound of these very bytes before anything is sent.
      const reservationId = ports.newId();
      // Where a bundle has chunks, the dialects are one: nothing needs them before the first message.
      const dialect = (await import('./dialects/lookup.ts')).dialectOf(provider.dialect);
      const admission = await reserve(candidate, dialect, request, checked.maxOutputTokens, reservationId, options);
      if (!admission.ok) return admission.failure;
      const { encoded, maxOutputTokens, shrunk } = admission;
      bill = createBill({ ports, keepLease, repairs, reservationId, candidate, admitted: admission });
      await options.onReservation?.(reservationId);
      yield [
        { type: 'attempt-start', attempt, maxOutputTokens },
        ...[
          ...[...checked.notices, ...notices, ...encoded.notices],
          ...(shrunk ? [shrinkNotice(name, maxOutputTokens, shrunk)] : []),
          ...(candidate.whole ? [wholeNotice(name)] : []),
        ].map((notice) => ({ type: 'notice' as const, ...notice })),
      ];

      // Send, under a secret that is opened here and nowhere else.
      const timeouts = createStreamTimeouts(ports.now(), candidate.whole ? WHOLE_LIMITS : DEFAULT_LIMITS);
      const answer = await sendEncoded(candidate, dialect, encoded, bill, timeouts, options.signal);
      if (!answer.ok) {
        if (answer.events.length > 0) yield answer.events;
        return learn(candidate, answer.failure);
      }

      // Decode: what can be seen is passed on at once, but for what was there before; the finish waits for the bill.
      const tally = createTally();
      const seam = continues && createSeam(continues);
      let responseId: string | undefined;
      const noteResponse = (id: string | undefined) => {
        if (id === undefined || responseId !== undefined) return;
        responseId = id;
        bill?.noteResponse(id);
        void Promise.resolve(options.onResponse?.(id)).catch(() => undefined);
      };
      if (provider.responseIdHeader) noteResponse(answer.response.headers.get(provider.responseIdHeader) ?? undefined);
      const decoder = dialect.createDecoder({
        provider: provider.name,
        model: name,
        secret: answer.secret,
        ...(provider.flags.thinkTags && { thinkTags: provider.flags.thinkTags }),
      });
      const reading = { signal: options.signal, guard: createRepeatGuard(), timeouts, now: ports.now };
      yield {
        read: (deliver) => readBatches(answer.response.body, decoder, deliver, reading),
        take: (events) => {
          const said = tally.note(events);
          noteResponse(tally.responseId());
          if (said.length === 0) return undefined;
          return seam ? seam.push(said) : said;
        },
      };
      const rest = seam?.end(tally.finish()?.failure === undefined) ?? [];
      if (rest.length > 0) yield rest;

      // Settle: the provider's figure, else the price table, else the most it can have been.
      yield await bill.settle(tally);
      const end = tally.finish() ?? failedWith(internalFailure(modelId, undefined));
      const finish = seam && !tally.visible() ? nothingToAdd(end) : end;
      const seen = seam?.visible() ?? tally.visible();
      if (finish.failure && !seen) return learn(candidate, finish.failure);
      if (!finish.failure) health.succeeded(candidate);
      yield [finish.failure && finish.reason === 'error' ? { ...finish, reason: 'interrupted' } : finish];
      return undefined;
    } catch (error) {
      return internalFailure(name, error);
    } finally {
      // Whatever the way out, the reservation ends: what was never sent is released, what was counts in full.
      await bill?.close();
    }
  }

  const open = async (key: Key) => (await ports.vault.open(key.id)).secret;

  function learn(candidate: Candidate, failure: Failure): Failure {
    health.failed(candidate, failure, ports.now());
    return failure;
  }

  async function reserve(
    { provider, model, modelId, key, whole }: Candidate,
    dialect: Dialect,
    request: ChatRequest,
    maxOutputTokens: number,
    reservationId: string,
    { runId, signal }: ChatOptions,
  ): Promise<Admitted<EncodedRequest> | { readonly ok: false; readonly failure: Failure }> {
    const media = await readMedia(request.messages, ports.blob);
    const listed = model?.price;
    const price = listed && isWhole(listed) ? listed : await ports.worstCase?.(provider.id, modelId);
    const encode = (most: number): EncodedRequest => {
      const input = { request, provider, model, maxOutputTokens: most, media, ...(whole && { whole }) };
      const plain = dialect.encode(input);
      if (!provider.flags.sendsMaxPrice || !price) return plain;
      // A router gets the price we reserve at as a hard limit; that of the size class the body can reach at most.
      const maxPrice = maxPriceFor(price, plain.body.length * 4);
      return maxPrice ? dialect.encode({ ...input, maxPrice }) : plain;
    };
    if (!key) return admitUnpaid(encode(maxOutputTokens), maxOutputTokens);
    return admit({
      reservationId,
      runId,
      key,
      providerName: provider.name,
      modelId,
      modelName: model?.name ?? modelId,
      price,
      maxOutputTokens,
      smallestOutputTokens: provider.flags.minOutputTokens ?? 1,
      addsPrompt: (request.tools?.length ?? 0) > 0 || request.responseFormat !== undefined,
      media: mediaSizes(request.messages, media, model?.maxContextTokens ?? model?.contextTokens),
      encode,
      countInput: (body) =>
        countInput(body, { fetch: ports.fetch, provider, modelId, secret: () => open(key), signal }),
      ledger: ports.ledger,
      owner: ports.owner,
      reread: () => freshKey({ id: key.id, model: modelId }, ports),
    });
  }

  async function sendEncoded(
    { provider, model, modelId, key, whole }: Candidate,
    { respond }: Dialect,
    encoded: EncodedRequest,
    bill: Bill,
    timeouts: StreamTimeouts,
    signal: AbortSignal,
  ): Promise<{ ok: true; response: Response; secret: string } | { ok: false; events: Batch; failure: Failure }> {
    const about = {
      provider: provider.name,
      providerId: provider.id,
      model: model?.name ?? modelId,
      browser: provider.browser,
      local: provider.local !== undefined,
      now: ports.now(),
    };
    if (respond) return { ok: true, response: respond(encoded), secret: '' };

    let secret = '';
    try {
      if (key) secret = await open(key);
    } catch (error) {
      return { ok: false, events: [], failure: vaultFailure(error, about.model) };
    }
    if (signal.aborted) return { ok: false, events: [], failure: stopped(about) };
    if (ports.online?.() === false && !isLoopback(provider.baseUrl)) {
      return { ok: false, events: [], failure: classifyFailure({ ...about, source: 'exception', error: OFFLINE }) };
    }
    if (!(await bill.markSent())) return { ok: false, events: [], failure: lostReservation(about.model) };
    if (signal.aborted) {
      await bill.release();
      return { ok: false, events: [], failure: stopped(about) };
    }

    const sent = await send({
      fetch: ports.fetch,
      url: endpointUrl(provider.baseUrl, encoded.path),
      headers: {
        ...provider.headers,
        ...encoded.headers,
        ...(whole && { accept: 'application/json' }),
        ...authHeaders(provider, secret),
      },
      body: encoded.body,
      signal,
      timeouts,
      now: ports.now,
    });
    if ('response' in sent && sent.response.ok) return { ok: true, response: sent.response, secret };
    if ('response' in sent) {
      // No provider bills an error status of its own.
      const mayGoOn = gaveUpWaiting(sent.status) && !provider.errorsAreFree;
      if (!mayGoOn) await bill.release();
      const { status, response } = sent;
      const body = await readErrorBody(response);
      return {
        ok: false,
        events: mayGoOn ? await bill.settleUnanswered() : [],
        failure: classifyFailure({ ...about, secret, source: 'http', status, headers: response.headers, body }),
      };
    }
    const isUnsent = 'error' in sent && neverSent(sent.error);
    if (isUnsent) await bill.release();
    const failure =
      'cause' in sent
        ? classifyFailure({ ...about, secret, source: 'end', cause: sent.cause })
        : classifyFailure({ ...about, secret, source: 'exception', error: sent.error });
    return { ok: false, events: isUnsent ? [] : await bill.settleUnanswered(), failure };
  }

  return {
    chat: (request, options) => relayed(chat(request, options)),
    repair: repairs.all,
  };
}

/** By the user, before anything was sent. */
function stopped(about: { readonly provider: string; readonly model: string; readonly now: number }): Failure {
  return classifyFailure({ ...about, source: 'end', cause: { kind: 'aborted' } });
}

/** In the words that the failure tables know. */
const OFFLINE = new TypeError('ERR_INTERNET_DISCONNECTED');
