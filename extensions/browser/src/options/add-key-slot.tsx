import { openKeyWorld } from '../platform/key-world.ts';
import { AddKey } from './add-key.tsx';
import './form.css';

const world = openKeyWorld();

/** The form that adds a key, as the panel shows it. Loaded on demand: most panels open with a key in place. */
export function AddKeySlot({ onDone }: { onDone(): void }) {
  return <AddKey world={world} onAdded={onDone} />;
}
