import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/lib/project.ts';

const CORE = join(ROOT, 'packages/core/src');

/** What each way to use core takes in, as files and what is imported from them; and the most that it may weigh, kB gzip. */
const BUNDLES = {
  'the six wire dialects, both ways, with framing and the failures inside of a response': [
    30,
    {
      'dialects/all-decoders.ts': 'createDecoder',
      'dialects/openai-chat/encode.ts': 'encodeOpenAiChat',
      'dialects/openai-responses/encode.ts': 'encodeOpenAiResponses',
      'dialects/anthropic-messages/encode.ts': 'encodeAnthropic',
      'dialects/gemini/encode.ts': 'encodeGemini',
      'dialects/cohere/encode.ts': 'encodeCohere',
      'dialects/prompt-api/dialect.ts': 'createPromptApi',
    },
  ],
  'the whole gateway, with planning, hand-over, validation, money, and every provider’s data': [
    66,
    { 'gateway.ts': 'createGateway' },
  ],
} as const;

/** Loaded at the first use alone: the guide's help texts, and what talks to a browser's own model. */
const APART = /\/(?:guide\/answer|prompt-api\/session)\.ts$|^\.\/(?:answer|session)\.ts$/;

/** Bundled for a browser as the products do it, minified, all in one file but what is loaded apart. */
async function kilobytes(wanted: Readonly<Record<string, string>>): Promise<number> {
  const entry = 'entry.ts';
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? entry : APART.test(id) ? { id, external: true } : null),
        load: (id) =>
          id === entry
            ? Object.entries(wanted)
                .map(([file, name]) => `export { ${name} } from ${JSON.stringify(join(CORE, file))};`)
                .join('\n')
            : null,
      },
    ],
  });
  const { output } = await bundle.generate({
    format: 'esm',
    minify: true,
    comments: { annotation: false, jsdoc: false },
    codeSplitting: false,
  });
  await bundle.close();
  expect(output).toHaveLength(1);
  return gzipSync(output[0].code, { level: 9 }).length / 1000;
}

describe('what core weighs in a browser, kB gzip', () => {
  it.each(Object.entries(BUNDLES))('%s', async (what, [most, wanted]) => {
    const size = await kilobytes(wanted);
    process.stdout.write(`${what}: ${size.toFixed(1)} kB gzip\n`);
    expect(size).toBeLessThanOrEqual(most);
  });
});
