import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { Content, GenerationConfig, Tool, ToolConfig } from '@google/genai';
import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { ResponseCreateParamsStreaming } from 'openai/resources/responses/responses';

/** A body as JSON carries it: Google's SDK has enums where words are sent. */
type Wire<T> = T extends string
  ? `${T}`
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Name in keyof T]: Wire<T[Name]> }
      : T;

/** What each provider's own SDK lets a program send, by the dialect that speaks to it. */
export interface SdkRequests {
  /** Its SDK leaves out what its newest models refuse and older ones take (quirk 96). */
  'anthropic-messages': MessageCreateParamsStreaming & { temperature?: number; top_p?: number };
  'openai-chat': ChatCompletionCreateParamsStreaming;
  'openai-responses': ResponseCreateParamsStreaming;
  /** Its SDK takes the body apart into arguments; these are the SDK's own types of the body's fields. */
  gemini: Wire<{
    contents: Content[];
    systemInstruction?: Content;
    tools?: Tool[];
    toolConfig?: ToolConfig;
    generationConfig?: GenerationConfig;
  }>;
}

/** What continues an answer is OpenAI's request and a few fields of each provider's own (its page on that). */
export interface BegunRequests {
  mistral: Marked<{ prefix: true }>;
  deepseek: Marked<{ prefix: true }> & { thinking: { type: 'disabled' } };
  moonshotai: Marked<{ partial: true }>;
  qwen: Marked<{ partial: true }> & { enable_thinking?: false };
  groq: ChatCompletionCreateParamsStreaming;
  openrouter: ChatCompletionCreateParamsStreaming;
  vllm: ChatCompletionCreateParamsStreaming & {
    continue_final_message: true;
    add_generation_prompt: false;
    chat_template_kwargs: { enable_thinking: boolean };
  };
  llamacpp: ChatCompletionCreateParamsStreaming & { chat_template_kwargs: { enable_thinking: false } };
}

type Marked<Mark> = Omit<ChatCompletionCreateParamsStreaming, 'messages'> & {
  messages: [...ChatCompletionMessageParam[], ChatCompletionAssistantMessageParam & Mark];
};
