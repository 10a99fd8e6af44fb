import * as vscode from 'vscode';

/** The `patchbay.*` settings as they are for a resource. What a repository could abuse is ignored until it is trusted. */
export function settingsFor(resource?: vscode.Uri) {
  const read = vscode.workspace.getConfiguration('patchbay', resource ?? null);
  const maxOutputTokens = read.get<number | null>('maxOutputTokens', null);
  return {
    ...(maxOutputTokens !== null && { maxOutputTokens }),
    instructions: read.get<string>('instructions', ''),
    prompts: read.get<Record<string, string>>('prompts', {}),
    surroundingLines: read.get<number>('context.surroundingLines', 0),
    problems: read.get<boolean>('context.problems', false),
    review: read.get<boolean>('context.review', false),
    codeLens: read.get<boolean>('edit.codeLens', true),
    statusBar: read.get<boolean>('statusBar', true),
    nativeModels: read.get<'all' | 'pinned' | 'none'>('nativeChat.models', 'all'),
  };
}
