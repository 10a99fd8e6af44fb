import type { Json } from '../../chat/json.ts';
import { isFields } from '../values.ts';

/** Deepest path taken, and how far behind a list's end: a wire's numbers are not to be trusted with memory. */
const DEEPEST = 64;
const FURTHEST = 16;

type Node = { [key: string]: unknown } | unknown[];

/** Arguments that come value by value, each with the path it belongs to (quirk 107). */
export interface PartialArguments {
  add(partial: unknown): void;
  /** What has been put together so far. */
  value(): { readonly [key: string]: Json };
}

export function createPartialArguments(): PartialArguments {
  const root: { [key: string]: unknown } = {};

  return {
    add: (partial) => {
      if (!isFields(partial) || typeof partial.jsonPath !== 'string') return;
      const path = stepsOf(partial.jsonPath);
      const last = path?.pop();
      if (!path || last === undefined) return;
      let at: Node = root;
      for (const [n, step] of path.entries()) {
        const next = path[n + 1] ?? last;
        const there = read(at, step);
        const node: Node =
          typeof there === 'object' && there !== null ? (there as Node) : typeof next === 'number' ? [] : {};
        if (node !== there) write(at, step, node);
        at = node;
      }
      const before = read(at, last);
      if (typeof partial.stringValue === 'string') {
        write(at, last, typeof before === 'string' ? before + partial.stringValue : partial.stringValue);
      } else if (typeof partial.numberValue === 'number') write(at, last, partial.numberValue);
      else if (typeof partial.boolValue === 'boolean') write(at, last, partial.boolValue);
      else if ('nullValue' in partial) write(at, last, null);
    },
    value: () => root as { readonly [key: string]: Json },
  };
}

function read(node: Node, step: string | number): unknown {
  if (Array.isArray(node)) return typeof step === 'number' ? node[step] : undefined;
  return Object.hasOwn(node, step) ? node[step] : undefined;
}

function write(node: Node, step: string | number, value: unknown): void {
  if (Array.isArray(node)) {
    if (typeof step === 'number' && step <= node.length + FURTHEST) node[step] = value;
  } else if (step !== '__proto__') node[step] = value; // quirk 31
}

/** `$.operations[0].price` or `$['a b'][1]` as its steps, undefined for what is no such path. */
function stepsOf(path: string): (string | number)[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: (string | number)[] = [];
  const step = /\.([^.[\]]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/y;
  step.lastIndex = 1;
  for (let match = step.exec(path); match; match = step.exec(path)) {
    const index = match[2] === undefined ? undefined : Number(match[2]);
    steps.push(index ?? match[1] ?? match[3] ?? match[4] ?? '');
    if (steps.length > DEEPEST) return undefined;
    if (step.lastIndex === path.length) return steps;
  }
  return undefined;
}
