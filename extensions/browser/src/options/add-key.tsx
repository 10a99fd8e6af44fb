import { type Key, type KeyCheck, type KeyRecognition, providerOf, providers } from '@patchbay/core';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import {
  EMPTY_DRAFT,
  type KeyDraft,
  type KeyTarget,
  type KeyWorld,
  planKey,
  saveKey,
  tryKey,
  withSecret,
} from './add-key.ts';
import { CapInputs } from './cap-fields.tsx';
import { type CapFields, NO_CAPS, readCaps } from './caps.ts';
import { Complaint } from './complaint.tsx';
import { Field } from './field.tsx';

/** Where the form is on its way. */
type Stage =
  | { readonly at: 'form' }
  | { readonly at: 'permission' | 'checking' | 'saving' }
  | { readonly at: 'denied'; readonly origin: string }
  | { readonly at: 'doubt'; readonly check: KeyCheck }
  | { readonly at: 'failed'; readonly message: string }
  | { readonly at: 'saved'; readonly key: Key; readonly check: KeyCheck | undefined };

interface AddKeyProps {
  readonly world: KeyWorld;
  readonly onAdded?: (key: Key) => void;
}

/** Servers on the user's own machine, which need no key. */
const LOCAL = providers.filter((provider) => provider.local && provider.baseUrl !== '');

/**
 * Adds a key: recognised as it is pasted, its destination shown, asked about with one free call, and sealed. One
 * component for the options page and for a panel that has no key yet.
 */
