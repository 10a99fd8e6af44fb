import { handOver } from '../transcript/hand-over.ts';
import type { EncodedRequest, EncodeInput } from './dialect.ts';
import { dialectOf } from './lookup.ts';

/** Encodes as the gateway does: what is written down has been handed over before. */
export function encodeHanded(input: EncodeInput): EncodedRequest {
  const { request, provider, model } = input;
  const target = { provider, model, modelId: request.choice.model };
  const { messages, system, notices } = handOver(request.messages, target, request.system);
  const { system: _, ...rest } = request;
  const encoded = dialectOf(provider.dialect).encode({
    ...input,
    request: { ...rest, messages, ...(system !== undefined && { system }) },
  });
  return { ...encoded, notices: [...notices, ...encoded.notices] };
}
