import type { DecoderEvent } from '../../chat/event.ts';
import type { Json } from '../../chat/json.ts';
import { type Fields, isFields, said } from '../openai-chat/wire.ts';

interface ServerTool {
  readonly part: number;
  readonly callId: string;
  readonly name: string;
  input: Json | undefined;
  output: Json | undefined;
  /** The blocks without their input and content, which the part itself holds. */
  use: Json | undefined;
  result: Json | undefined;
  resultBefore: number;
}

/**
 * Tools that ran at the provider's: two blocks, the use and its result, become one part. Its `raw` holds what is left of
 * both blocks, and in front of which part the result stood, so that they go back as they came (quirk 94).
 */
export interface ServerTools {
  /** A block that begins a use. */
  use(block: Fields, input: Json | undefined): (input: Json) => void;
  /** A block that came whole: a result, or something of a type that nobody knows. */
  whole(block: Fields): void;
}

/** @param parts how many parts the message has; @param newPart claims the next one */
export function createServerTools(
  emit: (event: DecoderEvent) => void,
  parts: () => number,
  newPart: () => number,
): ServerTools {
  const byId = new Map<string, ServerTool>();

  const begin = (callId: string, name: string): ServerTool => {
    const tool: ServerTool = {
      part: newPart(),
      callId,
      name,
      input: undefined,
      output: undefined,
      use: undefined,
      result: undefined,
      resultBefore: 0,
    };
    if (callId !== '') byId.set(callId, tool);
    return tool;
  };

  const tell = (tool: ServerTool) => {
    emit({
      type: 'server-tool',
      part: tool.part,
      callId: tool.callId,
      name: tool.name,
      ...(tool.input !== undefined && { input: tool.input }),
      ...(tool.output !== undefined && { output: tool.output }),
    });
    const raw: Json = {
      ...(tool.use !== undefined && { use: tool.use }),
      ...(tool.result !== undefined && { result: tool.result, resultBefore: tool.resultBefore }),
    };
    emit({ type: 'raw-part', part: tool.part, of: 'server-tool', raw });
  };

  return {
    use: (block, given) => {
      const { input: _input, ...use } = block;
      const tool = begin(said(block.id) ?? '', said(block.name) ?? String(block.type));
      tool.use = use as Json;
      tool.input = given;
      tell(tool);
      return (input) => {
        tool.input = input;
        tell(tool);
      };
    },
    whole: (block) => {
      const type = String(block.type);
      const { content, ...rest } = block;
      const id = said(block.tool_use_id);
      // A result may answer a use of an earlier response.
      const tool = (id === undefined ? undefined : byId.get(id)) ?? begin(id ?? '', type.replace(/_tool_result$/, ''));
      tool.output = (content === undefined ? null : content) as Json;
      tool.result = rest as Json;
      tool.resultBefore = parts();
      tell(tool);
    },
  };
}

/** True for a block that starts something the provider runs itself. */
export function isServerToolUse(block: Fields): boolean {
  return typeof block.type === 'string' && block.type !== 'tool_use' && block.type.endsWith('_tool_use');
}

export interface Replay {
  readonly use?: Fields;
  readonly result?: Fields;
  readonly resultBefore: number;
}

/** What `raw` of such a part says, undefined where it is of another make. */
export function replayOf(raw: Json | undefined): Replay | undefined {
  if (!isFields(raw)) return undefined;
  const { use, result, resultBefore } = raw;
  if (!isFields(use) && !isFields(result)) return undefined;
  return {
    ...(isFields(use) && { use }),
    ...(isFields(result) && { result }),
    resultBefore: typeof resultBefore === 'number' ? resultBefore : 0,
  };
}
