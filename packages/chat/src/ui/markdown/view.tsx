import type { Token } from 'marked';
import { memo, useRef } from 'react';
import { type BlockLexer, createBlockLexer } from './blocks.ts';
import type { MarkdownProps } from './markdown.tsx';
import { mendLast } from './mend.ts';
import { Block } from './render.tsx';

/**
 * A Markdown text, which may still grow. While it does, blocks that are settled neither lex nor render again; when it is
 * done the text is lexed whole once, and blocks that come out the same stay as they are on the page.
 */
export const MarkdownView = memo(function MarkdownView(props: MarkdownProps) {
  const lexer = useRef<BlockLexer>(undefined);
  lexer.current ??= createBlockLexer();
  const { chunks, open } = props.growing ? lexer.current.push(props.text) : lexer.current.end(props.text);
  const last = props.growing ? mendLast(open) : open;
  return (
    <div className="markdown">
      {/* One list, so that a chunk which settles stays the element that it is. */}
      {[...chunks, last].map((tokens, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: chunks only come at the end
        <Chunk key={index} tokens={tokens} settled={index < chunks.length} />
      ))}
    </div>
  );
});

const Chunk = memo(function Chunk(props: { readonly tokens: readonly Token[]; readonly settled: boolean }) {
  return (
    <div className={props.settled ? 'chunk settled' : 'chunk'}>
      {props.tokens.map((token, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks only come at the end
        <Block key={index} token={token} />
      ))}
    </div>
  );
});
