import type { MessageRecord } from '../../contract/index.ts';
import { Button } from '../controls/buttons.tsx';
import { Icon } from '../controls/icons.tsx';
import { usePanel } from '../panel-context.ts';
import { GUIDE } from '../state/choices.ts';
import { strings } from '../strings.ts';
import { ModelMenu } from './model-menu.tsx';

/** Goes on where an answer was cut: with the model that was asked, or with another one. */
export function Continue(props: {
  readonly message: Pick<MessageRecord, 'id' | 'asked'>;
  /** It is the best that can be done. */
  readonly primary?: boolean;
}) {
  const panel = usePanel();
  const { message, primary } = props;
  const { id } = message;
  return (
    <>
      {/* The guide looks its answers up: it cannot go on with one. */}
      {message.asked?.provider !== GUIDE && (
        <Button tone={primary ? 'primary' : 'plain'} onClick={() => void panel.runs.continue(id)}>
          {strings.message.continue}
        </Button>
      )}
      <ModelMenu
        message={message}
        label={strings.message.continueWith}
        className="button button-plain"
        onPick={(choice) => void panel.runs.continue(id, choice)}
        onOther={() => panel.openSheet({ kind: 'picker', continues: id })}
      >
        <span>{strings.message.continueWith}</span>
        <Icon name="down" />
      </ModelMenu>
    </>
  );
}
