import type { ModelView } from '../../contract/index.ts';
import { Button } from '../controls/buttons.tsx';
import { compact } from '../format/numbers.ts';
import { usePanel } from '../panel-context.ts';
import { strings } from '../strings.ts';

/** What is known about the active model, and what a pick of it is for. */
export function ModelDetail(props: {
  readonly model: ModelView;
  readonly pinned: boolean;
  /** For the next message only; undefined where a pick answers a question again. */
  readonly once: boolean | undefined;
  /** What a pick does where `once` is undefined. */
  readonly act: string;
  readonly onOnce: (once: boolean) => void;
  readonly onPick: (once: boolean) => void;
}) {
  const panel = usePanel();
  const { model, pinned, once } = props;
  const words = strings.picker.detail;
  const can = [
    model.input?.includes('image') && words.images,
    model.input?.includes('file') && words.files,
    model.reasoning && words.reasoning,
    model.tools && words.tools,
  ].filter((word) => typeof word === 'string');
  const output = model.maxOutputTokens === undefined ? undefined : words.output(compact(model.maxOutputTokens));
  const known = [output, can.length > 0 && words.can(can.join(', ')), model.expires && words.expires(model.expires)]
    .filter(Boolean)
    .join(' · ');
  return (
    <footer className="picker-foot">
      <p className="picker-detail">
        <code dir="ltr">{model.choice.model}</code>
        {known && <span className="quiet small"> {known}</span>}
      </p>
      <div className="picker-actions">
        {once !== undefined && (
          <label className="check">
            <input type="checkbox" checked={once} onChange={(event) => props.onOnce(event.target.checked)} />
            {words.once}
          </label>
        )}
        <Button icon="pin" aria-pressed={pinned} onClick={() => void panel.models.togglePin(model.choice)}>
          {pinned ? words.unpin : words.pin}
        </Button>
        <Button tone="primary" onClick={() => props.onPick(once === true)}>
          {once === undefined ? props.act : words.use}
        </Button>
      </div>
    </footer>
  );
}
