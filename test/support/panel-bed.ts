import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type PanelBench, type PanelPage, startPanelBench } from './panel-bench.ts';

let bench: PanelBench;

/** The panel that `open` opened last: one a test, closed behind it. */
export let panel: PanelPage;

/** Opens the panel over its fake host in a browser that all tests of a file share. */
export async function open(...how: Parameters<PanelBench['open']>): Promise<PanelPage> {
  panel = await bench.open(...how);
  return panel;
}

/** What a run was started with. */
interface Started {
  readonly parentId: string | null;
  readonly parts?: readonly { readonly type: string; readonly text?: string }[];
  readonly choice: { readonly provider: string; readonly model: string };
  readonly parameters?: { readonly maxOutputTokens?: number };
}
export const started = async () => (await panel.asked('run.start')) as unknown as readonly Started[];
/** The models that runs were started with, in order. */
export const askedModels = async () => (await started()).map(({ choice }) => choice.model);

beforeAll(async () => {
  bench = await startPanelBench();
});
afterAll(() => bench?.close());
afterEach(async () => {
  const complaints = panel?.complaints ?? [];
  await panel?.close();
  expect(complaints).toEqual([]);
});
