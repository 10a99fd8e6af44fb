import type { Json } from './json.ts';

/** Who wrote a part. Absent on what the user wrote. */
export interface Origin {
  /** Provider id as in `providers/`, such as `openrouter`. */
  readonly provider: string;
  /** Model id as that provider's API names it, such as `anthropic/claude-sonnet-4`. */
  readonly model: string;
}

/** Where the bytes of an image or file are. Stored messages and ports carry `blob` or `url` only, never bytes. */
export type MediaSource =
  | { readonly kind: 'blob'; readonly blobId: string }
  | { readonly kind: 'url'; readonly url: string }
  /** Base64 without line breaks; lives only between a decoder and the host, which moves it into a blob. */
  | { readonly kind: 'base64'; readonly data: string };

interface PartBase {
  readonly origin?: Origin;
  /**
   * What the part's own provider wants back byte for byte (signatures, item ids, phase, redacted thinking).
   * Opaque to everybody else: never shown, never sent to another provider, never altered.
   */
  readonly raw?: Json;
}

export interface TextPart extends PartBase {
  readonly type: 'text';
  readonly text: string;
}

/** A model's thinking. `text` may be empty where the provider only hands out an encrypted `raw`. */
export interface ReasoningPart extends PartBase {
  readonly type: 'reasoning';
  readonly text: string;
}

export interface ImagePart extends PartBase {
  readonly type: 'image';
  /** IANA media type, such as `image/png`. */
  readonly mediaType: string;
  readonly source: MediaSource;
  /** Size in bytes, where known. */
  readonly bytes?: number;
  readonly alt?: string;
}

export interface FilePart extends PartBase {
  readonly type: 'file';
  readonly name: string;
  readonly mediaType: string;
  readonly source: MediaSource;
  readonly bytes?: number;
}

export interface ToolCallPart extends PartBase {
  readonly type: 'tool-call';
  readonly callId: string;
  readonly name: string;
  /** JSON text exactly as the model wrote it (or as repaired once, see `repaired`); `{}` for a call without arguments. */
  readonly arguments: string;
  readonly repaired?: boolean;
}

export interface ToolResultPart extends PartBase {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly name?: string;
  readonly content: readonly (TextPart | ImagePart)[];
  readonly isError?: boolean;
}

export interface CitationPart extends PartBase {
  readonly type: 'citation';
  readonly url: string;
  readonly title?: string;
  readonly quote?: string;
}

/** Something the provider ran on its own side (web search, code execution), shown but never executed by us. */
export interface ServerToolPart extends PartBase {
  readonly type: 'server-tool';
  readonly callId: string;
  readonly name: string;
  readonly input?: Json;
  readonly output?: Json;
}

export type Part =
  | TextPart
  | ReasoningPart
  | ImagePart
  | FilePart
  | ToolCallPart
  | ToolResultPart
  | CitationPart
  | ServerToolPart;

export type PartType = Part['type'];
