import { useState } from 'react';
import { Button } from '../controls/buttons.tsx';
import { Sheet } from '../controls/sheet.tsx';
import { bytes } from '../format/numbers.ts';
import { usePanel } from '../panel-context.ts';
import { failureOf } from '../state/context.ts';
import { strings } from '../strings.ts';

type Work = { readonly doing: 'export' | 'delete' | undefined; readonly said?: string; readonly wrong?: boolean };

/** Takes everything out, or away. Deleting asks for a typed word: there is no undo. */
export function DataSheet() {
  const panel = usePanel();
  const [work, setWork] = useState<Work>({ doing: undefined });
  const [word, setWord] = useState('');
  const [keys, setKeys] = useState(false);
  const words = strings.data;
  const run = async (doing: 'export' | 'delete', action: () => Promise<void>, said: string) => {
    setWork({ doing });
    try {
      await action();
      setWork({ doing: undefined, said });
    } catch (error) {
      setWork({ doing: undefined, said: failureOf(error).message, wrong: true });
    }
  };
  const confirmed = word.trim().toLowerCase() === words.word;
  return (
    <Sheet title={words.title} onClose={() => panel.openSheet(undefined)}>
      <section className="data-part">
        <h3>{words.exportTitle}</h3>
        <p className="quiet">{words.exportText}</p>
        <Button
          icon="download"
          disabled={work.doing !== undefined}
          onClick={() =>
            void run(
              'export',
              () =>
                panel.data.exportAll((characters) =>
                  setWork({ doing: 'export', said: words.exporting(bytes(characters)) }),
                ),
              words.exported,
            )
          }
        >
          {words.export}
        </Button>
      </section>
      <section className="data-part">
        <h3>{words.deleteTitle}</h3>
        <p className="quiet">{words.deleteText}</p>
        <label className="check">
          <input type="checkbox" checked={keys} onChange={(event) => setKeys(event.target.checked)} />
          {words.withKeys}
        </label>
        <label className="field">
          {words.confirm(words.word)}
          <input
            type="text"
            autoComplete="off"
            spellCheck={false}
            value={word}
            onChange={(event) => setWord(event.target.value)}
          />
        </label>
        <Button
          tone="danger"
          icon="trash"
          disabled={!confirmed || work.doing !== undefined}
          onClick={() =>
            void run(
              'delete',
              async () => {
                await panel.data.deleteAll(keys);
                setWord('');
              },
              words.deleted,
            )
          }
        >
          {words.delete}
        </Button>
      </section>
      <p className={work.wrong ? 'wrong' : 'quiet'} role="status">
        {work.said ?? ''}
      </p>
    </Sheet>
  );
}
