import * as vscode from 'vscode';
import type { Edit } from './controller.ts';

/** Paints the changes that wait: what is new in the theme's own diff colours, what is gone beside it. */
export function createDecorations(): vscode.Disposable & {
  paint(edit: Edit | undefined, editor: vscode.TextEditor): void;
} {
  const added = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('diffEditor.insertedLineBackground'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.addedForeground'),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
  });
  const removed = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    after: {
      color: new vscode.ThemeColor('gitDecoration.deletedResourceForeground'),
      backgroundColor: new vscode.ThemeColor('diffEditor.removedLineBackground'),
      margin: '0 0 0 3ch',
      fontStyle: 'italic',
    },
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.deletedForeground'),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  });
  return {
    paint: (edit, editor) => {
      const { document } = editor;
      const hunks = edit?.document === document ? edit.hunks : [];
      editor.setDecorations(
        added,
        hunks
          .filter(({ start, end }) => end > start)
          .map(({ start, end, diff }) => ({
            // The last line's ending belongs to the hunk, the line after it does not.
            range: new vscode.Range(document.positionAt(start), document.positionAt(end - 1)),
            hoverMessage: new vscode.MarkdownString().appendCodeblock(diff, 'diff'),
          })),
      );
      editor.setDecorations(
        removed,
        hunks
          .filter(({ ghost }) => ghost !== '')
          .map(({ start, end, ghost, diff }) => {
            const at = document.positionAt(start);
            const line = end > start ? at.line : Math.max(0, at.line - 1);
            return {
              range: document.lineAt(line).range,
              hoverMessage: new vscode.MarkdownString().appendCodeblock(diff, 'diff'),
              renderOptions: { after: { contentText: `− ${ghost}` } },
            };
          }),
      );
    },
    dispose: () => {
      added.dispose();
      removed.dispose();
    },
  };
}
