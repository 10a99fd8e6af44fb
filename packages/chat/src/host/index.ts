export { createAnswer } from './answer.ts';
export { alternativesOf } from './history.ts';
export { createHost, type Host } from './host.ts';
export { createStoredModelLists, type ListArea, type StoredModelLists } from './model-lists.ts';
export { createModelRefresh, type ModelRefresh, type ModelRefreshPorts } from './model-refresh.ts';
export type { ChatGateway, HostDeps, HostTiming } from './ports.ts';
export { worstCaseFrom } from './worst-case.ts';
