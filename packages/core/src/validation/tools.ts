import type { Failure } from '../chat/failure.ts';
import { adapt, type Draft, notice, refuse, type Target, takes, without } from './rule.ts';

/** Tools are what the caller builds on: a model without them is refused, never asked without. */
export function toolsRule(draft: Draft, target: Target): Draft | Failure {
  const { tools, toolChoice } = draft.request;
  // Quirk 153: some servers refuse an empty list, and a choice among no tools means nothing.
  if (!tools || tools.length === 0) return without(draft, 'tools', 'toolChoice', 'parallelToolCalls');
  const able = takes(target, 'tools');
  if (able === false) {
    return refuse('unsupported', `${target.name} cannot use tools. Choose a model that can.`, 'other-model');
  }
  if (able === undefined) {
    return notice(draft, 'capability-unknown', `It is not known whether ${target.name} can use tools.`, 'tools');
  }
  if (toolChoice !== undefined && toolChoice !== 'auto' && takes(target, 'tool_choice') === false) {
    const message = `${target.name} decides about tools by itself: the choice of a tool was left out.`;
    return notice(without(draft, 'toolChoice'), 'parameter-dropped', message, 'toolChoice');
  }
  return draft;
}

/** A program reads the answer, so prose in place of JSON is no answer. */
export function formatRule(draft: Draft, target: Target): Draft | Failure {
  const format = draft.request.responseFormat;
  if (!format) return draft;
  const [schema, json] = [takes(target, 'structured_outputs'), takes(target, 'response_format')];
  if (json === undefined) {
    const message = `It is not known whether ${target.name} can be held to JSON.`;
    return notice(draft, 'capability-unknown', message, 'responseFormat');
  }
  if (format.type === 'json-schema' && schema) return draft;
  if (!json) {
    return refuse('unsupported', `${target.name} cannot be held to JSON. Choose a model that can.`, 'other-model');
  }
  if (format.type === 'json') return draft;
  const message = `${target.name} can be held to JSON, but not to a schema: the schema was left out.`;
  return notice(adapt(draft, { responseFormat: { type: 'json' } }), 'parameter-adapted', message, 'responseFormat');
}
