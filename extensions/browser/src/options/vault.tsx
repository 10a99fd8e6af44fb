import type { HostState } from '@patchbay/chat/contract';
import type { VaultMode } from '@patchbay/core';
import { type FormEvent, useId, useState } from 'react';
import { Complaint } from './complaint.tsx';
import { Field } from './field.tsx';
import { useAction } from './use-action.ts';
import type { OptionsWorld } from './world.ts';

/** What vaults ask for, said before they are asked. */
const SHORTEST_PASSPHRASE = 8;

const MODES: readonly {
  readonly mode: VaultMode;
  readonly name: string;
  readonly does: string;
  readonly doesNot: string;
}[] = [
  {
    mode: 'device',
    name: 'On this device',
    does: 'Keys are encrypted with a key that this browser never hands out. Web pages, other extensions, a search of your files and most backups do not get at them.',
    doesNot:
      'It does not help against a person or a program that can use your account on this computer: what opens the keys lies in the same browser profile.',
  },
  {
    mode: 'passphrase',
    name: 'With a passphrase',
    does: 'Keys can only be opened with words that you type after each start of the browser. A copy of your profile is worthless without them.',
    doesNot:
      'It does not help while it is unlocked, and nobody can restore forgotten words: you would delete the keys and add them again.',
  },
  {
    mode: 'session',
    name: 'For this session only',
    does: 'Keys stay in memory and are never written to disk. When the browser closes, they are gone.',
    doesNot: 'It does not help against a program that reads this browser’s memory while it runs.',
  },
];

const AUTO_LOCK: readonly { readonly minutes: number; readonly name: string }[] = [
  { minutes: 0, name: 'only when the browser closes' },
  { minutes: 5, name: 'after 5 minutes without use' },
  { minutes: 15, name: 'after 15 minutes without use' },
  { minutes: 60, name: 'after an hour without use' },
  { minutes: 240, name: 'after four hours without use' },
];

interface VaultSectionProps {
  readonly vault: HostState['vault'];
  readonly world: OptionsWorld;
}

export function VaultSection({ vault, world }: VaultSectionProps) {
  const [done, setDone] = useState<string>();
  // Another mode, set here or in another tab, begins the form anew; what was said about it stays.
  return (
    <>
      <VaultSettings key={vault.mode} vault={vault} world={world} onDone={setDone} />
      {done ? (
        <p className="notice good" role="status">
          {done}
        </p>
      ) : null}
    </>
  );
}

/** The words that open a locked vault, and the way out for those who forgot them. */
export function Unlock({ world }: { readonly world: OptionsWorld }) {
  const [passphrase, setPassphrase] = useState('');
  const action = useAction();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = await action.run(async () => {
      await world.vault.unlock(passphrase);
      world.announce();
    });
    if (done) setPassphrase('');
  };
  return (
    <form className="unlock" onSubmit={(event) => void submit(event)}>
      <p>Your keys are locked. Type the passphrase to use them.</p>
      <Field
        label="Passphrase"
        type="password"
        value={passphrase}
        error={action.error}
        onChange={(event) => setPassphrase(event.target.value)}
      />
      <div className="actions">
        <button type="submit" className="primary" disabled={action.busy || passphrase === ''}>
          {action.busy ? 'Unlocking …' : 'Unlock'}
        </button>
      </div>
      <p className="hint">
        Forgotten? It cannot be restored. Under “Your data” you can delete everything, keys included, and begin again;
        your keys stay valid at their providers.
      </p>
    </form>
  );
}

interface VaultSettingsProps extends VaultSectionProps {
  readonly onDone: (message: string | undefined) => void;
}

function VaultSettings({ vault, world, onDone }: VaultSettingsProps) {
  const name = useId();
  const [mode, setMode] = useState<VaultMode>(vault.mode);
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [minutes, setMinutes] = useState(vault.autoLockMinutes ?? 0);
  const [strict, setStrict] = useState(false);
  const action = useAction();
  const changed = mode !== vault.mode || passphrase !== '' || minutes !== (vault.autoLockMinutes ?? 0);
  // A vault that has its words already keeps them while only the minutes change.
  const keepsWords = vault.mode === 'passphrase' && passphrase === '' && again === '';
  const problem = mode === 'passphrase' && !keepsWords ? passphraseProblem(passphrase, again) : undefined;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setStrict(true);
    onDone(undefined);
    if (problem) return;
    const worked = await action.run(async () => {
      await world.vault.setMode(mode, {
        ...(mode === 'passphrase' && !keepsWords && { passphrase }),
        ...(mode === 'passphrase' && minutes > 0 && { autoLockMinutes: minutes }),
      });
      world.announce();
    });
    if (!worked) return;
    setPassphrase('');
    setAgain('');
    setStrict(false);
    onDone(keepsWords ? 'Saved.' : 'Saved. All keys are sealed this way now.');
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <fieldset className="modes">
        <legend>How keys are kept</legend>
        {MODES.map((option) => (
          <label key={option.mode} className="mode">
            <input
              type="radio"
              name={name}
              value={option.mode}
              checked={mode === option.mode}
              onChange={() => setMode(option.mode)}
            />
            <span>
              <strong>{option.name}</strong>
              {option.mode === vault.mode ? <em className="badge">in use</em> : null}
              <span className="hint">{option.does}</span>
              <span className="hint">{option.doesNot}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {mode === 'passphrase' ? (
        <>
          <Field
            label={vault.mode === 'passphrase' ? 'New passphrase (empty: keep the one you have)' : 'Passphrase'}
            type="password"
            autoComplete="new-password"
            value={passphrase}
            hint="Several words that belong together only for you. It is not stored anywhere."
            error={strict ? problem?.first : undefined}
            onChange={(event) => setPassphrase(event.target.value)}
          />
          <Field
            label="The same again"
            type="password"
            autoComplete="new-password"
            value={again}
            error={strict ? problem?.second : undefined}
            onChange={(event) => setAgain(event.target.value)}
          />
          <label className="field">
            Lock
            <select value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
              {AUTO_LOCK.map((option) => (
                <option key={option.minutes} value={option.minutes}>
                  {option.name}
                </option>
              ))}
            </select>
          </label>
        </>
      ) : null}
      <Complaint text={action.error} />
      <div className="actions">
        <button type="submit" className="primary" disabled={action.busy || !changed}>
          {action.busy ? 'Sealing …' : 'Save'}
        </button>
        {vault.mode === 'passphrase' ? (
          <button
            type="button"
            disabled={action.busy}
            onClick={() =>
              void action.run(async () => {
                await world.vault.lock();
                world.announce();
              })
            }
          >
            Lock now
          </button>
        ) : null}
      </div>
    </form>
  );
}

function passphraseProblem(first: string, second: string): { first?: string; second?: string } | undefined {
  if (first.length < SHORTEST_PASSPHRASE) return { first: `Use at least ${SHORTEST_PASSPHRASE} characters.` };
  if (first !== second) return { second: 'The two do not match.' };
  return undefined;
}
