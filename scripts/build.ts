import { buildExtension, type Target } from './lib/build-extension.ts';
import { say } from './lib/project.ts';

/** Builds the extension for the browsers named (`chrome`, `firefox`; default both) and prints where the builds lie. */
const TARGETS: readonly Target[] = ['chrome', 'firefox'];
const named = process.argv.slice(2);
const unknown = named.find((name) => !TARGETS.includes(name as Target));
if (unknown) {
  say(`there is no build for ${unknown}; name ${TARGETS.join(' or ')}.`);
  process.exit(1);
}
try {
  for (const target of TARGETS) {
    if (named.length === 0 || named.includes(target)) process.stdout.write(`${await buildExtension(target)}\n`);
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
