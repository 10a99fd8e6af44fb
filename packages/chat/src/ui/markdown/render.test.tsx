import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { lex } from './lexer.ts';
import { Block } from './render.tsx';

const shown = (text: string): string =>
  renderToStaticMarkup(lex(text).map((token) => <Block key={token.raw} token={token} />));

describe('a model’s text becomes no markup of its own', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <img src=https://evil.example/p.png> b',
    '<svg/onload=alert(1)>',
    '<iframe srcdoc="<script>1</script>">',
    '<style>@import "https://evil.example"</style>',
    '<a href="javascript:alert(1)">x</a>',
    '| <img src=x> |\n|---|\n| <b onclick=1>x</b> |',
    '- <input autofocus onfocus=alert(1)>',
    '&lt;img src=x onerror=alert(1)&gt;',
    '`<img src=x>`',
  ])('%s', (text) => {
    expect(shown(text)).not.toMatch(/<(?:script|img|svg|iframe|style|a|b|input)\b/i);
  });
});

describe('a link leads to the web, or nowhere', () => {
  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java&#x09;script:alert(1))',
    '[x](javascript&colon;alert(1))',
    '[x](<java\tscript:alert(1)>)',
    '[x](&#106;avascript:alert(1))',
    '[x](\u0001javascript:alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '[x](vbscript:msgbox)',
    '[x](file:///etc/passwd)',
    '[x](command:workbench.action.terminal.new)',
    '[x](vscode://file/etc/passwd)',
    '[x](chrome://settings)',
    '[x](blob:https://example.com/1)',
    '[x](//evil.example)',
    '[x](view-source:https://example.com)',
    '<javascript:alert(1)>',
    '[x]\n\n[x]: javascript:alert(1)',
    '![x](javascript:alert(1))',
    '[![x](data:image/svg+xml,<svg onload=1>)](javascript:alert(1))',
  ])('%j', (text) => {
    expect(shown(text)).not.toMatch(/<a\b|<img\b|<button\b/);
  });

  it('opens outside of the panel, and tells the other side nothing', () => {
    expect(shown('[x](https://example.com/a)')).toContain(
      '<a href="https://example.com/a" target="_blank" rel="noopener noreferrer" title="https://example.com/a">',
    );
  });
});

it('no mark turns what follows around, and none moves code at all', () => {
  const turned = 'a\u202eb';
  for (const text of [
    turned,
    `<i>${turned}</i> x`,
    `<div>${turned}</div>`,
    `[${turned}](https://a.example)`,
    `![${turned}](x)`,
  ]) {
    expect(shown(text)).not.toContain('\u202e');
  }
  // In code, not even those that languages need: a compiler reads straight on.
  expect(shown('`a \u2066 // \u2069\u2066 b \u202e c \u200f d`')).toContain('>a  //  b  c  d</code>');
});

it('fetches no image by itself, wherever it stands', () => {
  const image = '![x](https://evil.example/p.png?q=secret)';
  for (const text of [image, `[${image}](https://example.com)`, `- ${image}`, `> ${image}`, `| ${image} |\n|---|`]) {
    expect(shown(text)).not.toContain('<img');
    expect(shown(text)).toContain('evil.example');
  }
});
