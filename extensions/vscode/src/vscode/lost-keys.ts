import * as vscode from 'vscode';
import type { Services } from './services.ts';
import { tell } from './tell.ts';

const KNOWN = 'patchbay.keyIds';

/**
 * Remembers which keys there were, by their ids alone, and says so when the keyring has lost them: on Linux without a
 * keyring, VS Code keeps secrets in memory only.
 */
export function watchForLostKeys(context: vscode.ExtensionContext, services: Services): vscode.Disposable {
  const state = context.globalState;
  let first = true;
  return services.onState(({ keys, vault }) => {
    // A keyring that does not answer has lost nothing; what is wrong with it is said elsewhere.
    if (vault.locked) return;
    const now = keys.map(({ id }) => id);
    const before = state.get<readonly string[]>(KNOWN, []);
    const lost = before.filter((id) => !now.includes(id));
    if (first && before.length > 0 && lost.length === before.length) {
      const add = vscode.l10n.t('Add a Key…');
      tell
        .warn(
          vscode.l10n.t(
            'The system’s keyring has lost your keys, so nothing can be sent. On Linux, install and unlock a keyring such as gnome-keyring, restart VS Code, then add them again; what they have spent stays counted.',
          ),
          add,
        )
        .then((answer) => {
          if (answer === add) void vscode.commands.executeCommand('patchbay.addKey');
        });
    }
    first = false;
    if (JSON.stringify(now) !== JSON.stringify(before)) void state.update(KNOWN, now);
  });
}
