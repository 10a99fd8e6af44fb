import type { Sheet } from '../state/state.ts';
import { CapsSheet } from './caps-sheet.tsx';
import { DataSheet } from './data-sheet.tsx';
import { ModelPicker } from './model-picker.tsx';
import { PriceSheet } from './price-sheet.tsx';
import { SetBackSheet } from './set-back-sheet.tsx';
import { SettingsSheet } from './settings-sheet.tsx';
import { ShortcutsSheet } from './shortcuts-sheet.tsx';

/** The sheets that are not needed before somebody opens one. */
export function LazySheet({ sheet }: { readonly sheet: Exclude<Sheet, { kind: 'conversations' | 'add-key' }> }) {
  switch (sheet.kind) {
    case 'picker':
      return <ModelPicker retry={sheet.retry} continues={sheet.continues} />;
    case 'settings':
      return <SettingsSheet />;
    case 'caps':
      return <CapsSheet />;
    case 'set-back':
      return <SetBackSheet />;
    case 'data':
      return <DataSheet />;
    case 'shortcuts':
      return <ShortcutsSheet />;
    case 'price':
      return <PriceSheet choice={sheet.choice} retry={sheet.retry} />;
  }
}
