import { expect, it } from 'vitest';
import type { Message } from '../chat/message.ts';
import type { MediaSource, Part } from '../chat/part.ts';
import { inputTokensAtMost } from '../spending/bound.ts';
import { LARGEST_WINDOW, MOST_IMAGE_TOKENS, mediaSizes } from './media.ts';

const asked = (...parts: Part[]): Message[] => [{ role: 'user', parts }];
const file = (mediaType: string, source: MediaSource): Part => ({ type: 'file', name: 'a', mediaType, source });
const inline = (data: string): MediaSource => ({ kind: 'base64', data });
const none = new Map<string, string>();

it('counts an image as the most that one is counted as, also where it comes as a file', () => {
  const image: Part = { type: 'image', mediaType: 'image/png', source: inline('aaaa') };
  const sizes = mediaSizes(asked(image, file('image/PNG', inline('bbbb'))), none, 1_000);
  expect(sizes).toEqual([
    { base64: 'aaaa', tokens: MOST_IMAGE_TOKENS },
    { base64: 'bbbb', tokens: MOST_IMAGE_TOKENS },
  ]);
});

it('counts what no formula bounds as all that the model can read, once for all of them', () => {
  const pdf = file('application/pdf', inline('cccc'));
  const far = file('text/plain', { kind: 'url', url: 'https://example.com/book.txt' });
  expect(mediaSizes(asked(pdf, far), none, 200_000)).toEqual([
    { base64: 'cccc', tokens: 200_000 },
    { base64: '', tokens: 0 },
  ]);
  expect(mediaSizes(asked(far), none, undefined)).toEqual([{ base64: '', tokens: LARGEST_WINDOW }]);
  // A small file of many pages: its bytes bound nothing.
  expect(inputTokensAtMost('{"data":"cccc"}', mediaSizes(asked(pdf), none, 200_000))).toBeGreaterThanOrEqual(200_000);
});

it('leaves a file that is text to its bytes, and finds media in the results of tools', () => {
  const text = file('text/csv', { kind: 'blob', blobId: 'b' });
  expect(mediaSizes(asked(text), new Map([['b', 'dddd']]), 1_000)).toEqual([]);
  const image: Part = { type: 'image', mediaType: 'image/png', source: { kind: 'blob', blobId: 'b' } };
  const result: Part = { type: 'tool-result', callId: 'c', name: 'look', content: [image] };
  expect(mediaSizes(asked(result), new Map([['b', 'eeee']]), 1_000)).toEqual([
    { base64: 'eeee', tokens: MOST_IMAGE_TOKENS },
  ]);
});
