import { type ModelView, modelName, sameChoice } from '../../contract/index.ts';
import { Button } from '../controls/buttons.tsx';
import { Icon } from '../controls/icons.tsx';
import { usePanel, usePanelState } from '../panel-context.ts';
import { GUIDE, pinOf } from '../state/choices.ts';
import { nextChoice } from '../state/runs.ts';
import { strings } from '../strings.ts';

/** An empty conversation. Without any key it is the first start, and shows the ways in. */
export function Welcome() {
  const host = usePanelState((state) => state.host);
  if (!host) return null;
  return host.keys.length === 0 && !host.vault.locked ? <FirstStart /> : <Fresh />;
}

function FirstStart() {
  const panel = usePanel();
  const models = usePanelState((state) => state.models.list);
  const guide = models.find((model) => model.choice.provider === GUIDE);
  const local = models.filter((model) => model.choice.provider !== GUIDE && model.choice.keyId === undefined);
  const words = strings.welcome;
  return (
    <section className="welcome" aria-label={words.title}>
      <h2>{words.title}</h2>
      <p className="quiet">{words.lead}</p>
      <ol className="ways">
        <li>
          <Icon name="key" />
          <div>
            <h3>{words.key.title}</h3>
            <p>{words.key.text}</p>
            <Button tone="primary" onClick={() => panel.addKey()}>
              {words.key.action}
            </Button>
          </div>
        </li>
        <li>
          <Icon name="server" />
          <div>
            <h3>{words.local.title}</h3>
            <p>{local.length > 0 ? words.local.found(local.length) : words.local.text}</p>
            {local.length > 0 ? (
              <Button onClick={() => panel.openSheet({ kind: 'picker' })}>{words.local.pick}</Button>
            ) : (
              <Button onClick={() => void panel.manageKeys(undefined, 'add')}>{words.local.action}</Button>
            )}
          </div>
        </li>
        {guide && (
          <li>
            <Icon name="compass" />
            <div>
              <h3>
                {words.guide.title} <span className="badge">{strings.message.notAi}</span>
              </h3>
              <p>{words.guide.text}</p>
              <Questions guide={guide} />
            </div>
          </li>
        )}
      </ol>
    </section>
  );
}

function Questions({ guide }: { readonly guide: ModelView }) {
  const panel = usePanel();
  return (
    <ul className="questions">
      {strings.welcome.guide.questions.map((question) => (
        <li key={question}>
          <button type="button" className="chip" onClick={() => void panel.runs.ask(question, guide.choice)}>
            {question}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Who is going to answer, and the pinned models at hand. */
function Fresh() {
  const panel = usePanel();
  const models = usePanelState((state) => state.models.list);
  const pinned = usePanelState((state) => state.host?.settings.pinned);
  const choice = usePanelState(nextChoice);
  const near = models.filter((model) => pinned?.includes(pinOf(model.choice))).slice(0, 6);
  return (
    <section className="welcome fresh" aria-label={strings.welcome.fresh}>
      <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
        <circle cx="8" cy="10" r="4" />
        <circle cx="24" cy="22" r="4" />
        <path d="M8 14v4c0 4 3 5 8 5s4 0 4-1M24 18v-4c0-4-3-5-8-5s-4 0-4 1" />
      </svg>
      <h2>{strings.welcome.fresh}</h2>
      {choice && <p className="quiet">{strings.welcome.answeredBy(modelName(models, choice))}</p>}
      {near.length > 0 && (
        <ul className="questions">
          {near.map((model) => (
            <li key={`${pinOf(model.choice)} ${model.choice.keyId}`}>
              <button
                type="button"
                className="chip"
                aria-pressed={sameChoice(model.choice, choice)}
                onClick={() => void panel.models.choose(model.choice, 'conversation')}
              >
                {model.name}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
