import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { ROOT } from './lib/project.ts';

/**
 * Draws the extension's icon: two jacks of a patch bay and the cable that joins them. Run by hand when the drawing
 * changes (`node scripts/draw-icons.ts`); what it writes is committed.
 */

/** The drawing on a square of 128 units. */
const PLATE = { radius: 28, from: [0x4f, 0x46, 0xe5], to: [0x7c, 0x3a, 0xed] } as const;
const JACKS = [
  { x: 38, y: 39 },
  { x: 90, y: 89 },
] as const;
const RING = { outer: 22, inner: 11 } as const;
const CABLE = { width: 13, color: [0xfb, 0xbf, 0x24], bend: 58 } as const;
const INK = [0xff, 0xff, 0xff] as const;

/** The cable's control points: it leaves one jack downwards and enters the other from above. */
const [A, B] = JACKS;
const CURVE = [A, { x: A.x, y: A.y + CABLE.bend }, { x: B.x, y: B.y - CABLE.bend }, B] as const;

const hex = (color: readonly number[]) => `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

function svg(): string {
  const [p0, p1, p2, p3] = CURVE;
  const ring = (jack: { x: number; y: number }) =>
    `<circle cx="${jack.x}" cy="${jack.y}" r="${(RING.outer + RING.inner) / 2}" fill="none" stroke="${hex(INK)}" stroke-width="${RING.outer - RING.inner}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128">
  <title>Patchbay</title>
  <defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="${hex(PLATE.from)}"/><stop offset="1" stop-color="${hex(PLATE.to)}"/></linearGradient></defs>
  <rect width="128" height="128" rx="${PLATE.radius}" fill="url(#g)"/>
  ${JACKS.map(ring).join('\n  ')}
  <path d="M${p0.x} ${p0.y}C${p1.x} ${p1.y} ${p2.x} ${p2.y} ${p3.x} ${p3.y}" fill="none" stroke="${hex(CABLE.color)}" stroke-width="${CABLE.width}" stroke-linecap="round"/>
</svg>
`;
}

function distanceToCable(x: number, y: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (const point of SAMPLES) best = Math.min(best, Math.hypot(x - point.x, y - point.y));
  return best;
}

const SAMPLES = Array.from({ length: 257 }, (_, index) => {
  const t = index / 256;
  const u = 1 - t;
  const [p0, p1, p2, p3] = CURVE;
  const at = (axis: 'x' | 'y') =>
    u ** 3 * p0[axis] + 3 * u * u * t * p1[axis] + 3 * u * t * t * p2[axis] + t ** 3 * p3[axis];
  return { x: at('x'), y: at('y') };
});

/** Colour and opacity of one point of the drawing. */
function sample(x: number, y: number): readonly [number, number, number, number] {
  const edge = 64 - PLATE.radius;
  const dx = Math.max(0, Math.abs(x - 64) - edge);
  const dy = Math.max(0, Math.abs(y - 64) - edge);
  if (Math.hypot(dx, dy) > PLATE.radius) return [0, 0, 0, 0];
  if (distanceToCable(x, y) <= CABLE.width / 2) return [...CABLE.color, 255];
  for (const jack of JACKS) {
    const from = Math.hypot(x - jack.x, y - jack.y);
    if (from <= RING.outer && from >= RING.inner) return [...INK, 255];
  }
  const t = (x + y) / 256;
  const mix = (index: 0 | 1 | 2) => Math.round(PLATE.from[index] * (1 - t) + PLATE.to[index] * t);
  return [mix(0), mix(1), mix(2), 255];
}

/** RGBA pixels of the drawing at a size, each the mean of 8 × 8 points. */
function pixels(size: number): Buffer {
  const grain = 8;
  const step = 128 / (size * grain);
  const out = Buffer.alloc(size * size * 4);
  for (let py = 0; py < size; py += 1) {
    for (let px = 0; px < size; px += 1) {
      const sum = [0, 0, 0, 0] as [number, number, number, number];
      for (let n = 0; n < grain * grain; n += 1) {
        const [r, g, b, a] = sample(
          (px * grain + (n % grain) + 0.5) * step,
          (py * grain + Math.floor(n / grain) + 0.5) * step,
        );
        sum[0] += r * a;
        sum[1] += g * a;
        sum[2] += b * a;
        sum[3] += a;
      }
      const at = (py * size + px) * 4;
      for (const channel of [0, 1, 2] as const) out[at + channel] = sum[3] ? Math.round(sum[channel] / sum[3]) : 0;
      out[at + 3] = Math.round(sum[3] / (grain * grain));
    }
  }
  return out;
}

function png(size: number): Buffer {
  const raw = pixels(size);
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y += 1) raw.copy(rows, y * (size * 4 + 1) + 1, y * size * 4, (y + 1) * size * 4);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

const folder = join(ROOT, 'extensions/browser/public/icon');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'icon.svg'), svg());
for (const size of [16, 32, 48, 96, 128]) writeFileSync(join(folder, `${size}.png`), png(size));
