import { describe, expect, it } from 'vitest';
import { createLineReader } from './lines.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function readAll(chunks: readonly Uint8Array[], max = 1 << 20): { pieces: string[]; rest: string } {
  const reader = createLineReader(max);
  return { pieces: chunks.map((chunk) => reader.push(chunk)), rest: reader.end() };
}

describe('line reader', () => {
  it('gives text up to the last line end and keeps the rest', () => {
    expect(readAll([bytes('one\ntwo\nthr'), bytes('ee\n')])).toEqual({ pieces: ['one\ntwo\n', 'three\n'], rest: '' });
  });

  it('quirk 1: a lone CR ends a line as well as LF and CRLF do', () => {
    expect(readAll([bytes('one\rtw'), bytes('o\r')]).pieces).toEqual(['one\r', 'two\r']);
    expect(readAll([bytes('one\n\rtwo')]).pieces).toEqual(['one\n\r']);
  });

  it('quirk 2: the second half of a CRLF in the next read ends no second line', () => {
    expect(readAll([bytes('one\r'), bytes('\ntwo\n')]).pieces).toEqual(['one\r', 'two\n']);
    expect(readAll([bytes('one\r'), bytes('\n'), bytes('\ntwo\n')]).pieces).toEqual(['one\r', '', '\ntwo\n']);
    expect(readAll([bytes('one\r'), bytes(''), bytes('\ntwo\n')]).pieces).toEqual(['one\r', '', 'two\n']);
  });

  it('quirk 3: a character cut at every byte comes out whole', () => {
    const text = 'Ünï → 漢字 🧵\n';
    const single = [...bytes(text)].map((byte) => Uint8Array.of(byte));
    const { pieces, rest } = readAll(single);
    expect(pieces.join('') + rest).toBe(text);
  });

  it('quirk 3: bytes that are no UTF-8 become U+FFFD and harm no other line', () => {
    const { pieces } = readAll([Uint8Array.of(0x61, 0xff, 0x0a), bytes('b\n')]);
    expect(pieces).toEqual(['a\ufffd\n', 'b\n']);
  });

  it('quirk 4: the last line needs no end', () => {
    expect(readAll([bytes('one\ntw'), bytes('o')])).toEqual({ pieces: ['one\n', ''], rest: 'two' });
  });

  it('quirk 5: a byte order mark at the start is dropped, also cut into its bytes', () => {
    expect(readAll([Uint8Array.of(0xef), Uint8Array.of(0xbb, 0xbf), bytes('a\n')]).pieces.join('')).toBe('a\n');
  });

  it('keeps no reference to the caller’s buffer', () => {
    const reader = createLineReader(100);
    const shared = bytes('abc');
    reader.push(shared);
    shared.fill(0x7a);
    expect(reader.push(bytes('\n'))).toBe('abc\n');
  });

  it('quirk 27: a line of a megabyte in small reads is copied a bounded number of times', () => {
    const reader = createLineReader(4 << 20);
    const chunk = new Uint8Array(64).fill(0x61);
    let copied = 0;
    const set = Uint8Array.prototype.set;
    Uint8Array.prototype.set = function (this: Uint8Array, source: ArrayLike<number>, offset?: number) {
      copied += source.length;
      set.call(this, source, offset);
    };
    try {
      for (let n = 0; n < 16_384; n++) reader.push(chunk);
    } finally {
      Uint8Array.prototype.set = set;
    }
    expect(copied).toBeLessThan(3 * (1 << 20));
    expect(reader.push(bytes('\n')).length).toBe((1 << 20) + 1);
  });

  it('quirk 28: a line past the limit stops the reader instead of filling the memory', () => {
    const reader = createLineReader(10);
    expect(reader.push(bytes('0123456789'))).toBe('');
    expect(reader.overflowed()).toBe(false);
    reader.push(bytes('x'));
    expect(reader.overflowed()).toBe(true);
    expect(reader.push(bytes('\nmore\n')) + reader.end()).toBe('');
  });

  it('quirk 28: the limit also holds for the read that brings the line’s end', () => {
    const reader = createLineReader(10);
    reader.push(bytes('0123456789'));
    expect(reader.push(bytes('x\n'))).toBe('');
    expect(reader.overflowed()).toBe(true);
  });
});
