import type { KeyView } from '@patchbay/chat/contract';
import { providerOf } from '@patchbay/core';

/** What leaves this computer, and to whom. */
export function Privacy({ keys }: { readonly keys: readonly KeyView[] }) {
  const used = [...new Set(keys.map((key) => key.provider))].flatMap((id) => providerOf(id) ?? []);
  return (
    <>
      <ul className="plain">
        <li>Patchbay has no server and no account. Nothing is sent to its makers: no text, no keys, no statistics.</li>
        <li>
          What you write goes straight from this browser to the provider whose model you chose, with the key for it, and
          only when you send it. Their terms hold for it from then on.
        </li>
        <li>A key is sent to the one address shown beside it, never to another, and never after a redirect.</li>
        <li>No page you visit is read or changed. Pictures in answers are not loaded until you ask for them.</li>
      </ul>
      {used.some((provider) => provider.privacy) ? (
        <dl>
          {used.map((provider) =>
            provider.privacy ? (
              <div key={provider.id}>
                <dt>{provider.name}</dt>
                <dd>
                  {provider.privacy.text}{' '}
                  <a href={provider.privacy.source} target="_blank" rel="noreferrer">
                    Source
                  </a>
                </dd>
              </div>
            ) : null,
          )}
        </dl>
      ) : null}
    </>
  );
}
