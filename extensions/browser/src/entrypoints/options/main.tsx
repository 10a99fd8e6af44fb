import { createPanelClient } from '@patchbay/chat/contract';
import { createRoot } from 'react-dom/client';
import { Options } from '../../options/app.tsx';
import { onHostStart } from '../../platform/changes.ts';
import { openOptionsWorld } from '../../platform/options-world.ts';
import { connectToHost } from '../../platform/ports.ts';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <Options world={openOptionsWorld()} client={createPanelClient(connectToHost, { onHostStart })} />,
  );
}
