import { useEffect, useState } from 'react';
import { duration } from '../format/time.ts';
import { usePanelState } from '../panel-context.ts';
import { strings } from '../strings.ts';

/** Nothing has come yet: says for how long already, since a model that thinks may take a minute. */
export function Waiting({ since }: { readonly since: number }) {
  const lost = usePanelState((state) => state.connection === 'lost');
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const waited = now - since;
  return (
    <p className="waiting">
      <span className="pulse" aria-hidden="true" />
      {lost ? strings.banner.reconnecting : strings.message.waiting}
      {waited >= 3000 && <span className="waiting-time">{duration(Math.floor(waited / 1000) * 1000)}</span>}
    </p>
  );
}
