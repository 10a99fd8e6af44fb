import { describe, expect, it } from 'vitest';
import { block, contextItems, describeContext, messageText, type SelectionSnapshot } from './context.ts';
import { editMessage, fillPrompt, systemPrompt } from './prompts.ts';
import { estimateTokens, formatTokens } from './tokens.ts';

const snapshot: SelectionSnapshot = {
  file: 'src/a.ts',
  language: 'typescript',
  firstLine: 3,
  lastLine: 4,
  text: 'const a = 1;\nconst b = a;\n',
  above: 'import x;\n\n',
  below: '',
  problems: [{ line: 4, severity: 'error', message: 'no\n  good', source: 'ts' }],
};

describe('contextItems', () => {
  it('offers the selection, what is around it and its problems, each with its tokens', () => {
    const items = contextItems(snapshot);
    expect(items.map((item) => [item.kind, item.label])).toEqual([
      ['selection', 'src/a.ts:3–4'],
      ['surroundings', '2 surrounding lines'],
      ['problems', '1 problem'],
    ]);
    for (const item of items) expect(item.tokens).toBe(estimateTokens(item.text));
    expect(items[0]?.text).toBe('src/a.ts:3–4 (typescript)\n\n```typescript\nconst a = 1;\nconst b = a;\n```');
    expect(items[2]?.text).toBe('Problems reported there:\n\n- line 4, error (ts): no good');
  });

  it('leaves out what is empty', () => {
    expect(contextItems({ ...snapshot, text: '', above: '\n', problems: [] })).toEqual([]);
  });
});

describe('messageText', () => {
  it('is the question alone without a context', () => {
    expect(messageText('Why?', [])).toBe('Why?');
  });

  it('says what is attached and how large it is', () => {
    const items = contextItems({ ...snapshot, above: '' });
    const tokens = items.reduce((sum, item) => sum + item.tokens, 0);
    expect(describeContext(items)).toBe(`src/a.ts:3–4 · 1 problem (about ${tokens} tokens)`);
    expect(messageText('Why?', items).split('\n\n').slice(0, 2)).toEqual([
      'Why?',
      `Attached: ${describeContext(items)}`,
    ]);
  });

  it('fences code that holds fences', () => {
    expect(block('```js\nx\n```\n', 'markdown')).toBe('````markdown\n```js\nx\n```\n````');
  });
});

describe('prompts', () => {
  it('asks an edit for the fence that its reader expects', () => {
    const text = editMessage('shorter', { ...snapshot, language: 'markdown', text: '```\nx\n```\n' }, []);
    expect(text).toContain('fenced by 4 backticks as the lines above are');
    expect(text).toContain('Instruction: shorter');
  });

  it('fills in the user’s own prompts, once', () => {
    expect(fillPrompt('Port {file} from {language}; keep {x}', { file: '{language}.c', language: 'c' })).toBe(
      'Port {language}.c from c; keep {x}',
    );
  });

  it('adds the user’s instructions, if there are any', () => {
    expect(systemPrompt('  ').split('\n\n')).toHaveLength(1);
    expect(systemPrompt('Use tabs.')).toMatch(/\n\nUse tabs\.$/);
  });
});

describe('tokens', () => {
  it('counts bytes, not characters', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('🙂')).toBe(1);
    expect(estimateTokens('🙂a')).toBe(2);
  });

  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1k'],
    [1250, '1.3k'],
    [35_400, '35k'],
    [999_600, '1M'],
    [1_250_000, '1.3M'],
  ])('shows %i as %s', (count, shown) => {
    expect(formatTokens(count)).toBe(shown);
  });
});
