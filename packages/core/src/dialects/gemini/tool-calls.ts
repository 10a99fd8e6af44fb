import type { DecoderEvent } from '../../chat/event.ts';
import type { Json } from '../../chat/json.ts';
import { known } from '../../chat/known.ts';
import { type CallCounts, endOfCall } from '../tool-call.ts';
import { type Fields, isFields, said } from '../values.ts';
import { createPartialArguments, type PartialArguments } from './partial-arguments.ts';

interface Call {
  readonly part: number;
  readonly callId: string;
  readonly name: string;
  /** The id as Google gave it, where it did. */
  readonly ownId: string | undefined;
  readonly signature: string | undefined;
  text: string;
  pieces: PartialArguments | undefined;
  running: boolean;
}

export interface ToolCalls {
  /** One part that holds a `functionCall`. */
  add(call: Fields, signature: string | undefined): void;
  /** Says `tool-call-end` for each call; called once, when the provider has said it is done (quirk 43). */
  settle(): CallCounts;
}

/**
 * Calls come whole in one part (quirk 106), or piece by piece (quirk 107).
 * @param newPart claims the next part of the message
 * @param fallbackId makes an id for the call of this order, where Google gives none, or the same twice (quirk 105)
 */
export function createToolCalls(
  emit: (event: DecoderEvent) => void,
  newPart: () => number,
  fallbackId: (order: number) => string,
): ToolCalls {
  const calls: Call[] = [];
  const ids = new Set<string>();

  const begin = (name: string, call: Fields, signature: string | undefined): Call => {
    const ownId = said(call.id);
    const callId = ownId === undefined || ids.has(ownId) ? fallbackId(calls.length) : ownId;
    ids.add(callId);
    const begun: Call = {
      part: newPart(),
      callId,
      name,
      ownId: callId === ownId ? ownId : undefined,
      signature,
      text: '',
      pieces: undefined,
      running: call.willContinue === true,
    };
    calls.push(begun);
    emit({ type: 'tool-call-start', part: begun.part, callId, name });
    return begun;
  };

  const addText = (call: Call, text: string) => {
    call.text += text;
    emit({ type: 'tool-call-arguments', part: call.part, delta: text });
  };

  const close = (call: Call) => {
    call.running = false;
    if (call.pieces && call.text === '') addText(call, JSON.stringify(call.pieces.value()));
  };

  return {
    add: (fields, signature) => {
      const name = said(fields.name);
      const latest = calls.at(-1);
      // Without a name it goes on with the last one, or ends it.
      const call = name === undefined ? latest : begin(name, fields, signature);
      if (!call) return;
      if (latest?.running && latest !== call) close(latest);
      const { args, partialArgs } = fields;
      if (typeof args === 'string' && args !== '') addText(call, args);
      else if (isFields(args) && call.text === '') addText(call, JSON.stringify(args));
      if (Array.isArray(partialArgs)) {
        call.pieces ??= createPartialArguments();
        for (const partial of partialArgs) call.pieces.add(partial);
        call.running = true;
      }
      if (fields.willContinue !== true) close(call);
    },
    settle: () => {
      let complete = 0;
      for (const call of calls) {
        if (call.running) close(call);
        const raw: { readonly [key: string]: Json } = known({ thoughtSignature: call.signature, id: call.ownId });
        if (Object.keys(raw).length > 0) emit({ type: 'raw-part', part: call.part, of: 'tool-call', raw });
        const end = endOfCall(call.part, call.callId, call.name, call.text);
        if (!end) continue;
        complete++;
        emit(end);
      }
      return { complete, broken: calls.length - complete };
    },
  };
}
