import { mountPanel } from '../index.ts';
import type { FakeHost } from './fake-host.ts';
import { createScenario } from './scenarios.ts';

declare global {
  interface Window {
    host: FakeHost;
    opened: string[];
    mount?: () => void;
    unmount: () => void;
  }
}

/** The panel over the fake host: `?scenario=rich&dir=rtl&theme=dark&hold=1`. */
const query = new URLSearchParams(location.search);
document.documentElement.dir = query.get('dir') ?? 'ltr';
const host = createScenario(query.get('scenario') ?? 'rich');
const theme = query.get('theme');
if (theme === 'light' || theme === 'dark') host.setState({ settings: { ...host.state().settings, theme } });
window.host = host;
window.opened = [];
const root = document.getElementById('root');
if (!root) throw new Error('the page has no root');
const mount = () => {
  window.unmount = mountPanel(root, {
    connect: host.connect,
    platform: { openExternal: (url) => window.opened.push(url) },
  });
};
// `hold` leaves the shell on the page until a test mounts.
if (query.has('hold')) window.mount = mount;
else mount();
