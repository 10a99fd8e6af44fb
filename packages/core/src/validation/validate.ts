import type { Model } from '../catalog/model.ts';
import type { Failure } from '../chat/failure.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { Provider } from '../providers/provider.ts';
import { familyOf } from '../providers/registry.ts';
import { inputRule } from './input.ts';
import { chooseMaximum } from './output-limit.ts';
import { effortRule, rangeRule, samplingRule } from './parameters.ts';
import { type Draft, type Notice, notice, type Rule, refuse, type Target } from './rule.ts';
import { formatRule, toolsRule } from './tools.ts';

/*
 * Request × model, before anything is encoded. "Known" is what the catalogue or the provider's families say; what
 * nobody says is sent as it is, and a notice tells so where the answer may suffer.
 *
 * | asked                            | model known to take it | known not to                         | unknown        |
 * |----------------------------------|------------------------|--------------------------------------|----------------|
 * | a chat at all                    | sent                   | refused                              | sent           |
 * | thinking, which nothing limits   | refused                | sent                                 | sent           |
 * | image, file in the last question | sent                   | refused                              | sent + notice  |
 * | image, file earlier, or in tools | sent                   | described in text + notice           | sent           |
 * | tools                            | sent                   | refused                              | sent + notice  |
 * | tool choice                      | sent                   | left out + notice                    | sent           |
 * | JSON schema                      | sent                   | plain JSON + notice, else refused    | sent + notice  |
 * | JSON                             | sent                   | refused                              | sent + notice  |
 * | temperature, top p, stop, seed   | sent                   | left out + notice                    | sent           |
 * | reasoning effort                 | sent, or the nearest   | left out + notice (`none`: silently) | sent           |
 * | effort `none`, thinking is a must| –                      | left out + notice                    | sent           |
 * | a number out of range            | brought into range + notice                                                  |
 * | maximum answer, given            | brought between the provider's least and the model's most + notice           |
 * | maximum answer, not given        | the least of the model's, the room in its window, and 8,192 (reasoning: more)|
 * | input certainly over the window  | refused                                                     | sent           |
 * | a model past its announced end   | sent + notice                                                                |
 */
const RULES: readonly Rule[] = [
  chatRule,
  retirementRule,
  rangeRule,
  inputRule,
  toolsRule,
  formatRule,
  effortRule,
  samplingRule,
];

export type Validation =
  | { readonly refuse: Failure }
  | {
      /** What is to be encoded. */
      readonly request: ChatRequest;
      /** Always sent, so that the bill has a bound; also `request.maxOutputTokens`. */
      readonly maxOutputTokens: number;
      readonly notices: readonly Notice[];
    };

/**
 * Checks a request against what is known of the model: refused, or ready to encode with what was changed.
 * @param model undefined where the catalogue knows nothing
 * @param provider resolved for the key (`resolveProvider`)
 * @param now ms since epoch
 */
export function validate(
  request: ChatRequest,
  model: Model | undefined,
  provider: Provider,
  now = Date.now(),
): Validation {
  const id = request.choice.model;
  const target: Target = { name: model?.name ?? id, model, provider, family: familyOf(provider, id), now };
  let draft: Draft = { request, notices: [] };
  for (const rule of RULES) {
    const outcome = rule(draft, target);
    if ('kind' in outcome) return { refuse: outcome };
    draft = outcome;
  }
  const limited = chooseMaximum(draft, target);
  if ('kind' in limited) return { refuse: limited };
  return { request: limited.draft.request, maxOutputTokens: limited.maxOutputTokens, notices: limited.draft.notices };
}

function chatRule(draft: Draft, { name, model, family }: Target): Draft | Failure {
  if (draft.request.messages.length === 0) {
    return refuse('parameter', `${name} was not asked: there is no message to answer.`, 'none');
  }
  if (model?.chat === false || family?.chat === false) {
    return refuse('unsupported', `${name} does not answer in a chat. Choose another model.`, 'other-model');
  }
  if (family?.thinking?.form === 'unbounded') {
    const message = `${name} was not asked: nothing limits how long it thinks, so no cap could hold. Choose another model.`;
    return refuse('unsupported', message, 'other-model');
  }
  if (model?.output && !model.output.includes('text')) {
    return refuse('unsupported', `${name} does not answer in text. Choose another model.`, 'other-model');
  }
  return draft;
}

function retirementRule(draft: Draft, { name, model, provider, now }: Target): Draft {
  if (model?.expires === undefined) return draft;
  const end = Date.parse(model.expires);
  if (Number.isNaN(end) || end - now > ANNOUNCE_DAYS * DAY_MS) return draft;
  const message =
    end <= now
      ? `${provider.name} announced the end of ${name} for ${model.expires}: it may not answer any more.`
      : `${provider.name} takes ${name} out of service on ${model.expires}.`;
  return notice(draft, 'model-retired', message);
}

const DAY_MS = 86_400_000;
/** An end further away than this is no news on every answer. */
const ANNOUNCE_DAYS = 14;