export function AddKey({ world, onAdded }: AddKeyProps) {
  const [draft, setDraft] = useState<KeyDraft>(EMPTY_DRAFT);
  const [caps, setCaps] = useState<CapFields>(NO_CAPS);
  const [stage, setStage] = useState<Stage>({ at: 'form' });
  const [strict, setStrict] = useState(false);
  const plan = planKey(draft);
  const reading = readCaps(caps);
  const busy = stage.at === 'permission' || stage.at === 'checking' || stage.at === 'saving';

  const change = (part: Partial<KeyDraft>) => {
    setDraft({ ...draft, ...part });
    setStage({ at: 'form' });
  };

  const save = async (target: KeyTarget, check: KeyCheck | undefined) => {
    if (!reading.ok) return;
    setStage({ at: 'saving' });
    try {
      const key = await saveKey(world, target, draft.label, reading.caps);
      setDraft(EMPTY_DRAFT);
      setCaps(NO_CAPS);
      setStrict(false);
      setStage({ at: 'saved', key, check });
      onAdded?.(key);
    } catch (error) {
      setStage({ at: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setStrict(true);
    const { target } = plan;
    if (busy || !target || Object.keys(plan.problems).length > 0 || !reading.ok) return;
    if (target.needsPermission) {
      setStage({ at: 'permission' });
      // The first thing that happens in the click: a browser grants nothing to a request that comes later.
      if (!(await world.requestOrigin(target.origin))) {
        setStage({ at: 'denied', origin: target.origin });
        return;
      }
    }
    setStage({ at: 'checking' });
    const check = await tryKey(world, target);
    if (check.verdict === 'works' || check.verdict === 'unchecked') await save(target, check);
    else setStage({ at: 'doubt', check });
  };

  const choose = (id: string) =>
    change({ provider: draft.provider === id ? undefined : id, ...(draft.provider === id ? {} : { secret: '' }) });

  return (
    <form className="add-key" onSubmit={(event) => void submit(event)} noValidate>
      <SecretField
        value={draft.secret}
        onChange={(secret) => change(withSecret(draft, secret))}
        error={strict || draft.secret !== '' ? plan.problems.secret : undefined}
        recognition={plan.recognition}
        chosen={draft.provider}
        onCustom={(address, label) => change({ provider: 'custom', address, label })}
      />
      {draft.secret === '' ? (
        <fieldset className="local">
          <legend>Or a model server on this computer, which needs no key</legend>
          <div className="chips">
            {[...LOCAL.map(({ id, name }) => ({ id, name })), { id: 'custom', name: 'Another server' }].map(
              (option) => (
                <button
                  type="button"
                  key={option.id}
                  className="chip"
                  aria-pressed={draft.provider === option.id}
                  onClick={() => choose(option.id)}
                >
                  {option.name}
                </button>
              ),
            )}
          </div>
        </fieldset>
      ) : null}
      {plan.recognition?.kind === 'ambiguous' ? (
        <ProviderChoice
          ids={plan.recognition.providers}
          value={draft.provider}
          onChange={(provider) => change({ provider })}
          error={strict ? plan.problems.provider : undefined}
        />
      ) : null}
      <Address draft={draft} plan={plan} onChange={(address) => change({ address })} strict={strict} />
      {plan.target ? <Destination target={plan.target} /> : null}
      <Field
        label="Name (optional)"
        placeholder="such as Work, or Holiday project"
        value={draft.label}
        maxLength={60}
        onChange={(event) => change({ label: event.target.value })}
      />
      <CapInputs fields={caps} onChange={setCaps} strict={strict} />
      <div className="actions">
        <button type="submit" className="primary" disabled={busy}>
          {LABELS[stage.at] ?? (draft.secret === '' && draft.provider ? 'Add server' : 'Add key')}
        </button>
      </div>
      <Outcome
        stage={stage}
        onSaveAnyway={(check) => plan.target && void save(plan.target, check)}
        onBack={() => setStage({ at: 'form' })}
      />
    </form>
  );
}

const LABELS: Readonly<Partial<Record<Stage['at'], string>>> = {
  permission: 'Waiting for the browser …',
  checking: 'Checking the key …',
  saving: 'Saving …',
};

interface SecretFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
  readonly recognition: KeyRecognition | undefined;
  readonly chosen: string | undefined;
  readonly onCustom: (address: string, label: string) => void;
}

function SecretField({ value, onChange, error, recognition, chosen, onCustom }: SecretFieldProps) {
  const [shown, setShown] = useState(false);
  const custom = recognition?.kind === 'unsupported' && chosen === undefined ? recognition.custom : undefined;
  return (
    <div className="secret">
      <Field
        label="API key"
        type={shown ? 'text' : 'password'}
        placeholder="paste it here"
        value={value}
        autoCapitalize="off"
        error={error}
        hint={chosen === undefined ? said(recognition) : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <div className="chips">
        {value !== '' ? (
          <button type="button" className="quiet" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? 'Hide what I pasted' : 'Show what I pasted'}
          </button>
        ) : null}
        {custom ? (
          <button type="button" onClick={() => onCustom(custom.baseUrl, custom.name)}>
            Add it as a custom endpoint
          </button>
        ) : null}
      </div>
    </div>
  );
}

/** What the key's shape says, where it is not an error. */
function said(recognition: KeyRecognition | undefined): ReactNode {
  if (recognition?.kind === 'recognized') {
    return `This is a key of ${providerOf(recognition.provider)?.name}. ${recognition.hint ?? ''}`;
  }
  return recognition?.kind === 'ambiguous' ? recognition.message : undefined;
}

interface ProviderChoiceProps {
  readonly ids: readonly string[];
  readonly value: string | undefined;
  readonly onChange: (id: string) => void;
  readonly error: string | undefined;
}

function ProviderChoice({ ids, value, onChange, error }: ProviderChoiceProps) {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend>Whose key is it?</legend>
      {ids.map((id) => (
        <label key={id}>
          <input type="radio" name={name} checked={value === id} onChange={() => onChange(id)} />
          {providerOf(id)?.name ?? id}
          {id === 'custom' ? ' (I know the server’s address)' : ''}
        </label>
      ))}
      <Complaint text={error} />
    </fieldset>
  );
}

interface AddressProps {
  readonly draft: KeyDraft;
  readonly plan: ReturnType<typeof planKey>;
  readonly onChange: (address: string) => void;
  readonly strict: boolean;
}

/** Where the server is, for providers that may be anywhere; folded away where there is a usual place. */
function Address({ draft, plan, onChange, strict }: AddressProps) {
  const id = draft.provider ?? (plan.recognition?.kind === 'recognized' ? plan.recognition.provider : undefined);
  const provider = id === undefined ? undefined : providerOf(id);
  if (!provider) return null;
  const field = (
    <Field
      label="Server address"
      inputMode="url"
      placeholder={provider.baseUrl || 'https://host/v1'}
      value={draft.address}
      error={strict || draft.address !== '' ? plan.problems.address : undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  );
  if (provider.baseUrl === '') return field;
  return (
    <details open={draft.address !== '' || undefined}>
      <summary>Another server address</summary>
      {field}
    </details>
  );
}

/** Said before anything is saved: the only place the secret will ever be sent to. */
function Destination({ target }: { readonly target: KeyTarget }) {
  return (
    <div className="destination" role="status">
      <p>
        {target.secret === '' ? 'Messages' : 'This key and your messages'} will be sent to{' '}
        <strong>{target.origin}</strong> and nowhere else.
      </p>
      {target.insecure === 'network' ? (
        <p>The connection is not encrypted: whoever is on the same network can read it.</p>
      ) : null}
      {target.needsPermission ? (
        <p>Your browser will ask whether Patchbay may read answers from there. Nothing else is opened up.</p>
      ) : null}
    </div>
  );
}

interface OutcomeProps {
  readonly stage: Stage;
  readonly onSaveAnyway: (check: KeyCheck) => void;
  readonly onBack: () => void;
}

/** How it went, and what can be done about it. */
function Outcome({ stage, onSaveAnyway, onBack }: OutcomeProps) {
  switch (stage.at) {
    case 'denied':
      return (
        <p className="notice bad" role="alert">
          Your browser did not allow Patchbay to read answers from {stage.origin}, so nothing was saved. Press the
          button again to be asked once more.
        </p>
      );
    case 'doubt':
      return (
        <div className="notice bad" role="alert">
          <p>{stage.check.message}</p>
          <div className="actions">
            <button type="button" onClick={() => onSaveAnyway(stage.check)}>
              Save it anyway
            </button>
            <button type="button" className="quiet" onClick={onBack}>
              Change it
            </button>
          </div>
        </div>
      );
    case 'failed':
      return (
        <p className="notice bad" role="alert">
          The key was not saved. {stage.message}
        </p>
      );
    case 'saved':
      return (
        <p className="notice good" role="status">
          “{stage.key.label}” is saved. {stage.check?.message}
        </p>
      );
    default:
      return null;
  }
}
