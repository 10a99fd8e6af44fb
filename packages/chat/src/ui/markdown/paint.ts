/** A stretch of code with one colour: [start, end) in UTF-16 units. */
export interface Paint {
  readonly kind: 'comment' | 'string' | 'number' | 'keyword' | 'name';
  readonly start: number;
  readonly end: number;
}

const KEYWORDS =
  'abstract alias all and any as assert async await begin bool boolean break by byte case catch chan char class const constexpr ' +
  'constructor continue create crate debugger declare def default defer del delete desc disable do done double drop dyn elif else elseif ' +
  'elsif end ensure enum esac except exists export extends extern false fi final finally float fn for foreach from func function ' +
  'get global go goto grant group having if impl implements import in include index inner insert instanceof int interface into is ' +
  'join key lambda left let like limit local long loop map match mod module move mut namespace native new nil none nonlocal not null ' +
  'object of on operator or order out outer override package pass primary print private protected pub public raise readonly ref register ' +
  'repeat replace require rescue return right satisfies sealed select self set short signed sizeof static str string struct super switch ' +
  'synchronized table template then this throw throws to trait transient true try type typedef typeof undefined union unique ' +
  'unless unsafe unsigned until update use using val values var virtual void volatile when where while with yield';

const keywords = new Set(KEYWORDS.split(' '));

/** What begins a comment besides `//`, `/* … *\/`, and `#` at a line's start or behind a space. */
const DASHES = new Set(['sql', 'lua', 'haskell', 'hs', 'elm', 'ada', 'vhdl', 'applescript']);
const NO_HASH = new Set([
  ...[
    'js',
    'javascript',
    'jsx',
    'ts',
    'typescript',
    'tsx',
    'json',
    'jsonc',
    'css',
    'scss',
    'less',
    'html',
    'xml',
    'svg',
    'c',
    'cpp',
  ],
  ...[
    'c++',
    'cs',
    'csharp',
    'java',
    'kotlin',
    'kt',
    'go',
    'rust',
    'rs',
    'swift',
    'scala',
    'dart',
    'sql',
    'lua',
    'vue',
    'zig',
  ],
]);
const NO_SLASHES = new Set([
  'py',
  'python',
  'sh',
  'bash',
  'shell',
  'zsh',
  'yaml',
  'yml',
  'toml',
  'ini',
  'r',
  'rb',
  'ruby',
  'html',
  'xml',
]);
const NO_QUOTE = new Set(['rust', 'rs', 'haskell', 'hs', 'ocaml', 'lisp', 'clojure', 'scheme']);
const PLAIN = new Set([
  '',
  'text',
  'txt',
  'plain',
  'plaintext',
  'markdown',
  'md',
  'console',
  'output',
  'log',
  'diff',
  'csv',
]);

/**
 * Finds comments, strings, numbers, keywords and called names in code of nearly any language. It knows the words most
 * languages share, not their grammars: a wrong colour now and then, for a hundredth of a highlighter's weight.
 */
export function paint(code: string, language: string): readonly Paint[] {
  const name = language.toLowerCase().split(/[\s{:,]/)[0] ?? '';
  if (PLAIN.has(name)) return [];
  const pattern = patternFor(name);
  const paints: Paint[] = [];
  for (const found of code.matchAll(pattern)) {
    const [text] = found;
    const { comment, string, number, word } = found.groups as Record<string, string | undefined>;
    const kind = comment
      ? 'comment'
      : string
        ? 'string'
        : number
          ? 'number'
          : word && keywords.has(word.toLowerCase())
            ? 'keyword'
            : word && code[found.index + text.length] === '('
              ? 'name'
              : undefined;
    if (kind) paints.push({ kind, start: found.index, end: found.index + text.length });
  }
  return paints;
}

const patterns = new Map<string, RegExp>();

function patternFor(language: string): RegExp {
  const known = patterns.get(language);
  if (known) return known;
  const comments = [
    '/\\*[\\s\\S]*?(?:\\*/|$)',
    '<!--[\\s\\S]*?(?:-->|$)',
    ...(NO_SLASHES.has(language) ? [] : ['(?<![:\\w])//[^\\n]*']),
    ...(NO_HASH.has(language) ? [] : ['(?<=^|\\s)#[^\\n]*']),
    ...(DASHES.has(language) ? ['--[^\\n]*'] : []),
  ];
  const strings = [
    '"""[\\s\\S]*?(?:"""|$)',
    '"(?:\\\\.|[^"\\\\\\n])*"',
    '`(?:\\\\[\\s\\S]|[^`\\\\])*`',
    ...(NO_QUOTE.has(language) ? ["'(?:\\\\.|[^'\\\\\\n])'"] : ["'''[\\s\\S]*?(?:'''|$)", "'(?:\\\\.|[^'\\\\\\n])*'"]),
  ];
  const pattern = new RegExp(
    `(?<comment>${comments.join('|')})|(?<string>${strings.join('|')})|` +
      '(?<number>\\b(?:0[xXbBoO][\\da-fA-F_]+|\\d[\\d_]*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)\\w*)|' +
      '(?<word>[\\p{L}_$][\\p{L}\\p{N}_$]*)',
    'gmu',
  );
  patterns.set(language, pattern);
  return pattern;
}
