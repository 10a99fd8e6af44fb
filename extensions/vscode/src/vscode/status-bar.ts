import * as vscode from 'vscode';
import { withoutIcons } from '../common/inert.ts';
import { statusView } from '../common/status.ts';
import { nameOf } from './pick-model.ts';
import type { Services } from './services.ts';
import { settingsFor } from './settings.ts';

/** Model · today's spend / cap, from Patchbay's first use in a window on. */
export function showStatusBar(services: Services): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('patchbay.spend', vscode.StatusBarAlignment.Right, 90);
  item.name = 'Patchbay';
  item.command = 'patchbay.openLedger';
  const update = async () => {
    const state = services.state();
    if (!state || !settingsFor().statusBar) return item.hide();
    const { choice } = state.settings;
    const model = choice && (await nameOf(services, choice).catch(() => choice.model));
    const { text, tooltip, alarm } = statusView(state, model);
    item.text = `$(credit-card) ${withoutIcons(text)}`;
    item.tooltip = tooltip;
    item.backgroundColor = alarm ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.show();
  };
  const refresh = () => void update().catch(() => item.hide());
  const subscriptions = [
    item,
    services.onState(refresh),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('patchbay.statusBar')) refresh();
    }),
  ];
  services.client.ready.then(refresh, () => undefined);
  return vscode.Disposable.from(...subscriptions);
}
