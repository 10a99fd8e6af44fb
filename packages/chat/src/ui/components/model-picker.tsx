import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { type ModelView, sameChoice } from '../../contract/index.ts';
import { IconButton } from '../controls/buttons.tsx';
import { Icon } from '../controls/icons.tsx';
import { Sheet } from '../controls/sheet.tsx';
import { usePanel, usePanelState } from '../panel-context.ts';
import { filterModels, modelFacts, pinOf, providersOf, rowKey } from '../state/choices.ts';
import { nextChoice } from '../state/runs.ts';
import { rowWindow, scrollToRow } from '../state/window.ts';
import { strings } from '../strings.ts';
import { ModelDetail } from './model-detail.tsx';

/** Height of a row, px; the style sheet holds it to that. */
const ROW = 46;

const NO_PINS: readonly string[] = [];

/**
 * Picks a model out of hundreds: a combobox with a list of which only what is in view is rendered. Focus stays in the
 * search field; the arrow keys move the active option.
 * @param retry the answer to give again with the picked model, @param continues the one to go on with; without either,
 *   the pick is for the next message
 */
export function ModelPicker(props: { readonly retry?: string | undefined; readonly continues?: string | undefined }) {
  const { retry, continues } = props;
  const forAnswer = retry !== undefined || continues !== undefined;
  const panel = usePanel();
  const { list, loading, failures } = usePanelState((state) => state.models);
  const pinned = usePanelState((state) => state.host?.settings.pinned ?? NO_PINS);
  const current = usePanelState(nextChoice);
  const [query, setQuery] = useState('');
  const [provider, setProvider] = useState<string>();
  const [once, setOnce] = useState(() => panel.store.get().composer.override !== undefined);
  // Pinning a model must not move it away from under the reader: the order is that of when the list was opened.
  const [pinsAtOpen] = useState(pinned);
  const shown = useMemo(
    () => filterModels(list, { query, pinned: pinsAtOpen, ...(provider !== undefined && { provider }) }),
    [list, query, provider, pinsAtOpen],
  );
  const [active, setActive] = useState(() => Math.max(0, indexOf(shown, current)));
  const at = Math.min(active, shown.length - 1);
  const model = shown[at];
  const ids = useId();
  const box = useRef<HTMLDivElement>(null);

  const close = () => panel.openSheet(undefined);
  const pick = (picked: ModelView | undefined, forOnce: boolean) => {
    if (!picked) return;
    close();
    if (continues !== undefined) void panel.runs.continue(continues, picked.choice);
    else if (retry !== undefined) void panel.runs.retry(retry, { choice: picked.choice });
    else void panel.models.choose(picked.choice, forOnce ? 'message' : 'conversation');
    panel.focusComposer();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? ROW) / ROW) - 1);
    const to: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: Math.min(at + page, shown.length - 1),
      PageUp: Math.max(at - page, 0),
      // Home and End move the caret in the field; with Control they move in the list.
      ...(event.ctrlKey && { Home: 0, End: shown.length - 1 }),
    };
    const next = to[event.key];
    if (next !== undefined && shown.length > 0) {
      event.preventDefault();
      setActive((next + shown.length) % shown.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      pick(model, once || event.altKey);
    } else if (event.altKey && event.code === 'KeyP' && model) {
      event.preventDefault();
      void panel.models.togglePin(model.choice);
    }
  };

  return (
    <Sheet
      title={
        continues !== undefined
          ? strings.picker.continueTitle
          : forAnswer
            ? strings.picker.retryTitle
            : strings.picker.title
      }
      className="picker"
      onClose={close}
      actions={
        <IconButton
          icon="refresh"
          label={strings.picker.refresh}
          aria-busy={loading}
          onClick={() => void panel.models.load(true)}
        />
      }
    >
      <div className="picker-search">
        <Icon name="search" />
        <input
          data-autofocus=""
          type="text"
          role="combobox"
          dir="auto"
          autoComplete="off"
          spellCheck={false}
          aria-label={strings.picker.search}
          placeholder={strings.picker.search}
          aria-expanded="true"
          aria-controls={`${ids}list`}
          aria-activedescendant={model ? `${ids}${at}` : undefined}
          aria-autocomplete="list"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <Providers models={list} value={provider} onChange={setProvider} />
      <Rows
        box={box}
        ids={ids}
        models={shown}
        active={at}
        current={current}
        pinned={pinned}
        onActive={setActive}
        onPick={(picked) => pick(picked, once)}
      />
      {shown.length === 0 && (
        <p className="picker-empty" role="status">
          {loading ? strings.picker.loading : list.length === 0 ? strings.picker.none : strings.picker.noMatch}
        </p>
      )}
      {failures.map((failure, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: failures have no name of their own
        <p key={index} className="picker-failure" role="alert" dir="auto">
          <Icon name="warning" />
          {failure.message}
        </p>
      ))}
      {model && (
        <ModelDetail
          model={model}
          pinned={pinned.includes(pinOf(model.choice))}
          once={forAnswer ? undefined : once}
          act={continues === undefined ? strings.picker.detail.answer : strings.picker.detail.continue}
          onOnce={setOnce}
          onPick={(forOnce) => pick(model, forOnce)}
        />
      )}
    </Sheet>
  );
}

