import type { PanelClient } from '@patchbay/chat/contract';
import { type ReactNode, useEffect, useState } from 'react';
import { AddKey } from './add-key.tsx';
import { Appearance } from './appearance.tsx';
import { ClockNotice } from './clock-notice.tsx';
import { YourData } from './data.tsx';
import { Fallbacks } from './fallbacks.tsx';
import { KeyList } from './keys.tsx';
import { Privacy } from './privacy.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { useHost } from './use-host.ts';
import { Unlock, VaultSection } from './vault.tsx';
import type { OptionsWorld } from './world.ts';

const SECTIONS = [
  { id: 'keys', name: 'Keys and caps' },
  { id: 'add', name: 'Add a key' },
  { id: 'vault', name: 'How keys are kept' },
  { id: 'fallback', name: 'If a model fails' },
  { id: 'appearance', name: 'Appearance' },
  { id: 'shortcuts', name: 'Shortcuts' },
  { id: 'data', name: 'Your data' },
  { id: 'privacy', name: 'Privacy' },
] as const;

/** Names in the address that stand for a section under another one. */
const ELSEWHERE: Readonly<Record<string, (typeof SECTIONS)[number]['id']>> = { caps: 'keys', unlock: 'keys' };

interface OptionsProps {
  readonly world: OptionsWorld;
  readonly client: PanelClient;
}

/** The whole options page. */
export function Options({ world, client }: OptionsProps) {
  const { state, failure } = useHost(client);
  const [place, keyId] = usePlace();
  const theme = state?.settings.theme;
  useEffect(() => {
    if (theme === undefined || theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  const ready = state !== undefined;
  useEffect(() => {
    const id = ELSEWHERE[place] ?? place;
    if (ready && id) document.getElementById(id)?.scrollIntoView();
  }, [ready, place]);

  if (failure) return <p className="notice bad">{failure}</p>;
  if (!state) return <p className="hint">Opening …</p>;
  return (
    <div className="page">
      <nav aria-label="Settings">
        <h1>
          <img src="/icon/icon.svg" alt="" width="28" height="28" /> Patchbay
        </h1>
        <ul>
          {SECTIONS.map((section) => (
            <li key={section.id}>
              <a href={`#${section.id}`}>{section.name}</a>
            </li>
          ))}
        </ul>
      </nav>
      <main>
        {state.ledger.state === 'ready' ? null : (
          <LedgerNotice message={state.ledger.message} client={client} canConfirm={state.ledger.state !== 'newer'} />
        )}
        {state.ledger.ahead ? <ClockNotice ahead={state.ledger.ahead} client={client} /> : null}
        <Section id="keys">
          {state.vault.locked ? (
            <Unlock world={world} />
          ) : (
            <KeyList keys={state.keys} world={world} client={client} opened={place === 'caps' ? keyId : undefined} />
          )}
        </Section>
        {state.vault.locked ? null : (
          <>
            <Section id="add">
              <AddKey world={world} />
            </Section>
            <Section id="vault">
              <VaultSection vault={state.vault} world={world} />
            </Section>
          </>
        )}
        <Section id="fallback">
          <Fallbacks settings={state.settings} client={client} keys={state.keys.map((key) => key.id).join()} />
        </Section>
        <Section id="appearance">
          <Appearance settings={state.settings} client={client} />
        </Section>
        <Section id="shortcuts">
          <Shortcuts world={world} />
        </Section>
        <Section id="data">
          <YourData client={client} />
        </Section>
        <Section id="privacy">
          <Privacy keys={state.keys} />
        </Section>
        <footer className="hint">Patchbay {world.version}</footer>
      </main>
    </div>
  );
}

function Section({ id, children }: { readonly id: (typeof SECTIONS)[number]['id']; readonly children: ReactNode }) {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{SECTIONS.find((section) => section.id === id)?.name}</h2>
      {children}
    </section>
  );
}

interface LedgerNoticeProps {
  readonly message: string | undefined;
  readonly canConfirm: boolean;
  readonly client: PanelClient;
}

/** Nothing is sent while the record of what was spent is missing: the user has to say that it may begin anew. */
function LedgerNotice({ message, canConfirm, client }: LedgerNoticeProps) {
  return (
    <div className="notice bad" role="alert">
      <p>{message ?? 'The record of what was spent cannot be used.'}</p>
      {canConfirm ? (
        <button type="button" onClick={() => void client.request('ledger.confirm', {}).catch(() => undefined)}>
          Begin a new record
        </button>
      ) : null}
    </div>
  );
}

/** What the address asks for, such as `#caps=<key id>`. */
function usePlace(): readonly [string, string | undefined] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const read = () => setHash(location.hash);
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  const [place = '', keyId] = hash.slice(1).split('=');
  return [place, keyId === undefined ? undefined : decodeURIComponent(keyId)];
}
