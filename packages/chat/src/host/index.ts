export { createHost, type Host } from './host.ts';
export type { ChatGateway, HostDeps, HostTiming } from './ports.ts';
