import { afterEach, describe, expect, it } from 'vitest';
import { closeHosts, createWorld, GUIDE, send, startHost, text, until } from './fakes.testing.ts';

afterEach(closeHosts);

describe('a run', () => {
  it('starts once, streams, is saved and ends', async () => {
    const world = createWorld();
    const { gateway, panel } = startHost(world);
    const one = panel();
    const { userMessage, assistantMessage } = await send(one, 'r1', 'Why are there tides?');
    expect(userMessage).toMatchObject({
      role: 'user',
      parentId: null,
      parts: [{ type: 'text', text: 'Why are there tides?' }],
    });
    expect(assistantMessage).toMatchObject({
      role: 'assistant',
      parentId: userMessage.id,
      status: 'streaming',
      parts: [],
    });

    const call = await gateway.call(0);
    expect(call.request).toMatchObject({ choice: GUIDE, messages: [{ role: 'user', parts: userMessage.parts }] });
    call.emit(
      { type: 'attempt-start', attempt: { number: 1, provider: 'openrouter', model: 'a/b' }, maxOutputTokens: 100 },
      { type: 'response-start', model: 'a/b-2025', provider: 'Upstream' },
      text(0, 'The '),
    );
    call.emit(text(0, 'moon'), { type: 'notice', code: 'cost-estimated', message: 'An estimate.' });
    call.emit({ type: 'usage', usage: { inputTokens: 3, outputTokens: 2 } });
    call.finish();

    const ended = await one.ended('r1');
    expect(one.text('r1')).toBe('The moon');
    expect(ended.message).toMatchObject({
      id: assistantMessage.id,
      status: 'complete',
      finishReason: 'stop',
      parts: [{ type: 'text', text: 'The moon', origin: { provider: 'openrouter', model: 'a/b' } }],
      answeredBy: { provider: 'Upstream', model: 'a/b-2025' },
      usage: { inputTokens: 3, outputTokens: 2 },
      cost: { usd: '0.002', source: 'provider' },
      notices: [{ code: 'cost-estimated', message: 'An estimate.' }],
    });
    expect(await world.conversations.message(assistantMessage.id)).toEqual(ended.message);
    expect(await world.conversations.run('r1')).toMatchObject({ status: 'done', endedAt: expect.any(Number) });
    const view = await one.client.request('conversation.open', { id: 'c1' });
    expect(view.running).toEqual([]);
    expect(view.conversation).toMatchObject({
      title: 'Why are there tides?',
      headId: assistantMessage.id,
      choice: GUIDE,
    });
  });

  it('numbers its events from 1 without gaps, and what they fold to is what is saved', async () => {
    const { gateway, panel } = startHost(createWorld());
    const one = panel();
    await send(one, 'r1', 'Hi');
    const call = await gateway.call(0);
    for (let index = 0; index < 200; index += 1) {
      call.emit(text(0, `${index} `));
      if (index % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    call.finish();
    const { message } = await one.ended('r1');
    const batches = one.events.flatMap((event) => (event.kind === 'run.batch' ? [event.batch] : []));
    let last = 0;
    for (const batch of batches) {
      expect(batch.seq).toBe(last + batch.events.length);
      last = batch.seq;
    }
    expect(batches.length).toBeLessThan(200);
    expect(message.parts).toMatchObject([{ text: Array.from({ length: 200 }, (_, index) => `${index} `).join('') }]);
    expect(one.text('r1')).toBe((message.parts[0] as { text: string }).text);
  });

  it('is started once by two requests of one runId, at once and later, on one panel and on two', async () => {
    const world = createWorld();
    const { gateway, panel } = startHost(world);
    const [one, two] = [panel(), panel()];
    const [first, second] = await Promise.all([send(one, 'r1', 'Hi'), send(two, 'r1', 'Hi')]);
    const third = await send(one, 'r1', 'Hi');
    expect(second.assistantMessage.id).toBe(first.assistantMessage.id);
    expect(third.userMessage).toEqual(first.userMessage);
    const call = await gateway.call(0);
    call.emit(text(0, 'Once'));
    call.finish();
    await Promise.all([one.ended('r1'), two.ended('r1')]);
    expect(two.text('r1')).toBe('Once');
    const fourth = await send(two, 'r1', 'Hi');
    expect(fourth.assistantMessage).toMatchObject({ status: 'complete', parts: [{ text: 'Once' }] });
    expect(gateway.calls.length).toBe(1);
    expect((await world.conversations.messages('c1')).length).toBe(2);
  });

  it('goes on when its panel closes, and a panel opened later gets the whole answer', async () => {
    const { gateway, panel } = startHost(createWorld());
    const first = panel();
    await send(first, 'r1', 'Hi');
    const call = await gateway.call(0);
    call.emit(text(0, 'One, '));
    await until(() => first.text('r1') === 'One, ');
    first.client.close();
    call.emit(text(0, 'two, '));
    await new Promise((resolve) => setTimeout(resolve, 10));

    const second = panel();
    const view = await second.client.request('conversation.open', { id: 'c1' });
    expect(view.running).toEqual([{ runId: 'r1', messageId: view.conversation.headId, seq: expect.any(Number) }]);
    expect(view.messages[1]).toMatchObject({ status: 'streaming', parts: [{ text: 'One, two, ' }] });
    const attached = await second.client.request('run.attach', { runId: 'r1', fromSeq: 0 });
    expect(attached).toMatchObject({ status: 'running', message: { parts: [], runId: 'r1' } });
    call.emit(text(0, 'three'));
    call.finish();
    await second.ended('r1');
    expect(second.text('r1')).toBe('One, two, three');
    expect(call.options.signal.aborted).toBe(false);
    const again = await second.client.request('run.attach', { runId: 'r1', fromSeq: 0 });
    expect(again).toMatchObject({ status: 'ended', message: { parts: [{ text: 'One, two, three' }] } });
  });

  it('is followed from where a panel was, without a word twice', async () => {
    const { gateway, panel } = startHost(createWorld());
    const [one, two] = [panel(), panel()];
    await send(one, 'r1', 'Hi');
    const call = await gateway.call(0);
    call.emit(text(0, 'seen '));
    await until(() => one.text('r1') === 'seen ');
    const { running } = await two.client.request('conversation.open', { id: 'c1' });
    await two.client.request('run.attach', { runId: 'r1', fromSeq: running[0]?.seq ?? -1 });
    call.emit(text(0, 'new'));
    call.finish();
    await two.ended('r1');
    expect(two.text('r1')).toBe('new');
    expect(one.text('r1')).toBe('seen new');
  });

  it('is stopped at once by another panel, and keeps its text', async () => {
    const world = createWorld();
    const { gateway, panel } = startHost(world);
    const [one, two] = [panel(), panel()];
    await send(one, 'r1', 'Hi');
    const call = await gateway.call(0);
    call.emit(text(0, 'So far'));
    await until(() => one.text('r1') === 'So far');
    await two.client.request('run.stop', { runId: 'r1' });
    expect(call.options.signal.aborted).toBe(true);
    const { message } = await one.ended('r1');
    expect(message).toMatchObject({ status: 'interrupted', failure: { kind: 'aborted' }, parts: [{ text: 'So far' }] });
    expect(await world.conversations.run('r1')).toMatchObject({ status: 'stopped' });
  });

  it('is stopped even before it was acknowledged', async () => {
    const { gateway, panel } = startHost(createWorld());
    const one = panel();
    await one.client.request('conversation.create', { id: 'c1' });
    const params = {
      runId: 'r1',
      conversationId: 'c1',
      parentId: null,
      parts: [{ type: 'text', text: 'Hi' }],
      choice: GUIDE,
    } as const;
    const [, stopped] = await Promise.all([
      one.client.request('run.start', params),
      one.client.request('run.stop', { runId: 'r1' }),
    ]);
    expect(stopped).toBeNull();
    expect((await gateway.call(0)).options.signal.aborted).toBe(true);
    expect((await one.ended('r1')).message.status).toBe('interrupted');
  });

  it('goes on twenty times at once, each answer with its own text', async () => {
    const { gateway, panel } = startHost(createWorld());
    const one = panel();
    const ids = Array.from({ length: 20 }, (_, index) => `r${index}`);
    await Promise.all(ids.map((id, index) => send(one, id, `Question ${index}`, `c${index % 5}`)));
    for (const call of gateway.calls) {
      const [part] = call.request.messages.at(-1)?.parts ?? [];
      const question = part?.type === 'text' ? part.text : '';
      for (const word of ['Answer ', 'to ', question]) call.emit(text(0, word));
    }
    for (const call of gateway.calls) call.finish();
    for (const [index, id] of ids.entries()) {
      expect((await one.ended(id)).message.parts).toMatchObject([{ text: `Answer to Question ${index}` }]);
      expect(one.text(id)).toBe(`Answer to Question ${index}`);
    }
  });

  it('answers a message again with another model, as a sibling', async () => {
    const world = createWorld();
    const { gateway, panel } = startHost(world);
    const one = panel();
    const { userMessage, assistantMessage } = await send(one, 'r1', 'Hi');
    (await gateway.call(0)).emit(text(0, 'First'));
    (await gateway.call(0)).finish();
    await one.ended('r1');
    const choice = { provider: 'openrouter', model: 'other/model' };
    const again = await one.client.request('run.start', {
      runId: 'r2',
      conversationId: 'c1',
      parentId: userMessage.id,
      choice,
      parameters: { temperature: 0.3 },
    });
    const call = await gateway.call(1);
    expect(call.request).toMatchObject({ choice, temperature: 0.3, messages: [{ role: 'user' }] });
    expect(again.userMessage).toEqual(userMessage);
    expect(again.assistantMessage).toMatchObject({ parentId: userMessage.id, asked: choice });
    call.emit(text(0, 'Second'));
    call.finish();
    await one.ended('r2');
    // The model of one message is no new default, and the branches can be switched.
    let view = await one.client.request('conversation.open', { id: 'c1' });
    expect(view.conversation).toMatchObject({ headId: again.assistantMessage.id, choice: GUIDE, parameters: {} });
    view = await one.client.request('conversation.branch', { id: 'c1', headId: assistantMessage.id });
    expect(view.conversation.headId).toBe(assistantMessage.id);
    await expect(
      one.client.request('run.start', { runId: 'r3', conversationId: 'c1', parentId: assistantMessage.id, choice }),
    ).rejects.toMatchObject({ failure: { kind: 'internal' } });
  });

  it('ends with a reason when the gateway breaks its word', async () => {
    const { gateway, panel } = startHost(createWorld());
    const one = panel();
    await send(one, 'r1', 'Hi');
    (await gateway.call(0)).emit(text(0, 'Half'));
    (await gateway.call(0)).crash(new TypeError('secret detail'));
    const { message } = await one.ended('r1');
    expect(message).toMatchObject({ status: 'interrupted', failure: { kind: 'internal' }, parts: [{ text: 'Half' }] });
    expect(message.failure?.message).toMatch(/guide.*TypeError/);
    expect(message.failure?.message).not.toContain('secret detail');
  });

  it('keeps only the last attempt, and names the failed ones with what each cost', async () => {
    const { gateway, panel } = startHost(createWorld());
    const one = panel();
    await send(one, 'r1', 'Hi');
    const call = await gateway.call(0);
    const attempt = { number: 1, provider: 'openai', model: 'gpt-5' };
    const failure = {
      kind: 'overloaded',
      retryable: true,
      fallbackable: true,
      message: 'Busy.',
      userAction: 'wait',
    } as const;
    call.emit(
      { type: 'attempt-start', attempt, maxOutputTokens: 9 },
      { type: 'raw-part', part: 0, of: 'reasoning', raw: 'x' },
    );
    call.emit({ type: 'cost', usd: '0.01', source: 'bound', reservationId: 'x1', capLeftUsd: '1' });
    call.emit({ type: 'attempt-failed', attempt, failure });
    call.emit({ type: 'attempt-failed', attempt: { ...attempt, number: 2 }, failure });
    call.emit({
      type: 'attempt-start',
      attempt: { number: 3, provider: 'openrouter', model: 'a/b' },
      maxOutputTokens: 9,
    });
    call.emit(text(0, 'Here'));
    call.finish();
    const { message } = await one.ended('r1');
    expect(message.parts).toEqual([{ type: 'text', text: 'Here', origin: { provider: 'openrouter', model: 'a/b' } }]);
    expect(message.hops).toEqual([
      { attempt, failure, cost: { usd: '0.01', source: 'bound' }, reservationId: 'x1' },
      { attempt: { ...attempt, number: 2 }, failure },
    ]);
    expect(message.cost).toEqual({ usd: '0.012', source: 'provider' });
  });
});
