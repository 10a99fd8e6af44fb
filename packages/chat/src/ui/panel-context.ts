import { createContext, useContext } from 'react';
import type { Panel } from './state/panel.ts';
import type { PanelState } from './state/state.ts';
import { useSelect } from './state/store.ts';

export const PanelContext = createContext<Panel | undefined>(undefined);

/** The panel that a component is part of. */
export function usePanel(): Panel {
  const panel = useContext(PanelContext);
  if (!panel) throw new Error('rendered outside of a panel');
  return panel;
}

/** Renders when what `select` picks of the panel's state changes. */
export function usePanelState<S>(select: (state: PanelState) => S): S {
  return useSelect(usePanel().store, select);
}
