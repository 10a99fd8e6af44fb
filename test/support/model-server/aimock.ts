import { type ChatCompletionRequest, LLMock } from '@copilotkit/aimock';
import { answerTo, reasoningFor } from './answers.ts';
import type { ServedModel } from './models.ts';
import { costOf, firstTokens, tokensOf } from './usage.ts';

/** Characters to a chunk: about one token, as providers send them. */
const CHUNK = 4;

/**
 * aimock, with an answer for every model: the text is chosen by the prompt, cut at the maximum that was asked for, and
 * priced by the model's own prices.
 * @param speed how many times faster than life it streams
 */
export async function startAimock(models: readonly ServedModel[], speed: number): Promise<LLMock> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent', journalMaxEntries: 1 });
  for (const model of models) {
    mock.on({ predicate: (request) => request.model === model.id }, (request) => respond(model, request), {
      chunkSize: CHUNK,
      openRouterProcessing: true,
      streamingProfile: { ttft: model.pace.ttft / speed, tps: model.pace.tps * speed, jitter: 0.3 },
    });
  }
  await mock.start();
  return mock;
}

function respond(model: ServedModel, request: ChatCompletionRequest) {
  const last = request.messages.findLast((message) => message.role === 'user');
  const prompt = textOf(last?.content);
  const promptTokens = tokensOf(JSON.stringify(request.messages));
  const limit = Number(request.max_completion_tokens ?? request.max_tokens ?? model.maxOutputTokens);
  const thinking = model.reasoning ? firstTokens(reasoningFor(prompt), limit) : '';
  const reasoningTokens = thinking ? tokensOf(thinking) : 0;
  const full = answerTo(prompt, model, imagesIn(last?.content));
  const room = Math.max(0, limit - reasoningTokens);
  const content = room > 0 ? firstTokens(full, room) : '';
  const completionTokens = reasoningTokens + (content ? tokensOf(content) : 0);
  const cost = costOf(model, promptTokens, completionTokens);
  return {
    content,
    ...(thinking ? { reasoning: thinking } : {}),
    provider: model.servedBy,
    finishReason: content === full ? 'stop' : 'length',
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: reasoningTokens },
      ...(model.reportsCost === false ? {} : { cost, is_byok: false, cost_details: { upstream_inference_cost: cost } }),
    },
  };
}

type Content = ChatCompletionRequest['messages'][number]['content'];

function textOf(content: Content | undefined): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => (typeof part.text === 'string' ? part.text : '')).join(' ');
}

const imagesIn = (content: Content | undefined): number =>
  Array.isArray(content) ? content.filter((part) => part.type === 'image_url').length : 0;
