import type { Token, Tokens } from 'marked';
import { type JSX, memo, type ReactNode } from 'react';
import { strings } from '../strings.ts';
import { isClosedFence } from './blocks.ts';
import { CodeBlock } from './code-block.tsx';
import { decodeEntities, inOrder, shownText, verbatim } from './entities.ts';
import { safeHref } from './links.ts';
import { RemoteImage } from './remote-image.tsx';

/**
 * One block of Markdown. Renders anew only for another token, so a settled block costs one comparison. Every text goes
 * through a React text node: there is no way from a model's answer to markup.
 */
export const Block = memo(function Block(props: { readonly token: Token; readonly nested?: boolean }): ReactNode {
  const { token } = props;
  const dir = props.nested ? undefined : 'auto';
  switch (token.type) {
    case 'paragraph':
      return <p dir={dir}>{inline(token.tokens)}</p>;
    case 'text':
      return token.tokens ? inline(token.tokens) : shownText(token.text);
    case 'heading': {
      // A message is a section of the page, so its own headings begin at the third level.
      const Heading = `h${Math.min(6, token.depth + 2)}` as keyof JSX.IntrinsicElements;
      return <Heading dir={dir}>{inline(token.tokens)}</Heading>;
    }
    case 'code':
      return (
        <CodeBlock
          code={token.text}
          language={(token.lang ?? '').split(/\s/)[0] ?? ''}
          closed={token.codeBlockStyle === 'indented' || isClosedFence(token.raw)}
        />
      );
    case 'list':
      return <List token={token as Tokens.List} dir={dir} />;
    case 'blockquote':
      return <blockquote dir={dir}>{nestedBlocks((token as Tokens.Blockquote).tokens)}</blockquote>;
    case 'table':
      return <Table token={token as Tokens.Table} />;
    case 'hr':
      return <hr />;
    case 'math':
      return (
        <pre className="math" dir="ltr">
          {token.text}
        </pre>
      );
    case 'html':
      return (
        <p className="raw-html" dir={dir}>
          {verbatim(token.text.trimEnd())}
        </p>
      );
    case 'checkbox':
      return <Checkbox checked={token.checked} />;
    case 'space':
    case 'def':
      return null;
    default:
      return <p dir={dir}>{verbatim(token.raw)}</p>;
  }
});

const nestedBlocks = (tokens: readonly Token[]): ReactNode =>
  // biome-ignore lint/suspicious/noArrayIndexKey: blocks only come at the end
  tokens.map((token, index) => <Block key={index} token={token} nested />);

function List({ token, dir }: { readonly token: Tokens.List; readonly dir: 'auto' | undefined }) {
  const items = token.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: items only come at the end
    <Item key={index} token={item} />
  ));
  return token.ordered ? (
    <ol dir={dir} start={token.start === '' ? undefined : token.start} data-loose={token.loose || undefined}>
      {items}
    </ol>
  ) : (
    <ul dir={dir} data-loose={token.loose || undefined}>
      {items}
    </ul>
  );
}

const Item = memo(function Item({ token }: { readonly token: Tokens.ListItem }) {
  return <li className={token.task ? 'task' : undefined}>{nestedBlocks(token.tokens)}</li>;
});

function Table({ token }: { readonly token: Tokens.Table }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="table" aria-label={strings.markdown.table} tabIndex={0}>
      <table dir="auto">
        <thead>
          <Row cells={token.header} />
        </thead>
        <tbody>
          {token.rows.map((cells, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows only come at the end
            <Row key={index} cells={cells} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const Row = memo(function Row({ cells }: { readonly cells: readonly Tokens.TableCell[] }) {
  return (
    <tr>
      {cells.map((cell, index) => {
        const Cell = cell.header ? 'th' : 'td';
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
          <Cell key={index} data-align={cell.align ?? undefined}>
            {inline(cell.tokens)}
          </Cell>
        );
      })}
    </tr>
  );
});

const Checkbox = ({ checked }: { readonly checked: boolean }) => (
  <input
    type="checkbox"
    checked={checked}
    disabled
    aria-label={checked ? strings.markdown.done : strings.markdown.open}
  />
);

/** Inline tokens to React nodes. */
function inline(tokens: readonly Token[] | undefined): ReactNode {
  return tokens?.map(inlineOne);
}

function inlineOne(token: Token, key: number): ReactNode {
  switch (token.type) {
    case 'text':
      return token.tokens ? inline(token.tokens) : shownText(token.text);
    case 'escape':
      return token.text;
    case 'strong':
      return <strong key={key}>{inline(token.tokens)}</strong>;
    case 'em':
      return <em key={key}>{inline(token.tokens)}</em>;
    case 'del':
      return <del key={key}>{inline(token.tokens)}</del>;
    case 'codespan':
      return (
        <code key={key} dir="ltr">
          {inOrder(token.text)}
        </code>
      );
    case 'math':
      return (
        <span key={key} className="math" dir="ltr">
          {token.text}
        </span>
      );
    case 'br':
      return <br key={key} />;
    case 'link':
      return <Link key={key} token={token as Tokens.Link} />;
    case 'image':
      return <RemoteImage key={key} src={token.href} alt={shownText(token.text)} />;
    case 'checkbox':
      return <Checkbox key={key} checked={token.checked} />;
    case 'html':
      // The one tag that says nothing but "new line", which models need inside of table cells.
      return /^<br\s*\/?>$/i.test(token.raw) ? <br key={key} /> : verbatim(token.raw);
    default:
      return verbatim(token.raw);
  }
}

function Link({ token }: { readonly token: Tokens.Link }) {
  const href = safeHref(token.autolink ? token.href : decodeEntities(token.href));
  if (href === undefined) return <span title={token.href}>{inline(token.tokens)}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" title={href}>
      {inline(token.tokens)}
    </a>
  );
}
