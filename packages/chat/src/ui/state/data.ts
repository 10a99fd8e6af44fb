import { strings } from '../strings.ts';
import type { PanelContext } from './context.ts';

/** Everything the user has here, taken out or taken away. */
export interface Data {
  /** Writes all conversations and settings into one file. @throws PanelError */
  exportAll(progress: (characters: number) => void): Promise<void>;
  /** Deletes everything; the keys too where `keys` is true. @throws PanelError */
  deleteAll(keys: boolean): Promise<void>;
}

export function createData(context: PanelContext, afterDelete: () => Promise<void>): Data {
  const { client, platform } = context;
  return {
    exportAll: async (progress) => {
      const slices: string[] = [];
      let characters = 0;
      let cursor: string | undefined;
      do {
        const { text, next } = await client.request('data.export', cursor === undefined ? {} : { cursor });
        slices.push(text);
        characters += text.length;
        progress(characters);
        cursor = next;
      } while (cursor !== undefined);
      const day = new Date().toISOString().slice(0, 10);
      await platform.saveFile(strings.data.fileName(day), new Blob(slices, { type: 'application/json' }));
    },
    deleteAll: async (keys) => {
      await client.request('data.deleteAll', { keys });
      await afterDelete();
    },
  };
}
