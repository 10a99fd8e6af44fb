import type { DecoderEvent } from '../../chat/event.ts';
import type { Json } from '../../chat/json.ts';
import { known } from '../../chat/known.ts';
import { type Fields, said } from '../values.ts';

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
    const { part, callId, name, input, output, use, result } = tool;
    emit(known({ type: 'server-tool', part, callId, name, input, output }));
    const raw: { readonly [key: string]: Json } = known({
      use,
      result,
      resultBefore: result === undefined ? undefined : tool.resultBefore,
    });
    emit({ type: 'raw-part', part, of: 'server-tool', raw });
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
