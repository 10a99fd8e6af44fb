export type { PanelSlots } from './components/app.tsx';
export { type MountOptions, mountPanel } from './mount.tsx';
export type { PanelPlatform } from './platform.ts';
