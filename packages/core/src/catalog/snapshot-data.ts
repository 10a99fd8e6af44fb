/** The bundled snapshot in its compact form, as `scripts/generate-snapshot.ts` writes it. */
export interface SnapshotData {
  /** The date whose prices these are, ISO. */
  readonly asOf: string;
  /** npm package and version they come from. */
  readonly source: string;
  readonly providers: { readonly [provider: string]: readonly SnapshotRow[] };
}

/** Amounts are decimal strings: USD per million tokens, `web` per thousand searches, `ask` per thousand requests. */
export interface SnapshotAmounts {
  readonly in?: string;
  readonly out?: string;
  readonly read?: string;
  readonly write?: string;
  readonly think?: string;
  readonly picture?: string;
  readonly web?: string;
  readonly ask?: string;
}

export interface SnapshotRow extends SnapshotAmounts {
  readonly id: string;
  /** Context window, tokens. */
  readonly ctx?: number;
  /** Other ids of it. */
  readonly also?: readonly string[];
  /** Regular expression sources of further ids. */
  readonly like?: readonly string[];
  /** No longer offered, or no id of its own: the price still tells what it costs, and nobody is offered it. */
  readonly old?: true;
  /** `above`: prompt tokens; `from` and `to`: HHMM, UTC. */
  readonly tiers?: readonly (SnapshotAmounts & {
    readonly above?: number;
    readonly from?: number;
    readonly to?: number;
  })[];
}
