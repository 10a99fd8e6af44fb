import { memo } from 'react';
import type { MessageRecord } from '../../contract/index.ts';
import { AssistantMessage } from './assistant-message.tsx';
import { ToolMessage } from './tool-call.tsx';
import { UserMessage } from './user-message.tsx';

export interface MessageProps {
  readonly message: MessageRecord;
  readonly versions: readonly string[];
  readonly version: number;
  /** The newest of the branch in view. */
  readonly last: boolean;
}

/** One message. It renders anew for another record only: a growing answer tells its own watcher. */
export const MessageView = memo(
  function MessageView(props: MessageProps) {
    switch (props.message.role) {
      case 'user':
        return <UserMessage {...props} />;
      case 'assistant':
        return <AssistantMessage {...props} />;
      case 'tool':
        return <ToolMessage message={props.message} />;
    }
  },
  (before, now) =>
    before.message === now.message &&
    before.version === now.version &&
    before.last === now.last &&
    before.versions.length === now.versions.length,
);
