import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../../../scripts/lib/project.ts';
import { runInHost } from '../../support/vscode/in-host.ts';

it('keeps what its manifest promises, seen from inside of its host', async () => {
  const { code, log } = await runInHost(join(ROOT, 'test/e2e/vscode/in-host/suite.cjs'));
  expect(log.filter((line) => line.startsWith('not ok'))).toEqual([]);
  expect(log.filter((line) => line.startsWith('ok')).length).toBeGreaterThanOrEqual(7);
  expect(code).toBe(0);
});
