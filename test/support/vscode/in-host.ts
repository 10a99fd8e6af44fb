import { join } from 'node:path';
import { packExtension } from '../../../scripts/lib/pack-extension.ts';
import { ROOT } from '../../../scripts/lib/project.ts';
import { startEditor } from './editor.ts';
import { SAMPLE } from './studio.ts';

/** What a suite that ran inside of the extension host said, and how it ended. */
export interface InHostResult {
  readonly code: number;
  readonly log: readonly string[];
}

/**
 * Runs a suite (a CommonJS file that exports `run`) in the extension host of a real VS Code, with the built extension
 * loaded from its folder: what `@vscode/test-electron` does, in the browser.
 */
export async function runInHost(suite: string): Promise<InHostResult> {
  await packExtension();
  const editor = await startEditor({
    files: { 'sample.js': SAMPLE },
    // Built products ignore what is under development unless they are told to be tested.
    extraArguments: ['--vscode-option', 'enable-smoke-test-driver'],
  });
  try {
    const at = (path: string) => `vscode-remote://${new URL(editor.url).host}${path}`;
    const payload = [
      ['extensionDevelopmentPath', at(join(ROOT, 'extensions/vscode'))],
      ['extensionTestsPath', at(suite)],
    ];
    const log: string[] = [];
    const code = await new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the suite did not end; it said: ${log.join('\n')}`)), 100_000);
      editor
        .open(`&payload=${encodeURIComponent(JSON.stringify(payload))}`, {
          codeAutomationLog: (_type, args) => log.push(...(args as unknown[]).map(String)),
          codeAutomationExit: (exit) => {
            clearTimeout(timer);
            resolve(Number(exit));
          },
        })
        .catch(reject);
    });
    return { code, log };
  } finally {
    await editor.close();
  }
}
