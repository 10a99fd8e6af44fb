import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainMarkdown, withoutIcons, withoutLinks } from './inert.ts';

/** How VS Code 1.139 finds icons in labels, and links in messages. */
const ICON = /\$\([a-z0-9-]+(?:~[a-z0-9-]+)?\)/gi;
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;

describe('other people’s words', () => {
  it('hold no icon', () => {
    const name = 'GPT $(sync~spin) $$(x) $(a)$(b)';
    expect(name).toMatch(ICON);
    expect(withoutIcons(name)).not.toMatch(ICON);
    expect(withoutIcons(name).replaceAll('\u200b', '')).toBe(name);
    expect(withoutIcons('costs $3 (in)')).toBe('costs $3 (in)');
  });

  it('hold no link, least of all one that runs a command', () => {
    const error = '[Fix it](command:workbench.action.terminal.new) [[a](command:b)](file:///c)';
    expect(error).toMatch(LINK);
    expect(withoutLinks(error)).not.toMatch(LINK);
    expect(withoutLinks(error).replaceAll('\u200b', '')).toBe(error);
    expect(withoutLinks('a[0] (b)')).toBe('a[0] (b)');
  });

  it.each([
    ['[a](command:b) ![c](https://d/e.png)', '\\[a\\](command:b) !\\[c\\](https://d/e.png)'],
    ['<img src=x> &lt; `$(sync~spin)`', '&lt;img src=x> &amp;lt; \\`$\u200b(sync\\~spin)\\`'],
    ['a\n\n# b\n  > c', 'a # b > c'],
    ['*a* _b_ ~~c~~ | \\', '\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\| \\\\'],
    ['# a', '\u200b# a'],
    ['1. a', '\u200b1. a'],
    ['gpt-4.1 failed (429).', 'gpt-4.1 failed (429).'],
  ])('are one line of plain Markdown: %j', (words, markdown) => {
    expect(plainMarkdown(words)).toBe(markdown);
  });

  it('reach a message through `tell` alone, which takes the links away', () => {
    const root = join(import.meta.dirname, '../vscode');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const asking = files.filter((file) =>
      /\bshow(Information|Warning|Error)Message\(/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(asking).toEqual(['tell.ts']);
  });
});
