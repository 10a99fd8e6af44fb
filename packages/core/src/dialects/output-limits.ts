import type { EncodedRequest, EncodeInput } from './dialect.ts';
import { createScribe, familyOf, tellThinking, thinkingBudget } from './encoding.ts';

/**
 * Encodes so that thinking and answer are within the maximum together, as the bound counts on, also where the provider's
 * own maximum limits the answer alone (`flags.thinkingApart`): by a field that limits both where the model has one, else
 * by a budget for the thinking that is taken off the answer, else by no thinking at all.
 */
export function encodeWithin(input: EncodeInput, encode: (input: EncodeInput) => EncodedRequest): EncodedRequest {
  const { request, provider, maxOutputTokens } = input;
  const apart = provider.flags.thinkingApart;
  const family = familyOf(input);
  if (!apart || family?.reasoning === false) return encode(input);

  const within = maxOutputTokens - apart.slack;
  if (family?.maxTokensField) return encode({ ...input, maxOutputTokens: within });

  const { form, mandatory } = family?.thinking ?? {};
  const asked = request.reasoningEffort ?? (mandatory ? 'medium' : 'none');
  const effort = asked === 'none' && mandatory ? 'minimal' : asked;
  if (effort !== 'none' && form === 'budget') {
    const budget = Math.max(1, thinkingBudget(effort, within));
    return encode({
      ...input,
      request: { ...request, reasoningEffort: effort },
      maxOutputTokens: within - budget,
      thinkingBudget: budget,
    });
  }

  const scribe = createScribe(input);
  if (effort !== 'none') tellThinking(scribe, 'unknown');
  const encoded = encode({ ...input, request: { ...request, reasoningEffort: 'none' } });
  return { ...encoded, notices: [...encoded.notices, ...scribe.notices] };
}
