/*
 * The same model has other names at other places: `claude-sonnet-4-5` at Anthropic, `anthropic/claude-sonnet-4.5` at a
 * router. Only who made a model and the routers count: hosts of open weights serve what they call the same in forms of
 * their own.
 */

/** Routers: their ids begin with the maker's name. */
const ROUTERS: ReadonlySet<string> = new Set(['openrouter', 'vercel']);
/** Makers that serve their own models, by provider id. */
const MAKERS: ReadonlySet<string> = new Set([
  ...['openai', 'anthropic', 'google', 'mistral', 'deepseek', 'x-ai', 'cohere', 'moonshotai', 'zai', 'qwen', 'minimax'],
  ...['meta', 'perplexity'],
]);
/** Routers' names for them, where these differ from ours. */
const ALIASES: { readonly [name: string]: string } = {
  mistralai: 'mistral',
  'meta-llama': 'meta',
  'z-ai': 'zai',
  xai: 'x-ai',
  alibaba: 'qwen',
};

/** One name for a model wherever it is served; undefined where that is not certain (hosts, variants such as `:free`). */
export function identityOf(provider: string, model: string): string | undefined {
  const slash = model.indexOf('/');
  const routed = ROUTERS.has(provider) && slash > 0;
  const vendor = routed ? model.slice(0, slash) : provider;
  const maker = ALIASES[vendor] ?? vendor;
  const name = routed ? model.slice(slash + 1) : model.replace(/^models\//, '');
  if (!MAKERS.has(maker) || /[:/@]/.test(name)) return undefined;
  // Routers write 4.5 where makers write 4-5.
  return `${maker}/${name.toLowerCase().replaceAll('.', '-')}`;
}
