import { providerOf } from '@patchbay/core';
import * as vscode from 'vscode';
import { beginSignIn, codeFrom, exchangeCode, type SignIn } from '../common/openrouter-sign-in.ts';
import { saveKey } from './keys.ts';
import { openLink } from './open-link.ts';
import type { Services } from './services.ts';
import { tell } from './tell.ts';

const { l10n } = vscode;
/** OpenRouter's codes live as long. */
const PATIENCE_MS = 600_000;

/** Connects OpenRouter without a key to copy: in the user's browser, which calls back, or with a code to paste. */
export interface OpenRouterSignIn extends vscode.UriHandler {
  start(): Promise<void>;
}

export function createOpenRouterSignIn(extensionId: string, services: () => Services): OpenRouterSignIn {
  let pending: SignIn | undefined;

  const finish = async (code: string, { verifier }: SignIn) => {
    pending = undefined;
    const outcome = await exchangeCode(code, verifier, (input, init) => globalThis.fetch(input, init));
    const provider = providerOf('openrouter');
    if (!outcome.ok) return void tell.error(outcome.message);
    if (provider) await saveKey(services(), provider, provider.baseUrl, outcome.key);
  };

  return {
    start: async () => {
      const back = l10n.t('In the browser');
      const paste = l10n.t('With a code to paste');
      const how = await vscode.window.showQuickPick(
        [
          { label: back, detail: l10n.t('Your browser comes back to VS Code by itself.') },
          {
            label: paste,
            detail: l10n.t('For a browser on another machine: OpenRouter shows a code, and you paste it here.'),
          },
        ],
        { title: l10n.t('Connect OpenRouter') },
      );
      if (!how) return;
      if (how.label === back) {
        const callback = vscode.Uri.parse(`${vscode.env.uriScheme}://${extensionId}/openrouter`);
        const signIn = await beginSignIn((await vscode.env.asExternalUri(callback)).toString(true));
        pending = signIn;
        setTimeout(() => {
          if (pending === signIn) pending = undefined;
        }, PATIENCE_MS);
        await openLink(signIn.url);
        return;
      }
      const signIn = await beginSignIn(undefined);
      await openLink(signIn.url);
      const code = await vscode.window.showInputBox({
        title: l10n.t('The code that OpenRouter shows'),
        password: true,
        ignoreFocusOut: true,
      });
      if (code?.trim()) await finish(code, signIn);
    },
    handleUri: async (uri) => {
      if (uri.path !== '/openrouter') return;
      const signIn = pending;
      const code = codeFrom(signIn, uri.query);
      if (code !== undefined && signIn) return finish(code, signIn);
      void tell.error(
        l10n.t('This answer of OpenRouter belongs to no sign-in of this window. Connect again from here.'),
      );
    },
  };
}
