import type { Model } from '../catalog/model.ts';
import type { DecoderEvent, NoticeCode } from '../chat/event.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { Provider } from '../providers/provider.ts';

/** Why a stream of bytes ended before its own end marker. Absent: the connection closed cleanly. */
export type EndCause =
  | { readonly kind: 'reset'; readonly message?: string }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'stalled'; readonly message: string }
  /** The same text came again and again (quirk 156). */
  | { readonly kind: 'looping' };

/** Synchronous, one per response: bytes in, events out, no promise, no timer, no throw. */
export interface Decoder {
  push(bytes: Uint8Array): DecoderEvent[];
  /** Ends the response; emits exactly one `finish` over the life of the decoder. */
  end(cause?: EndCause): DecoderEvent[];
}

export interface DecoderOptions {
  /** For failure messages: who was asked. */
  readonly provider?: string;
  readonly model?: string;
  /** The secret that was sent: taken out of what an error inside the stream says. */
  readonly secret?: string;
  /** Most bytes of one undecoded line, default 64 MiB (quirk 28). */
  readonly maxLineBytes?: number;
  /**
   * The model writes its thinking into the answer between `<think>` tags (quirk 138); `implicit` where its prompt
   * template has opened the thinking already. Default: tags are text.
   */
  readonly thinkTags?: 'tagged' | 'implicit';
}

export interface EncodeInput {
  readonly request: ChatRequest;
  readonly provider: Provider;
  readonly model: Model | undefined;
  /** Always sent, so that the bill has a bound. */
  readonly maxOutputTokens: number;
  /** What may be thought beside it, tokens, where the provider limits the two apart (quirk 256). */
  readonly thinkingBudget?: number;
  /** The model does not stream: its answer is asked for in one piece. Decoders take either. */
  readonly whole?: boolean;
  /** Bytes of the blobs that the messages refer to, base64. */
  readonly media: ReadonlyMap<string, string>;
  /** USD per million tokens, decimal strings: the hard limit for providers that route by themselves. */
  readonly maxPrice?: { readonly prompt: string; readonly completion: string };
}

export interface EncodedRequest {
  /** Appended to the base URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body's text as it goes over the wire: the bound is taken from these very bytes. */
  readonly body: string;
  readonly notices: readonly { readonly code: NoticeCode; readonly message: string; readonly field?: string }[];
}

/** The half of a wire protocol that asks. */
export interface Asking {
  encode(input: EncodeInput): EncodedRequest;
  /** Answers by itself, without a network, as a provider of this dialect would. Such a dialect needs no key and costs nothing. */
  respond?(encoded: EncodedRequest): Response;
}

/** One wire protocol. */
export interface Dialect extends Asking {
  readonly name: string;
  createDecoder(options?: DecoderOptions): Decoder;
}