const indexOf = (models: readonly ModelView[], choice: ModelView['choice'] | undefined) =>
  models.findIndex((model) => sameChoice(model.choice, choice));

function Providers(props: {
  readonly models: readonly ModelView[];
  readonly value: string | undefined;
  readonly onChange: (provider: string | undefined) => void;
}) {
  const providers = useMemo(() => providersOf(props.models), [props.models]);
  if (providers.length < 2) return null;
  const all = { name: undefined, count: props.models.length };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form
    <div className="picker-providers" role="group" aria-label={strings.picker.provider}>
      {[all, ...providers].map(({ name, count }) => (
        <button
          key={name ?? ''}
          type="button"
          className="chip"
          aria-pressed={props.value === name}
          onClick={() => props.onChange(name)}
        >
          {name ?? strings.picker.all} <span className="quiet">{count}</span>
        </button>
      ))}
    </div>
  );
}

function Rows(props: {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly ids: string;
  readonly models: readonly ModelView[];
  readonly active: number;
  readonly current: ModelView['choice'] | undefined;
  readonly pinned: readonly string[];
  readonly onActive: (index: number) => void;
  readonly onPick: (model: ModelView) => void;
}) {
  const { box, ids, models, active } = props;
  const [scroll, setScroll] = useState({ top: 0, height: 400 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setScroll({ top: element.scrollTop, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  useLayoutEffect(() => {
    const element = box.current;
    if (element) element.scrollTop = scrollToRow(active, element.scrollTop, element.clientHeight, ROW);
  }, [box, active]);
  const { start, end, before, total } = rowWindow(scroll.top, scroll.height, ROW, models.length);
  return (
    <div
      ref={box}
      className="picker-list"
      hidden={models.length === 0}
      onScroll={(event) => setScroll({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
    >
      <div
        id={`${ids}list`}
        role="listbox"
        tabIndex={-1}
        aria-label={strings.picker.models}
        style={{ blockSize: total, paddingBlockStart: before }}
      >
        {models.slice(start, end).map((model, offset) => {
          const index = start + offset;
          return (
            <Row
              key={rowKey(model.choice)}
              id={`${ids}${index}`}
              model={model}
              place={index + 1}
              count={models.length}
              active={index === active}
              selected={sameChoice(model.choice, props.current)}
              pinned={props.pinned.includes(pinOf(model.choice))}
              onActive={() => props.onActive(index)}
              onPick={() => props.onPick(model)}
            />
          );
        })}
      </div>
    </div>
  );
}

function Row(props: {
  readonly id: string;
  readonly model: ModelView;
  readonly place: number;
  readonly count: number;
  readonly active: boolean;
  readonly selected: boolean;
  readonly pinned: boolean;
  readonly onActive: () => void;
  readonly onPick: () => void;
}) {
  const { model, active, selected, pinned } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the search field has the focus and the keys
    // biome-ignore lint/a11y/useFocusableInteractive: it is named by aria-activedescendant
    <div
      id={props.id}
      role="option"
      className="picker-row"
      aria-selected={selected}
      aria-setsize={props.count}
      aria-posinset={props.place}
      data-active={active || undefined}
      onPointerMove={active ? undefined : props.onActive}
      onClick={props.onPick}
    >
      <span className="picker-mark">{selected ? <Icon name="check" /> : pinned ? <Icon name="pin" /> : null}</span>
      <span className="picker-name" dir="auto">
        {model.name}
        {model.note && <span className="badge">{model.note}</span>}
      </span>
      <span className="picker-facts">{modelFacts(model)}</span>
      <span className="picker-source" dir="auto">
        {model.providerName}
        {model.keyLabel && model.keyLabel !== model.providerName && ` · ${model.keyLabel}`}
        {pinned && selected && ` · ${strings.picker.pinned}`}
      </span>
    </div>
  );
}
