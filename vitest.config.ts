import { defineConfig } from 'vitest/config';

/**
 * Three kinds of test, one runner. `unit` runs in parallel beside the code; `checks` runs the tools that read the whole
 * tree (types, lint, arrows, sizes); `e2e` drives real browsers, one file after the other.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.{ts,tsx}',
            'extensions/*/src/**/*.test.{ts,tsx}',
            'test/conformance/**/*.test.ts',
            'test/support/**/*.test.ts',
          ],
          testTimeout: 60_000,
        },
      },
      { test: { name: 'checks', include: ['test/checks/**/*.test.ts'], testTimeout: 240_000, fileParallelism: false } },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          pool: 'forks',
        },
      },
    ],
  },
});
