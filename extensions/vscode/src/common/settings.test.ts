import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const read = (values: Readonly<Record<string, unknown>>) => readSettings((name) => values[name]);
const DEFAULTS = {
  ...{ instructions: '', prompts: {}, surroundingLines: 0, problems: false, review: false },
  ...{ codeLens: true, statusBar: true, nativeModels: 'all' },
};

describe('readSettings', () => {
  it('takes what the manifest promises', () => {
    expect(
      read({
        ...{ maxOutputTokens: 500, instructions: 'Tabs.', prompts: { Rhyme: 'Say it in rhyme.' } },
        ...{ 'context.surroundingLines': 7, 'context.problems': true, 'context.review': true },
        ...{ 'edit.codeLens': false, statusBar: false, 'nativeChat.models': 'none' },
      }),
    ).toEqual({
      ...{ maxOutputTokens: 500, instructions: 'Tabs.', prompts: { Rhyme: 'Say it in rhyme.' } },
      ...{ surroundingLines: 7, problems: true, review: true, codeLens: false, statusBar: false, nativeModels: 'none' },
    });
  });

  it.each([
    {},
    { maxOutputTokens: null, instructions: null, prompts: null, 'context.surroundingLines': null, statusBar: null },
    { maxOutputTokens: '500', instructions: 5, prompts: 'Rhyme', 'context.surroundingLines': '7', statusBar: 'no' },
    { maxOutputTokens: -1, instructions: {}, prompts: ['a'], 'context.surroundingLines': -7, 'edit.codeLens': 0 },
    { maxOutputTokens: 0.5, prompts: { a: 1, b: null, c: '' }, 'context.surroundingLines': Number.NaN },
    { 'nativeChat.models': 'most', 'context.problems': 'true', 'context.review': 1 },
  ])('takes what is none for not set: %j', (values) => {
    expect(read(values)).toEqual(DEFAULTS);
  });

  it('sends no more lines along than the manifest allows', () => {
    expect(read({ 'context.surroundingLines': 1e9 }).surroundingLines).toBe(2000);
  });
});
