import type { Model } from '../catalog/model.ts';
import type { NoticeCode } from '../chat/event.ts';
import type { Failure, FailureKind, UserAction } from '../chat/failure.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { ModelFamily, Provider } from '../providers/provider.ts';

/** What was changed about a request, or is not known; shown beside the answer. */
export interface Notice {
  readonly code: NoticeCode;
  readonly message: string;
  readonly field?: string;
}

/** A request on its way through the rules. */
export interface Draft {
  readonly request: ChatRequest;
  readonly notices: readonly Notice[];
}

/** Whom the request is for. */
export interface Target {
  /** What a person calls the model. */
  readonly name: string;
  readonly model: Model | undefined;
  readonly provider: Provider;
  readonly family: ModelFamily | undefined;
  /** ms since epoch. */
  readonly now: number;
}

/** One rule: the draft as it is, a changed one, or why nothing is sent. */
export type Rule = (draft: Draft, target: Target) => Draft | Failure;

export function refuse(kind: FailureKind, message: string, userAction: UserAction): Failure {
  return { kind, retryable: false, fallbackable: kind !== 'parameter', message, userAction };
}

export function notice(draft: Draft, code: NoticeCode, message: string, field?: keyof ChatRequest): Draft {
  return { ...draft, notices: [...draft.notices, { code, message, ...(field !== undefined && { field }) }] };
}

export function adapt(draft: Draft, changes: Partial<ChatRequest>): Draft {
  return { ...draft, request: { ...draft.request, ...changes } };
}

export function without(draft: Draft, ...fields: readonly (keyof ChatRequest)[]): Draft {
  const kept = Object.entries(draft.request).filter(([field]) => !fields.includes(field as keyof ChatRequest));
  return { ...draft, request: Object.fromEntries(kept) as unknown as ChatRequest };
}

/** Does the model take this parameter, by OpenRouter's name? Undefined where nobody says. */
export function takes({ model }: Target, parameter: string): boolean | undefined {
  return model?.parameters?.includes(parameter);
}

/** Can the model reason? Undefined where nobody says. */
export function reasons({ model, family }: Target): boolean | undefined {
  if (model?.reasoning) return true;
  return model?.parameters ? model.parameters.includes('reasoning') : family?.reasoning;
}
