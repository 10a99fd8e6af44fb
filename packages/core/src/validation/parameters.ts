import type { ChatRequest, ReasoningEffort } from '../chat/request.ts';
import { adapt, type Draft, notice, reasons, type Target, takes, without } from './rule.ts';

/** Numbers a provider would refuse, brought to where it takes them. */
export function rangeRule(draft: Draft, target: Target): Draft {
  const ranged = within(within(draft, target, 'temperature', 0, 2), target, 'topP', 0, 1);
  return wholeSeed(stopStrings(ranged, target), target);
}

function within(draft: Draft, { name }: Target, field: 'temperature' | 'topP', least: number, most: number): Draft {
  const value = draft.request[field];
  if (value === undefined) return draft;
  if (Number.isNaN(value)) return without(draft, field);
  const near = Math.min(Math.max(value, least), most);
  if (near === value) return draft;
  const message = `${LABELS[field]} ${value} is out of range: ${name} was asked with ${near}.`;
  return notice(adapt(draft, { [field]: near }), 'parameter-adapted', message, field);
}

function stopStrings(draft: Draft, { name, provider }: Target): Draft {
  const { stop } = draft.request;
  if (!stop) return draft;
  const filled = stop.filter((text) => text !== '');
  if (filled.length === 0) return without(draft, 'stop');
  const most = provider.flags.maxStopStrings ?? filled.length;
  if (filled.length <= most) return filled.length === stop.length ? draft : adapt(draft, { stop: filled });
  const message = `${name} takes ${most} stop texts at most: the others were left out.`;
  return notice(adapt(draft, { stop: filled.slice(0, most) }), 'parameter-adapted', message, 'stop');
}

function wholeSeed(draft: Draft, { name }: Target): Draft {
  const { seed } = draft.request;
  if (seed === undefined || Number.isSafeInteger(seed)) return draft;
  const message = `The seed ${seed} is no whole number: ${name} was asked without one.`;
  return notice(without(draft, 'seed'), 'parameter-dropped', message, 'seed');
}

const SAMPLING = { temperature: 'temperature', topP: 'top_p', stop: 'stop', seed: 'seed' } as const;
const LABELS = { temperature: 'Temperature', topP: 'Top p', stop: 'Stop texts', seed: 'Seed' } as const;

/** Sampling parameters that the model is known to refuse or ignore (quirk 50). */
export function samplingRule(draft: Draft, target: Target): Draft {
  const dropped = (Object.keys(SAMPLING) as (keyof typeof SAMPLING)[]).filter(
    (field) => draft.request[field] !== undefined && !accepts(draft.request, target, SAMPLING[field]),
  );
  if (dropped.length === 0) return draft;
  return dropped.reduce((rest, field) => {
    const message = `${target.name} does not take ${LABELS[field].toLowerCase()}: left out.`;
    return notice(without(rest, field), 'parameter-dropped', message, field);
  }, draft);
}

function accepts(request: ChatRequest, target: Target, parameter: string): boolean {
  const listed = takes(target, parameter);
  if (listed !== undefined) return listed;
  const { family, provider } = target;
  if (family?.refuses?.includes(parameter)) return false;
  const thinks = reasons(target) === true && request.reasoningEffort !== 'none';
  if (thinks && family?.refusesWhileReasoning?.includes(parameter)) return false;
  const samples = parameter === 'temperature' || parameter === 'top_p';
  return !(thinks && samples && provider.flags.reasoningModelsRejectSampling);
}

const EFFORTS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'max'];

/** How hard to think, in words the model knows. */
export function effortRule(draft: Draft, target: Target): Draft {
  const asked = draft.request.reasoningEffort;
  if (asked === undefined) return draft;
  const { name, model, family, provider } = target;
  const refused = family?.refuses?.includes('reasoning_effort') ?? false;
  if (reasons(target) === false || provider.flags.reasoning === 'none' || refused) {
    const rest = without(draft, 'reasoningEffort');
    if (asked === 'none') return rest;
    const message =
      reasons(target) === false
        ? `${name} does not think before it answers: the effort was left out.`
        : `${refused ? name : provider.name} takes no reasoning effort: it was left out.`;
    return notice(rest, 'parameter-dropped', message, 'reasoningEffort');
  }
  if (asked === 'none' && model?.reasoning?.mandatory) {
    const message = `${name} always thinks before it answers.`;
    return notice(without(draft, 'reasoningEffort'), 'parameter-dropped', message, 'reasoningEffort');
  }
  const known = model?.reasoning?.efforts ?? family?.efforts;
  // A model that need not think can be told so, whether or not its list of efforts says it.
  if (!known || known.length === 0 || (asked === 'none' && model?.reasoning?.mandatory === false)) return draft;
  // A router turns its highest word into the model's own (xhigh); elsewhere the encoder does, and says so.
  const { reasoning: form } = provider.flags;
  if (
    known.includes(asked) ||
    (asked === 'max' && known.includes('xhigh') && (form === 'openrouter' || form === 'effort'))
  ) {
    return draft;
  }
  if (asked !== 'none' && known.includes('default')) {
    const message = `${name} thinks or does not, but not by degrees: the effort was left out.`;
    return notice(without(draft, 'reasoningEffort'), 'parameter-adapted', message, 'reasoningEffort');
  }
  const near = nearest(asked, known);
  if (near === undefined) return draft;
  const message = `${name} does not know the effort “${asked}”: asked with “${near}”.`;
  return notice(adapt(draft, { reasoningEffort: near }), 'parameter-adapted', message, 'reasoningEffort');
}

/** The closest known word; of two equally close ones the lower, which costs less. Whoever wants thought gets some. */
function nearest(asked: ReasoningEffort, known: readonly string[]): ReasoningEffort | undefined {
  const at = EFFORTS.indexOf(asked);
  return EFFORTS.filter((effort) => effort !== 'none' && known.includes(effort)).reduce<ReasoningEffort | undefined>(
    (best, effort) =>
      best === undefined || Math.abs(EFFORTS.indexOf(effort) - at) < Math.abs(EFFORTS.indexOf(best) - at)
        ? effort
        : best,
    undefined,
  );
}
