export type { PanelSlots } from './components/app.tsx';
export { type MountOptions, mountPanel } from './mount.tsx';
export type { CodeBlockAction, PanelPlatform } from './platform.ts';
