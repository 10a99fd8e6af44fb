import { BASICS } from './help-basics.ts';
import { MONEY } from './help-money.ts';
import { TROUBLE } from './help-trouble.ts';
import type { Topic } from './topic.ts';

/** Everything the built-in guide knows. */
export const TOPICS: readonly Topic[] = [...BASICS, ...MONEY, ...TROUBLE];
