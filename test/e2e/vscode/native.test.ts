import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../../scripts/lib/project.ts';
import { scheduled } from '../../support/model-server/scripts.ts';
import type { Stage } from '../../support/model-server/stage.ts';
import { type Studio, startStudio } from '../../support/vscode/studio.ts';
import { openNativeChat, type Workbench } from '../../support/vscode/workbench.ts';

let studio: Studio;
let window: Workbench;
beforeAll(async () => {
  // Another extension uses our models, over VS Code's own interface.
  studio = await startStudio({ beside: [join(ROOT, 'test/e2e/vscode/consumer')] });
  window = await studio.window();
  await studio.addKey(window, { cap: '0.5' });
  await studio.panel(window, 'claude-sonnet-4.5');
});
afterEach(({ task }) => studio?.tidy(task, window));
afterAll(() => studio?.close());

interface PlainPart {
  readonly type: string;
  readonly text?: string;
  readonly mimeType?: string;
  readonly input?: unknown;
}

/** Runs a command of the other extension and reads what it got. */
async function witness<T>(title: string, task: string): Promise<T> {
  await window.run(`Witness: ${title}`);
  const file = join(studio.editor.workspace, `${task}.json`);
  await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8').length > 0, { timeout: 60_000 }).toBe(true);
  return JSON.parse(readFileSync(file, 'utf8'));
}

const textOf = (parts: readonly PlainPart[]) =>
  parts.flatMap(({ type, text }) => (type === 'text' ? [text] : [])).join('');
const usageOf = (parts: readonly PlainPart[]) => {
  const usage = parts.find(({ mimeType }) => mimeType === 'usage');
  return JSON.parse(usage?.text ?? '{}') as Readonly<Record<string, number>>;
};
const lastRequest = () => studio.server.journal.chats().at(-1)?.json;

describe('VS Code’s own chat', () => {
  it('answers with the model that its picker names, as @patchbay and over our provider', async () => {
    const native = await openNativeChat(window);
    await native.chooseModel('Anthropic: Claude Sonnet 4.5');
    await native.send('@patchbay Write a debounce function.');
    // Its last words: only then is it settled.
    expect(await native.reply(/standing in for Claude Sonnet 4\.5/)).toContain('A debounced function waits');
    expect(String(lastRequest()?.model)).toContain('claude-sonnet');
    expect(JSON.stringify(lastRequest()?.messages)).toContain('Write a debounce function.');
    await studio.picture(window, 'native-chat');
    await expect.poll(() => window.statusBar().textContent()).toMatch(/\$0\.00\d+ \/ \$0\.50/);
    // The other extension's participant asks whichever model was picked: VS Code brings its request to our provider.
    await native.chooseModel('OpenAI: GPT-5 Mini');
    await native.send('@witness Write a throttle function.');
    expect(await native.reply(/standing in for GPT-5 Mini/)).toContain('prepared answer');
    expect(lastRequest()?.model).toBe('openai/gpt-5-mini');
    expect(JSON.stringify(lastRequest()?.messages)).toContain('Write a throttle function.');
  });
});

describe('@patchbay', () => {
  it('reads what was attached, says what it could not read, and remembers both with its answer', async () => {
    const native = await openNativeChat(window);
    await native.chooseModel('Anthropic: Claude Sonnet 4.5');
    const before = studio.server.journal.chats().length;
    await witness('Attach Files', 'attach');
    await expect.poll(() => studio.server.journal.chats().length).toBe(before + 1);
    expect(JSON.stringify(lastRequest()?.messages)).toContain('return a + b;');
    expect(JSON.stringify(lastRequest()?.messages)).toContain('Attached: sample.js (about');
    // Its last words, too: only then is it settled.
    await native.reply(/Not sent along: .*ws[\s\S]*standing in for Claude Sonnet 4\.5/);
    await studio.picture(window, 'native-attached');
    await native.send('@patchbay Why?');
    await expect.poll(() => studio.server.journal.chats().length).toBe(before + 2);
    const messages = lastRequest()?.messages as readonly Record<string, unknown>[];
    expect(
      messages
        .filter(({ role }) => role !== 'system')
        .map(({ role }) => role)
        .slice(-3),
    ).toEqual(['user', 'assistant', 'user']);
    expect(JSON.stringify(messages.at(-3))).toContain('return a + b;');
    expect(JSON.stringify(messages.at(-2))).toMatch(/"content":.{0,40}A debounced function waits/);
    await native.reply(/standing in for Claude Sonnet 4\.5/);
  });
});

