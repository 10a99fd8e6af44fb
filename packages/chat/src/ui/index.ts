export type { PanelSlots } from './components/app.tsx';
export { FallbackList } from './components/fallback-list.tsx';
export { FallbackRules } from './components/fallbacks.tsx';
export { type MountOptions, mountPanel } from './mount.tsx';
export type { CodeBlockAction, PanelPlatform } from './platform.ts';
