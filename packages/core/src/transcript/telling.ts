import type { Modality } from '../catalog/model.ts';
import type { NoticeCode } from '../chat/event.ts';
import type {
  CitationPart,
  FilePart,
  ImagePart,
  Part,
  ReasoningPart,
  ServerToolPart,
  ToolCallPart,
  ToolResultPart,
} from '../chat/part.ts';
import type { Aside } from './order.ts';
import type { Target } from './rules.ts';
import {
  callInWords,
  citationsInWords,
  mediaFollows,
  mediaInWords,
  resultInWords,
  serverToolInWords,
} from './words.ts';

export interface Notice {
  readonly code: NoticeCode;
  readonly message: string;
  readonly field: string;
}

/** What of a conversation may go to its target as it is, and how everything else is told; each change noted once. */
export interface Telling {
  /** Did the very model that is asked write this? */
  own(part: Part): boolean;
  /** The part without what is for another model alone. */
  known<P extends Part>(part: P): P;
  call(call: ToolCallPart, result: ToolResultPart | undefined, finished: boolean): Part[];
  strayResult(result: ToolResultPart): Part[];
  noteMissingResult(): void;
  noteDropped(thinking: ReasoningPart): void;
  sources(citations: readonly CitationPart[]): Aside;
  serverTool(part: ServerToolPart): Aside;
  /** A picture or file that an answer holds, for the user's side. */
  medium(part: ImagePart | FilePart): Aside;
  readonly notices: () => readonly Notice[];
}

export function createTelling({ provider, model, modelId }: Target): Telling {
  const name = model?.name ?? modelId;
  const notices = new Map<string, Notice>();
  const note = (code: NoticeCode, message: string) => notices.set(message, { code, message, field: 'messages' });
  const described = (what: string) => note('part-described', `${what} to ${name} in words.`);
  const takes = (modality: Modality): boolean => model?.input?.includes(modality) ?? false;

  const own = (part: Part): boolean =>
    part.origin?.provider === provider.id &&
    (part.origin.model === modelId || (model?.aliases?.includes(part.origin.model) ?? false));
  const known = <P extends Part>(part: P): P => {
    if (part.raw === undefined || own(part)) return part;
    const { raw: _foreign, ...rest } = part;
    return rest as P;
  };
  const imagesOf = (result: ToolResultPart | undefined): ImagePart[] =>
    result?.content.filter((part) => part.type === 'image').map(known) ?? [];

  return {
    own,
    known,
    call: (call, result, finished) => {
      described('Earlier tool calls were told');
      return [callInWords(call, result, finished), ...imagesOf(result)];
    },
    strayResult: (result) => {
      described('Results of tools whose calls are not here were told');
      return [resultInWords(result), ...imagesOf(result)];
    },
    noteMissingResult: () =>
      note('part-described', `A tool was called without a result: ${name} was told that it was not carried out.`),
    noteDropped: ({ text, raw }) => {
      if (text === '' && raw === undefined) return;
      note('reasoning-dropped', `What other models thought was not sent to ${name}: it cannot read it.`);
    },
    sources: (citations) => {
      described('The sources of earlier answers were told');
      const words = [citationsInWords(citations)];
      return { parts: words, inWords: words };
    },
    serverTool: (part) => {
      described('What providers did for earlier answers was told');
      const words = [serverToolInWords(part)];
      return { parts: words, inWords: words };
    },
    medium: (part) => {
      const inWords = [mediaInWords(part)];
      const modality = modalityOf(part);
      if (modality === undefined || takes(modality)) return { parts: [mediaFollows(part), known(part)], inWords };
      described('What earlier answers held was told');
      return { parts: inWords, inWords };
    },
    notices: () => [...notices.values()],
  };
}

/** Undefined for files that are text, which every encoder writes out. */
function modalityOf(part: ImagePart | FilePart): Modality | undefined {
  const type = part.mediaType.toLowerCase();
  if (part.type === 'image' || type.startsWith('image/')) return 'image';
  if (type.startsWith('audio/')) return 'audio';
  if (type.startsWith('video/')) return 'video';
  return type.startsWith('text/') || /[/+](?:json|xml|yaml|javascript|csv)$/.test(type) ? undefined : 'file';
}
