import type { Page } from 'playwright-core';
import type { TestContext } from 'vitest';
import { type LaunchOptions, launch, type Product } from './extension.ts';
import { type ModelServer, type ModelServerOptions, startModelServer, TEST_KEYS } from './model-server/server.ts';
import { addKey, type KeyEntry } from './options-page.ts';
import { pickModel, ready } from './panel-driver.ts';

/** A browser with Patchbay in it and a model server beside it. */
export interface Stage {
  readonly product: Product;
  readonly server: ModelServer;
  /** Adds a key through the options page; the server's address unless another is named. */
  addKey(entry?: Partial<KeyEntry>): Promise<void>;
  /** The side panel, opened and with a model chosen. */
  panel(model?: string): Promise<Page>;
  /** After each test: pictures of what a failed one left open, panels closed. */
  tidy(context: TestContext): Promise<void>;
  close(): Promise<void>;
}

/** Starts both. Answers come many times faster than life, unless a test wants to watch them. */
export async function startStage(options: ModelServerOptions & LaunchOptions = {}): Promise<Stage> {
  const server = await startModelServer({ speed: 20, ...options });
  try {
    const product = await launch(options);
    return {
      product,
      server,
      addKey: async (entry = {}) => {
        const page = await product.openPage('options.html#add');
        await addKey(page, { secret: TEST_KEYS.good, address: server.openRouterUrl, ...entry });
        await page.close();
      },
      panel: async (model) => {
        const panel = await product.openPanel();
        await ready(panel);
        if (model !== undefined) await pickModel(panel, model);
        return panel;
      },
      tidy: async ({ task }) => {
        if (task.result?.state === 'fail') {
          const name = task.name.replaceAll(/[^\w]+/g, '-').slice(0, 60);
          for (const [index, page] of product.context.pages().entries()) {
            if (page.url().startsWith(product.origin)) await product.picture(page, `failed-${name}-${index}`);
          }
          if (product.console.length > 0) console.error(product.console.slice(-20).join('\n'));
        }
        await product.closePanels();
      },
      close: async () => {
        await product.close();
        await server.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}
