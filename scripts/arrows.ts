/**
 * Which room may import from which. The arrows of the design, as data: a room may reach the rooms listed behind it and
 * those they may reach. Agreements that are types alone (`ports`, `records`, `keys/key`, `catalog/model`,
 * `spending/ledger`, `providers/provider`, `dialects/dialect`) may be imported as types from anywhere in core.
 */
const CORE: Readonly<Record<string, readonly string[]>> = {
  endpoint: ['gateway'],
  ensemble: ['gateway'],
  gateway: ['routing', 'validation', 'spending', 'transcript', 'records', 'ports'],
  routing: ['catalog', 'keys', 'spending', 'ports'],
  validation: ['catalog', 'keys', 'spending'],
  spending: ['catalog', 'keys', 'records'],
  transcript: ['catalog', 'keys'],
  catalog: ['dialects', 'providers'],
  keys: ['dialects', 'providers'],
  dialects: ['failures', 'transport'],
  providers: ['failures', 'transport'],
  transport: ['failures', 'chat'],
  failures: ['chat'],
  records: ['chat'],
  ports: ['catalog', 'keys', 'spending'],
  chat: [],
};

const AGREEMENTS = new Set([
  'core/ports.ts',
  'core/records/records.ts',
  'core/records/store.ts',
  'core/keys/key.ts',
  'core/catalog/model.ts',
  'core/spending/ledger.ts',
  'core/providers/provider.ts',
  'core/dialects/dialect.ts',
]);

const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: [],
  stores: ['core'],
  chat: ['core'],
  browser: ['core', 'stores', 'chat'],
  vscode: ['core', 'stores', 'chat'],
};

/** One import statement: where it stands, what it names, and whether it is gone after compiling. */
export interface Import {
  /** Such as `core/gateway.ts` or `browser/platform/ports.ts`: package, then path below its `src`. */
  readonly from: string;
  /** Same form for a file of ours, `@patchbay/…` for a package of ours, anything else for a library. */
  readonly to: string;
  readonly typeOnly: boolean;
}

/** What is wrong with an import, or undefined. */
export function brokenArrow({ from, to, typeOnly }: Import): string | undefined {
  const [fromPackage = '', ...fromPath] = from.split('/');
  const ours = to.match(/^@patchbay\/([a-z]+)/);
  if (ours) {
    const target = ours[1] as string;
    if (fromPackage === target) return 'a package imports itself by name: use a relative path';
    return PACKAGES[fromPackage]?.includes(target)
      ? layerOfChat(fromPath, to)
      : `${fromPackage} must not import ${target}`;
  }
  const [toPackage = '', ...toPath] = to.split('/');
  if (!(toPackage in PACKAGES) || (!to.endsWith('.ts') && !to.endsWith('.tsx')))
    return platformLeak(fromPackage, fromPath, to);
  if (toPackage !== fromPackage) return 'a relative path leaves its package: use the package name';
  if (fromPackage === 'chat') return layerOfChat(fromPath, toPath.join('/'));
  if (fromPackage !== 'core') return undefined;
  if (typeOnly && AGREEMENTS.has(to)) return undefined;
  const fromRoom = roomOf(fromPath);
  const toRoom = roomOf(toPath);
  if (fromRoom === 'index' || fromRoom === toRoom) return undefined;
  if (!(fromRoom in CORE)) return `${fromRoom} is not a room of the house`;
  return reaches(fromRoom, toRoom) ? undefined : `${fromRoom} must not import ${toRoom}`;
}

function roomOf(path: readonly string[]): string {
  return path.length > 1 ? (path[0] as string) : (path[0] ?? '').replace(/(\.testing|\.test)?\.tsx?$/, '');
}

function reaches(from: string, to: string, seen = new Set<string>()): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  return (CORE[from] ?? []).some((next) => next === to || reaches(next, to, seen));
}

function layerOfChat(fromPath: readonly string[], to: string): string | undefined {
  if (fromPath[0] === 'ui' && !to.startsWith('contract/') && !to.startsWith('ui/'))
    return `ui must import the contract alone, not ${to}`;
  if (fromPath[0] === 'contract' && (to.startsWith('host/') || to.startsWith('ui/')))
    return `contract must not import ${to}`;
  if (fromPath[0] === 'host' && to.startsWith('ui/')) return `host must not import ${to}`;
  return undefined;
}

const LIBRARIES_OF_CORE = new Set(['zod/mini']);
const LIBRARIES_OF_UI = new Set(['react', 'react/jsx-runtime', 'react-dom', 'react-dom/client', 'marked']);

function platformLeak(fromPackage: string, fromPath: readonly string[], to: string): string | undefined {
  if (fromPackage === 'core' && !LIBRARIES_OF_CORE.has(to)) return `core must not import ${to}`;
  if (fromPackage === 'chat' && fromPath[0] === 'ui' && !LIBRARIES_OF_UI.has(to)) return `ui must not import ${to}`;
  if (fromPackage === 'vscode' && fromPath[0] === 'common' && to === 'vscode')
    return 'src/common must not import vscode';
  return undefined;
}
