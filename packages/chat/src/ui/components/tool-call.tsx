import type { MessageRecord, Part } from '../../contract/index.ts';
import { Icon } from '../controls/icons.tsx';
import { strings } from '../strings.ts';
import { BlobImage } from './media.tsx';

/** A tool that the model asked for, or that the provider ran by itself. Patchbay shows calls and runs none. */
export function ToolCall(props: {
  readonly name: string;
  readonly input: unknown;
  readonly output?: unknown;
  readonly growing: boolean;
  readonly server?: boolean;
  readonly repaired?: boolean;
}) {
  return (
    <details className="tool">
      <summary>
        <Icon name="tool" />
        <span>{props.server ? strings.tool.server : strings.tool.call}</span>
        <code dir="ltr">{props.name}</code>
        {props.growing && <span className="pulse" aria-hidden="true" />}
        {props.repaired && <span className="badge">{strings.tool.repaired}</span>}
      </summary>
      <ToolText label={strings.tool.input} value={props.input} />
      {props.output !== undefined && <ToolText label={strings.tool.output} value={props.output} />}
    </details>
  );
}

function ToolText({ label, value }: { readonly label: string; readonly value: unknown }) {
  return (
    <>
      <p className="tool-label">{label}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} dir="ltr">
        {pretty(value)}
      </pre>
    </>
  );
}

/** JSON on several lines; arguments that are still coming, or that are no JSON, as they are. */
function pretty(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return JSON.stringify(value, null, 2);
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

/** The results that went back to the model. */
export function ToolMessage({ message }: { readonly message: MessageRecord }) {
  const results = message.parts.filter(
    (part): part is Extract<Part, { type: 'tool-result' }> => part.type === 'tool-result',
  );
  return (
    <article className="message tool-message" data-message={message.id} tabIndex={-1} aria-label={strings.tool.result}>
      {results.map((result) => (
        <details key={result.callId} className="tool" data-error={result.isError || undefined}>
          <summary>
            <Icon name={result.isError ? 'warning' : 'tool'} />
            <span>{result.isError ? strings.tool.failed : strings.tool.result}</span>
            {result.name && <code dir="ltr">{result.name}</code>}
          </summary>
          {result.content.map((part, index) =>
            part.type === 'text' ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a record do not move
              <ToolText key={index} label={strings.tool.output} value={part.text} />
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a record do not move
              <BlobImage key={index} part={part} />
            ),
          )}
        </details>
      ))}
    </article>
  );
}
