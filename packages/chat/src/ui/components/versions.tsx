import { IconButton } from '../controls/buttons.tsx';
import { usePanel } from '../panel-context.ts';
import { strings } from '../strings.ts';

/** `‹ 2/3 ›`: the versions of one message, each with what follows from it. Nothing where there is only one. */
export function Versions(props: {
  readonly versions: readonly string[];
  readonly version: number;
  readonly label: string;
}) {
  const panel = usePanel();
  const { versions, version } = props;
  if (versions.length < 2) return null;
  const show = (index: number) => {
    const id = versions[index];
    if (id !== undefined) void panel.conversations.showVersion(id);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form
    <span className="versions" role="group" aria-label={props.label}>
      <IconButton
        icon="back"
        label={strings.message.previous}
        disabled={version === 0}
        onClick={() => show(version - 1)}
      />
      <span className="versions-count">{strings.message.version(version + 1, versions.length)}</span>
      <IconButton
        icon="forward"
        label={strings.message.next}
        disabled={version === versions.length - 1}
        onClick={() => show(version + 1)}
      />
    </span>
  );
}
