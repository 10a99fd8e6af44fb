import type { Part } from '../../contract/index.ts';
import { safeHref } from '../markdown/links.ts';
import { strings } from '../strings.ts';

type Citation = Extract<Part, { type: 'citation' }>;

/** Where an answer says it has its knowledge from: each source once, in the order of their first mention. */
export function Citations({ citations }: { readonly citations: readonly Citation[] }) {
  const unique = [...new Map(citations.map((citation) => [citation.url, citation])).values()];
  return (
    <nav className="citations" aria-label={strings.message.sources}>
      <p className="quiet small">{strings.message.sources}</p>
      <ol>
        {unique.map((citation) => {
          const href = safeHref(citation.url);
          const title = citation.title || (href ? new URL(href).host : citation.url);
          return (
            <li key={citation.url} title={citation.quote}>
              {href ? (
                <a href={href} target="_blank" rel="noopener noreferrer">
                  <bdi>{title}</bdi>
                </a>
              ) : (
                <bdi>{title}</bdi>
              )}
              {href && <span className="quiet small"> {new URL(href).host.replace(/^www\./, '')}</span>}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
