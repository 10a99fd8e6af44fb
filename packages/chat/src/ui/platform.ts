/** Something that can be done with a block of code of an answer, beside copying it. */
export interface CodeBlockAction {
  readonly id: string;
  /** On its button. */
  readonly label: string;
  run(code: string, language: string): void;
}

/** What a product may do for the panel better than a plain page can. Whatever is left out, the page does itself. */
export interface PanelPlatform {
  /** Opens a link from an answer outside of the panel. */
  openExternal?(url: string): void;
  /** Saves a file for the user. */
  saveFile?(name: string, content: Blob): void | Promise<void>;
  copyText?(text: string): Promise<void>;
  reload?(): void;
  /** Keeps a few small words of this panel, such as which conversation was open, until it opens again. */
  readonly memory?: { get(key: string): string | undefined; set(key: string, value: string): void };
  readonly codeActions?: readonly CodeBlockAction[];
  /** Calls `listener` whenever the product wants a conversation brought into view. @returns a function that ends it */
  onShow?(listener: (conversationId: string) => void): () => void;
}

export type CompletePlatform = { readonly [K in keyof PanelPlatform]-?: NonNullable<PanelPlatform[K]> };

export function completePlatform(given: PanelPlatform = {}): CompletePlatform {
  return {
    openExternal: (url) => void window.open(url, '_blank', 'noopener,noreferrer'),
    saveFile: saveAsDownload,
    copyText: (text) => navigator.clipboard.writeText(text),
    reload: () => location.reload(),
    memory: {
      // A page whose storage is refused (a private window, a sandboxed frame) just forgets.
      get: (key) => {
        try {
          return localStorage.getItem(`patchbay.${key}`) ?? undefined;
        } catch {
          return undefined;
        }
      },
      set: (key, value) => {
        try {
          localStorage.setItem(`patchbay.${key}`, value);
        } catch {
          // Forgotten, then.
        }
      },
    },
    codeActions: [],
    onShow: () => () => undefined,
    ...given,
  };
}

function saveAsDownload(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download reads the blob after this task; a minute is long enough for it to have begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
