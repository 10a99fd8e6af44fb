import type { CapView, KeyView, PanelClient } from '@patchbay/chat/contract';
import { nanoUsdDown, parseUsd } from '@patchbay/core';
import { type FormEvent, useState } from 'react';
import { CapInputs } from './cap-fields.tsx';
import { fieldsOf, readCaps, WINDOW_NAMES } from './caps.ts';
import { Complaint } from './complaint.tsx';
import { Confirm, Dialog } from './dialog.tsx';
import { Field } from './field.tsx';
import { dollars, until } from './say.ts';
import { useAction } from './use-action.ts';
import { deleteKey, type OptionsWorld, renameKey, setCaps } from './world.ts';

interface KeyListProps {
  readonly keys: readonly KeyView[];
  readonly world: OptionsWorld;
  readonly client: PanelClient;
  /** The key whose caps were asked for when the page was opened. */
  readonly opened: string | undefined;
}

export function KeyList({ keys, world, client, opened }: KeyListProps) {
  if (keys.length === 0) return <p className="hint">There is no key yet. Add one below, or use the built-in guide.</p>;
  return (
    <ul className="keys">
      {keys.map((key) => (
        <KeyCard key={key.id} view={key} world={world} client={client} opened={opened === key.id} />
      ))}
    </ul>
  );
}

interface KeyCardProps {
  readonly view: KeyView;
  readonly world: OptionsWorld;
  readonly client: PanelClient;
  readonly opened: boolean;
}

function KeyCard({ view, world, client, opened }: KeyCardProps) {
  const [open, setOpen] = useState<'caps' | 'rename' | 'delete' | undefined>(opened ? 'caps' : undefined);
  const action = useAction();
  const close = () => setOpen(undefined);
  return (
    <li className="card" data-key={view.id}>
      <div className="card-head">
        <h3>{view.label}</h3>
        <p className="hint">
          {view.providerName}
          {view.lastFour ? ` · ends in ${view.lastFour}` : ' · no key needed'} · sent only to{' '}
          <span dir="ltr">{view.origin}</span>
        </p>
      </div>
      <Spend view={view} />
      {view.locked ? (
        <div className="notice bad" role="alert">
          <p>
            An answer cost more than its worst case, so this key is locked. What was charged is counted in full. Agree
            to use the key again.
          </p>
          <button
            type="button"
            disabled={action.busy}
            onClick={() =>
              void action.run(async () => {
                await client.request('keys.acknowledgeOverrun', { keyId: view.id });
              })
            }
          >
            I agree, unlock it
          </button>
        </div>
      ) : null}
      <Complaint text={action.error} />
      <div className="actions">
        <button type="button" onClick={() => setOpen('caps')}>
          Caps
        </button>
        <button type="button" onClick={() => setOpen('rename')}>
          Rename
        </button>
        <button type="button" className="quiet" onClick={() => setOpen('delete')}>
          Delete
        </button>
      </div>
      {open === 'caps' ? <CapsDialog view={view} world={world} onClose={close} /> : null}
      {open === 'rename' ? <RenameDialog view={view} world={world} onClose={close} /> : null}
      {open === 'delete' ? <DeleteDialog view={view} world={world} onClose={close} /> : null}
    </li>
  );
}

function Spend({ view }: { readonly view: KeyView }) {
  return (
    <>
      {view.caps.length === 0 ? (
        <p className="hint">No cap: only the provider’s own limits hold.</p>
      ) : (
        <ul className="meters">
          {view.caps.map((cap) => (
            <CapMeter key={cap.window} cap={cap} />
          ))}
        </ul>
      )}
      <p className="hint">
        Spent: {dollars(view.todayUsd)} today, {dollars(view.monthUsd)} this month, {dollars(view.totalUsd)} in all.
      </p>
    </>
  );
}

function CapMeter({ cap }: { readonly cap: CapView }) {
  const nano = (usd: string) => nanoUsdDown(parseUsd(usd) ?? 0n);
  const [limit, used] = [nano(cap.limitUsd), nano(cap.spentUsd) + nano(cap.reservedUsd)];
  const share = limit > 0n ? Math.min(100, Number((used * 1000n) / limit) / 10) : 100;
  return (
    <li>
      <div className="meter-text">
        <span>
          {dollars(cap.limitUsd)} {WINDOW_NAMES[cap.window]}
        </span>
        <span>
          {dollars(cap.leftUsd)} left{cap.resetsAt === undefined ? '' : `, new on ${until(cap.resetsAt)}`}
        </span>
      </div>
      <meter
        min={0}
        max={100}
        high={80}
        optimum={0}
        value={share}
        aria-label={`Used of the cap ${WINDOW_NAMES[cap.window]}`}
      />
    </li>
  );
}

interface KeyDialogProps {
  readonly view: KeyView;
  readonly world: OptionsWorld;
  readonly onClose: () => void;
}

function CapsDialog({ view, world, onClose }: KeyDialogProps) {
  const [fields, setFields] = useState(() =>
    fieldsOf(view.caps.map((cap) => ({ window: cap.window, limit: nanoUsdDown(parseUsd(cap.limitUsd) ?? 0n) }))),
  );
  const [strict, setStrict] = useState(false);
  const action = useAction();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setStrict(true);
    const reading = readCaps(fields);
    if (reading.ok && (await action.run(() => setCaps(world, view.id, reading.caps)))) onClose();
  };
  return (
    <Dialog title={`Caps of “${view.label}”`} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <CapInputs fields={fields} onChange={setFields} strict={strict} />
        <DialogEnd action={action} label="Save caps" onClose={onClose} />
      </form>
    </Dialog>
  );
}

function RenameDialog({ view, world, onClose }: KeyDialogProps) {
  const [label, setLabel] = useState(view.label);
  const [strict, setStrict] = useState(false);
  const action = useAction();
  const empty = label.trim() === '';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setStrict(true);
    if (!empty && (await action.run(() => renameKey(world, view.id, label.trim())))) onClose();
  };
  return (
    <Dialog title="Rename this key" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Field
          label="Name"
          value={label}
          maxLength={60}
          error={strict && empty ? 'A key needs a name.' : undefined}
          onChange={(event) => setLabel(event.target.value)}
        />
        <DialogEnd action={action} label="Save name" onClose={onClose} />
      </form>
    </Dialog>
  );
}

function DeleteDialog({ view, world, onClose }: KeyDialogProps) {
  const action = useAction();
  return (
    <Confirm
      title={`Delete “${view.label}”?`}
      action="Delete this key"
      busy={action.busy}
      error={action.error}
      onClose={onClose}
      onConfirm={() =>
        void action.run(async () => {
          await deleteKey(world, view.id);
          onClose();
        })
      }
    >
      <p>
        The key is removed from this browser and cannot be brought back from here; at {view.providerName} it stays valid
        until you revoke it there. Answers you have already got are kept.
      </p>
      <p>
        What it has spent stays counted: if you add the same key again, it begins with {dollars(view.totalUsd)} spent,
        and no cap starts anew.
      </p>
    </Confirm>
  );
}

interface DialogEndProps {
  readonly action: { readonly busy: boolean; readonly error: string | undefined };
  readonly label: string;
  readonly onClose: () => void;
}

function DialogEnd({ action, label, onClose }: DialogEndProps) {
  return (
    <>
      <Complaint text={action.error} />
      <div className="actions">
        <button type="submit" className="primary" disabled={action.busy}>
          {label}
        </button>
        <button type="button" className="quiet" onClick={onClose}>
          Cancel
        </button>
      </div>
    </>
  );
}
