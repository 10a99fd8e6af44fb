import { afterEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../contract/limits.ts';
import { closeHosts, createWorld, download, sendImage, startHost, until, upload } from './fakes.testing.ts';
import { createMedia } from './media.ts';

afterEach(closeHosts);

describe('media', () => {
  it('is uploaded in slices and read in slices, byte for byte', async () => {
    const one = startHost(createWorld()).panel();
    const bytes = crypto.getRandomValues(new Uint8Array(65_536));
    const big = new Uint8Array(LIMITS.sliceBytes * 2 + 12_345);
    for (let at = 0; at < big.length; at += bytes.length) big.set(bytes.subarray(0, big.length - at), at);
    await upload(one, 'b1', big);
    expect(Buffer.compare(await download(one, 'b1'), big)).toBe(0);
  });

  it('is refused where the bytes are not those that were announced', async () => {
    const world = createWorld();
    const one = startHost(world).panel();
    const begin = (id: string) => one.client.request('blob.begin', { id, mediaType: 'image/png', bytes: 3 });
    const append = (id: string, base64: string, last: boolean) =>
      one.client.request('blob.append', { id, base64, last });
    await begin('long');
    await expect(append('long', 'AAAAAAAA', true)).rejects.toMatchObject({ failure: { userAction: 'retry' } });
    await begin('short');
    await expect(append('short', 'AAA=', true)).rejects.toMatchObject({ failure: { userAction: 'retry' } });
    await expect(append('never begun', 'AAAA', true)).rejects.toMatchObject({ failure: { kind: 'internal' } });
    await expect(one.client.request('blob.read', { id: 'none', offset: 0, length: 1 })).rejects.toMatchObject({
      failure: { message: expect.stringContaining('not stored') },
    });
    expect(await world.blobs.list()).toEqual([]);
  });

  it('goes with its conversation, and after a day if it was never sent', async () => {
    const world = createWorld();
    const one = startHost(world).panel();
    for (const id of ['sent', 'other', 'abandoned']) await upload(one, id, new Uint8Array(3));
    await sendImage(one, 'r1', 'sent', 'c1');
    await sendImage(one, 'r2', 'other', 'c2');
    await startHost(world, { now: () => Date.now() + 2 * 86_400_000 }).panel().client.ready;
    await until(async () => (await world.blobs.list()).length === 2);
    await one.client.request('conversation.delete', { id: 'c1' });
    expect((await world.blobs.list()).map((blob) => blob.id)).toEqual(['other']);
  });
});

it('never lets a model say that its picture is a page', async () => {
  const world = createWorld();
  let ids = 0;
  const media = createMedia(
    world.blobs,
    () => `made-${++ids}`,
    () => 1,
  );
  const image = (mediaType: string) =>
    ({ type: 'image', part: 0, mediaType, source: { kind: 'base64', data: 'AAAA' } }) as const;
  const types = ['image/webp', 'text/html', 'image/png;x=<b>', 'audio/wav', ''];
  const said = await media.unload(types.map(image), () => undefined);
  expect(said).toHaveLength(types.length);
  const kept = await world.blobs.list();
  expect(kept.map(({ id, mediaType }) => [id, mediaType]).sort()).toEqual([
    ['made-1', 'image/webp'],
    ['made-2', 'application/octet-stream'],
    ['made-3', 'application/octet-stream'],
    ['made-4', 'audio/wav'],
    ['made-5', 'application/octet-stream'],
  ]);
});

it('makes a file that browsers play of the bare samples that a model speaks in', async () => {
  const world = createWorld();
  const media = createMedia(
    world.blobs,
    () => 'spoken',
    () => 1,
  );
  const mediaType = 'audio/L16;codec=pcm;rate=22050';
  const source = { kind: 'base64', data: Buffer.from([1, 0, 255, 127]).toString('base64') } as const;
  const [event] = await media.unload([{ type: 'image', part: 0, mediaType, source }], () => undefined);
  expect(event).toEqual({
    type: 'image',
    part: 0,
    mediaType: 'audio/wav',
    source: { kind: 'blob', blobId: 'spoken' },
  });
  const kept = await world.blobs.get('spoken');
  expect(kept?.record).toMatchObject({ mediaType: 'audio/wav', bytes: 48 });
  const file = Buffer.from(kept?.bytes ?? []);
  expect([file.toString('latin1', 0, 4), file.toString('latin1', 8, 16), file.toString('latin1', 36, 40)]).toEqual([
    'RIFF',
    'WAVEfmt ',
    'data',
  ]);
  expect([file.readUInt32LE(4), file.readUInt32LE(24), file.readUInt32LE(28), file.readUInt32LE(40)]).toEqual([
    40, 22_050, 44_100, 4,
  ]);
  expect([...file.subarray(44)]).toEqual([1, 0, 255, 127]);
});
