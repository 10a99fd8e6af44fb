import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type RawServer, startRawServer } from '../support/raw-server.ts';
import type { Spec } from './spec.ts';
import { type Asked, createStage, type Stage } from './stage.ts';

/** Plays whatever provider a test wants, byte by byte. One for all tests of a file. */
export let server: RawServer;
/** New for each test. */
export let stage: Stage;

/** A provider as it is asked at that server. */
export const whom = (spec: Spec): Asked => ({ ...spec, baseUrl: server.url + spec.base });

beforeAll(async () => {
  server = await startRawServer();
});
afterAll(() => server.close());
beforeEach(() => {
  stage = createStage();
  server.requests.length = 0;
});