describe('another extension', () => {
  it('finds the models of the user’s keys, each with its family and size', async () => {
    const models = await witness<readonly Record<string, unknown>[]>('List Models', 'models');
    expect(models.length).toBeGreaterThan(5);
    const sonnet = models.find(({ version }) => version === 'anthropic/claude-sonnet-4.5');
    expect(sonnet).toMatchObject({ name: 'Anthropic: Claude Sonnet 4.5', family: 'claude-sonnet-4.5' });
    expect(sonnet?.maxInputTokens).toBeGreaterThan(100_000);
    expect(models.some(({ name }) => /guide/i.test(String(name)))).toBe(false);
  });

  it('gets an answer as it comes, and what it used', async () => {
    const words = Array.from({ length: 8 }, (_, index) => `word${index} `);
    const restore = studio.answering(scheduled(words, 300));
    const { parts, tokens } = await witness<{ parts: readonly PlainPart[]; tokens: number }>(
      'Stream an Answer',
      'stream',
    );
    restore();
    expect(textOf(parts)).toBe(words.join(''));
    expect(parts.filter(({ type }) => type === 'text').length).toBeGreaterThan(3);
    expect(usageOf(parts)).toEqual({ prompt_tokens: 12, completion_tokens: 8, total_tokens: 20 });
    expect(tokens).toBeGreaterThan(4);
  });

  it('calls tools, and the model’s next turn has back what only its provider can read', async () => {
    const restore = studio.answering((stage) => (answers(stage) ? finishes(stage) : callsTool(stage)));
    const { first, second } = await witness<{ first: readonly PlainPart[]; second: readonly PlainPart[] }>(
      'Call a Tool',
      'tools',
    );
    restore();
    expect(first).toContainEqual({ type: 'tool-call', name: 'add', input: { a: 2, b: 3 } });
    expect(textOf(second)).toBe('It is 5.');
    expect(lastRequest()?.tools).toMatchObject([{ function: { name: 'add' } }]);
    const messages = lastRequest()?.messages as readonly Record<string, unknown>[];
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(messages[1]?.reasoning_details).toEqual([
      {
        type: 'reasoning.text',
        text: 'Two and three.',
        signature: 'sealed-thought',
        format: 'anthropic-claude-v1',
        index: 0,
      },
    ]);
    expect(messages[2]).toMatchObject({ tool_call_id: 'call_1', content: '5' });
  });

  it('may show an image', async () => {
    const { parts } = await witness<{ parts: readonly PlainPart[] }>('Send an Image', 'image');
    expect(textOf(parts)).not.toBe('');
    expect(JSON.stringify(lastRequest()?.messages)).toContain('data:image/png;base64,iVBORw0KGgo');
  });

  it('stops the provider when it cancels', async () => {
    const restore = studio.answering(
      scheduled(
        Array.from({ length: 200 }, (_, i) => `w${i} `),
        200,
      ),
    );
    const { parts } = await witness<{ parts: readonly PlainPart[] }>('Cancel an Answer', 'cancel');
    restore();
    expect(textOf(parts).length).toBeLessThan(100);
    await expect.poll(() => studio.server.journal.chats().at(-1)?.closedBy).toBe('client');
  });
});

describe('a cap that is lowered below what was spent', () => {
  it('refuses VS Code’s own chat and other extensions as well, says why, and sends nothing', async () => {
    await window.run('Patchbay: Manage Keys and Caps…');
    await window.pick('OpenRouter');
    await window.pick('Set caps…');
    await window.pick('in total');
    await window.answer('0.0001');
    await window.box().locator('.monaco-list-row').filter({ hasText: '$0.0001' }).waitFor();
    await window.page.keyboard.press('Escape');
    await window.page.keyboard.press('Escape');
    const before = studio.server.journal.chats().length;
    const native = await openNativeChat(window);
    await native.chooseModel('Anthropic: Claude Sonnet 4.5');
    await native.send('@patchbay And now?');
    expect(await native.reply(/cap of/)).toContain('nothing was spent');
    const refused = await witness<{ error: string; code: string }>('Be Refused', 'refused');
    expect(refused.code).toBe('Blocked');
    expect(refused.error).toMatch(/Claude Sonnet 4\.5.*cap/);
    expect(studio.server.journal.chats()).toHaveLength(before);
    await studio.picture(window, 'native-refused');
  });
});

const answers = ({ exchange }: Stage) => JSON.stringify(exchange.json?.messages).includes('tool_call_id');

/** Thinks, with a signature that has to come back, and calls the tool. */
function callsTool(stage: Stage): void {
  const event = (delta: object, finish: string | null = null) =>
    stage.raw(
      `data: ${JSON.stringify({ id: 'gen-tool', object: 'chat.completion.chunk', model: 'anthropic/claude-sonnet-4.5', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
    );
  const thought = { type: 'reasoning.text', format: 'anthropic-claude-v1', index: 0 };
  event({
    role: 'assistant',
    reasoning: 'Two and three.',
    reasoning_details: [{ ...thought, text: 'Two and three.' }],
  });
  event({ reasoning_details: [{ ...thought, signature: 'sealed-thought' }] });
  event({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'add', arguments: '' } }] });
  event({ tool_calls: [{ index: 0, function: { arguments: '{"a":2,"b":3}' } }] });
  event({}, 'tool_calls');
  stage.raw(
    `data: ${JSON.stringify({ id: 'gen-tool', choices: [], usage: { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30, cost: 0.0001 } })}\n\n`,
  );
  stage.raw('data: [DONE]\n\n');
  stage.end();
}

function finishes(stage: Stage): void {
  stage.text('It is 5.');
  stage.finish({ promptTokens: 30, completionTokens: 4, cost: 0.0001 });
}
