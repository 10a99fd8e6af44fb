import type { EndCause } from '../dialects/dialect.ts';

/** How long to wait for what, ms. */
export interface StreamLimits {
  /** From sending the request to the response's headers. */
  readonly headersMs: number;
  /** From sending the request to the first content, however many keep-alives come before it. */
  readonly firstContentMs: number;
  /** Between two contents, however many keep-alives come between them (quirk 8). */
  readonly contentMs: number;
  /** Between any two bytes once content has come, keep-alives included: the connection is dead. */
  readonly silenceMs: number;
}

/**
 * Generous on purpose: models that think for minutes before the first token are common, a router's queue holds the
 * headers back, and a wrong kill is billed all the same.
 */
export const DEFAULT_LIMITS: StreamLimits = {
  headersMs: 180_000,
  firstContentMs: 600_000,
  contentMs: 300_000,
  silenceMs: 120_000,
};

/** An answer in one piece is written before its headers come. */
export const WHOLE_LIMITS: StreamLimits = { ...DEFAULT_LIMITS, headersMs: DEFAULT_LIMITS.firstContentMs };

/** The clocks of one request. Pure: it is told the time, and holds no timer. */
export interface StreamTimeouts {
  /** The response's headers are here. */
  headers(at: number): void;
  /** Bytes came; `content` where they told anything beyond being alive. */
  activity(at: number, content: boolean): void;
  /** When the next of the clocks runs out, ms since epoch. */
  deadline(): number;
  /** What ran out at `at`, undefined while nothing did. */
  expired(at: number): (EndCause & { readonly kind: 'stalled' }) | undefined;
}

/** @param sentAt ms since epoch */
export function createStreamTimeouts(sentAt: number, limits: StreamLimits = DEFAULT_LIMITS): StreamTimeouts {
  let headersAt: number | undefined;
  let contentAt: number | undefined;
  let bytesAt = sentAt;

  const deadline = () => {
    if (contentAt !== undefined) return Math.min(contentAt + limits.contentMs, bytesAt + limits.silenceMs);
    const first = sentAt + limits.firstContentMs;
    return headersAt === undefined ? Math.min(sentAt + limits.headersMs, first) : first;
  };

  return {
    headers: (at) => {
      headersAt = at;
      bytesAt = at;
    },
    activity: (at, content) => {
      bytesAt = at;
      if (content) contentAt = at;
    },
    deadline,
    expired: (at) => {
      if (at < deadline()) return undefined;
      return { kind: 'stalled', message: whatRanOut() };
    },
  };

  function whatRanOut(): string {
    if (contentAt === undefined && headersAt === undefined) return `no answer within ${seconds(limits.headersMs)}`;
    if (contentAt === undefined) return `nothing of the answer within ${seconds(limits.firstContentMs)}`;
    return bytesAt + limits.silenceMs <= contentAt + limits.contentMs
      ? `nothing more for ${seconds(limits.silenceMs)}`
      : `nothing but keep-alives for ${seconds(limits.contentMs)}`;
  }
}

function seconds(ms: number): string {
  const whole = Math.round(ms / 1000);
  return whole === 1 ? '1 second' : `${whole} seconds`;
}
