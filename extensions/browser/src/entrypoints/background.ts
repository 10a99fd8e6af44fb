import { defineBackground } from 'wxt/utils/define-background';
import { openPanelOnClick } from '../platform/panel.ts';

export default defineBackground(() => {
  openPanelOnClick();
});
