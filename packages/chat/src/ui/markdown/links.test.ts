import { describe, expect, it } from 'vitest';
import { decodeEntities, shownText } from './entities.ts';
import { safeHref, safeImage } from './links.ts';

describe('safeHref', () => {
  it.each([
    ['https://example.com/a?b=c#d', 'https://example.com/a?b=c#d'],
    ['http://example.com', 'http://example.com/'],
    ['mailto:a@example.com', 'mailto:a@example.com'],
    ['HTTPS://EXAMPLE.COM', 'https://example.com/'],
  ])('lets %s through', (href, expected) => {
    expect(safeHref(href)).toBe(expected);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://example.com/x',
    'chrome-extension://abc/page.html',
    'filesystem:https://a/b',
    '/relative',
    '#fragment',
    '//host/path',
    'https://bank.example@evil.example/',
    'https://bank.example:443@evil.example/',
    'https://:x@evil.example/',
    '',
  ])('refuses %j', (href) => {
    expect(safeHref(href)).toBeUndefined();
  });
});

describe('safeImage', () => {
  it('names the host that would learn of the fetch', () => {
    expect(safeImage('https://cdn.example.com/x.png')).toEqual({
      url: 'https://cdn.example.com/x.png',
      host: 'cdn.example.com',
    });
  });

  it.each(['mailto:a@b.c', 'data:image/svg+xml,<svg onload=alert(1)>', 'javascript:alert(1)'])('refuses %s', (src) => {
    expect(safeImage(src)).toBeUndefined();
  });
});

describe('decodeEntities', () => {
  it.each([
    ['a &amp; b &lt;i&gt;', 'a & b <i>'],
    ['&amp;lt;', '&lt;'],
    ['&unknown; &constructor; &;', '&unknown; &constructor; &;'],
    ['no reference', 'no reference'],
  ])('%j is %j', (text, expected) => {
    expect(decodeEntities(text)).toBe(expected);
  });
});

it('shows no text that reads backwards', () => {
  expect(shownText('see \u202Emoc.elgoog\u202C &amp; more')).toBe('see moc.elgoog\u202C & more');
});
