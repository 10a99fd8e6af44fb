import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { build } from 'vite';
import { data } from '../packages/core/src/catalog/generated/snapshot.ts';
import { ROOT } from './lib/project.ts';

const EXTENSION = join(ROOT, 'extensions/vscode');
const DIST = join(EXTENSION, 'dist');
/** What bundlers tell each other; nobody reads it in what is installed. */
const COMMENTS = { annotation: false, jsdoc: false };

/** Builds the VS Code extension: what each extension host loads, and the panel's page. */
export async function buildVsCode(): Promise<void> {
  rmSync(DIST, { recursive: true, force: true });
  await Promise.all([
    bundleHost('node', ['extension', 'services']),
    bundleHost('browser', ['extension.web']),
    bundlePage(),
  ]);
  mkdirSync(DIST, { recursive: true });
  writeFileSync(join(DIST, 'prices.json'), JSON.stringify(data));
}

/**
 * The Node host requires CommonJS files, as many as it likes: what activation does not need is read later. The worker
 * host loads one, and knows the module `vscode` and nothing else.
 */
async function bundleHost(platform: 'node' | 'browser', entries: readonly string[]): Promise<void> {
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map((name) => [name, join(EXTENSION, 'src', `${name}.ts`)])),
    platform,
    external: ['vscode', ...(platform === 'node' ? [/^node:/] : [])],
    treeshake: true,
  });
  await bundle.write({
    dir: DIST,
    entryFileNames: '[name].cjs',
    chunkFileNames: 'host/[name].cjs',
    format: 'cjs',
    exports: 'named',
    minify: true,
    comments: COMMENTS,
    sourcemap: false,
    codeSplitting: platform === 'node',
  });
  await bundle.close();
}

async function bundlePage(): Promise<void> {
  await build({
    root: EXTENSION,
    configFile: false,
    logLevel: 'warn',
    mode: 'production',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: join(DIST, 'webview'),
      emptyOutDir: true,
      target: 'es2022',
      // Every image and font that the page shows comes as a file or not at all.
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      // The page's policy lets scripts in by their nonce; a link to one has none. What is needed is imported anyway.
      modulePreload: false,
      rolldownOptions: {
        input: join(EXTENSION, 'src/webview/main.ts'),
        output: {
          entryFileNames: 'panel.js',
          comments: COMMENTS,
          // React changes rarely and the panel often.
          codeSplitting: { groups: [{ name: 'react', test: /node_modules\/(?:.*\/)?(react|react-dom|scheduler)\// }] },
          chunkFileNames: '[name].js',
          assetFileNames: 'panel[extname]',
        },
      },
    },
  });
}

if (import.meta.main) await buildVsCode();
