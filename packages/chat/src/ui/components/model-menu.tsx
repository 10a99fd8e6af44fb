import type { ReactNode } from 'react';
import { findModel, type MessageRecord, type ModelChoice, sameChoice } from '../../contract/index.ts';
import { Menu } from '../controls/menu.tsx';
import { usePanelState } from '../panel-context.ts';
import { modelFacts, pinOf } from '../state/choices.ts';
import { strings } from '../strings.ts';

/** As many models as one takes in at a glance. */
const MOST = 6;

/** Models one click away for what is to be done about an answer: those to fall back to, then the pinned ones; and all others. */
export function ModelMenu(props: {
  readonly message: Pick<MessageRecord, 'asked'>;
  readonly label: string;
  readonly onPick: (choice: ModelChoice) => void;
  /** Opens the list of all models. */
  readonly onOther: () => void;
  readonly className: string;
  readonly children: ReactNode;
}) {
  const { message, onPick } = props;
  const models = usePanelState((state) => state.models.list);
  const pinned = usePanelState((state) => state.host?.settings.pinned);
  const fallbacks = usePanelState((state) => state.thread.record.fallbacks ?? state.host?.settings.fallbacks);
  const listed = (fallbacks ?? []).map((choice) => findModel(models, choice)).filter((model) => model !== undefined);
  const near = [...new Set([...listed, ...models.filter((model) => pinned?.includes(pinOf(model.choice)))])]
    .filter((model) => !sameChoice(model.choice, message.asked))
    .slice(0, MOST);
  return (
    <Menu
      label={props.label}
      className={props.className}
      items={[
        ...near.map((model) => ({
          label: model.name,
          hint: modelFacts(model),
          onSelect: () => onPick(model.choice),
        })),
        {
          label: strings.message.retryOther,
          icon: 'search' as const,
          apart: near.length > 0,
          onSelect: props.onOther,
        },
      ]}
    >
      {props.children}
    </Menu>
  );
}
