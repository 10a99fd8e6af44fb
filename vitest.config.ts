import { defineConfig } from 'vitest/config';

/**
 * Five kinds of test, one runner. `unit` runs in parallel beside the code. `checks` runs the tools that read the whole
 * tree (types, lint, arrows, sizes); meanwhile `lifetime` waits, for minutes and idle, beside browsers that nothing
 * watches. `e2e` drives real browsers, one file after the other, with the machine to itself; then `vscode`
 * drives real VS Codes, two at a time.
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
            'scripts/**/*.test.ts',
            'test/conformance/**/*.test.ts',
            'test/gateway/**/*.test.ts',
            'test/support/**/*.test.ts',
          ],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'checks',
          include: ['test/checks/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'lifetime',
          expect: { poll: { timeout: 15_000, interval: 50 } },
          include: ['test/lifetime/**/*.test.ts'],
          testTimeout: 420_000,
          hookTimeout: 240_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          expect: { poll: { timeout: 15_000, interval: 50 } },
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/vscode/**'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          fileParallelism: false,
          pool: 'forks',
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'vscode',
          expect: { poll: { timeout: 30_000, interval: 50 } },
          include: ['test/e2e/vscode/**/*.test.ts'],
          testTimeout: 240_000,
          // Whoever runs one file alone waits in its first hook until VS Code is installed.
          hookTimeout: 1_200_000,
          // VS Code's own windows and menus now and then miss a key or a click; the closing lines name whoever needed it.
          // What guards money or secrets gets no second try.
          retry: 1,
          // Each file has a VS Code of its own, which waits most of the time: for leases to end, for words to come.
          maxWorkers: 2,
          pool: 'forks',
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
