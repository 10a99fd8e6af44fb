/** Largest values a host takes from a panel; anything above is refused before it is looked at. */
export const LIMITS = {
  /** Characters of an id. */
  id: 128,
  /** Characters of a model id, a label, a media type. */
  name: 512,
  /** Characters of a conversation's title. */
  title: 512,
  /** Characters of one text part and of a draft: above any model's context window. */
  text: 8_000_000,
  /** Characters of a system prompt. */
  system: 1_000_000,
  /** Parts of one message. */
  parts: 64,
  /** Characters of a search. */
  search: 512,
  /** Bytes of one image or file. */
  blobBytes: 50 * 1024 * 1024,
  /** Bytes of one slice of an image or file; a multiple of 3, so that the base64 of the slices can be joined. */
  sliceBytes: 768 * 1024,
  /** Entries of each list in the settings. */
  settings: 2_000,
  /** Models tried after the chosen one. */
  fallbacks: 8,
} as const;
