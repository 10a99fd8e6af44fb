import { mountPanel } from '@patchbay/chat/ui';
import { lazy, Suspense } from 'react';
import { onHostStart } from '../../platform/changes.ts';
import { connectToHost } from '../../platform/ports.ts';

const Form = lazy(() => import('../../options/add-key-slot.tsx').then((module) => ({ default: module.AddKeySlot })));

function AddKeySlot(props: { onDone(): void }) {
  return (
    <Suspense>
      <Form {...props} />
    </Suspense>
  );
}

const root = document.getElementById('root');
if (root) {
  mountPanel(root, { connect: connectToHost, connection: { onHostStart }, slots: { addKey: AddKeySlot } });
}
// Conversations are the user's own: a browser that is short of disk may not drop them by itself.
void navigator.storage.persist().catch(() => false);
