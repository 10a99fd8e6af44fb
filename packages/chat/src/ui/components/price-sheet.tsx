import { useId, useState } from 'react';
import { type ModelChoice, modelName } from '../../contract/index.ts';
import { Button } from '../controls/buttons.tsx';
import { Sheet } from '../controls/sheet.tsx';
import { amountIn } from '../format/money.ts';
import { usePanel, usePanelState } from '../panel-context.ts';
import { pinOf } from '../state/choices.ts';
import { strings } from '../strings.ts';

/**
 * The user's own worst case for a model whose price nobody publishes: a cap needs a number to hold.
 * @param retry the answer to try again once the price is set
 */
export function PriceSheet({ choice, retry }: { readonly choice: ModelChoice; readonly retry?: string | undefined }) {
  const panel = usePanel();
  const models = usePanelState((state) => state.models.list);
  const worst = usePanelState((state) => state.host?.settings.worstCase);
  const known = worst?.[pinOf(choice)];
  const [input, setInput] = useState(known?.input ?? '');
  const [output, setOutput] = useState(known?.output ?? '');
  const words = strings.price;
  const hint = useId();
  const prices = [input, output].map(amountIn);
  const valid = prices.every((usd) => usd !== undefined);
  const mistaken = [input, output].some((text) => text.trim() !== '' && amountIn(text) === undefined);
  return (
    <Sheet title={words.title(modelName(models, choice))} onClose={() => panel.openSheet(undefined)}>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          const [dear, dearer] = prices;
          if (dear === undefined || dearer === undefined) return;
          panel.openSheet(undefined);
          const worstCase = { ...worst, [pinOf(choice)]: { input: dear, output: dearer } };
          void panel.models.saveSettings({ worstCase }).then(() => {
            if (retry === undefined) void panel.runs.send();
            else void panel.runs.retry(retry, { choice });
          });
        }}
      >
        <p className="quiet">{words.text}</p>
        <div className="fields-row">
          {(
            [
              [words.input, input, setInput, true],
              [words.output, output, setOutput, false],
            ] as const
          ).map(([label, value, set, first]) => (
            <label key={label} className="field">
              {label}
              <input
                type="text"
                inputMode="decimal"
                data-autofocus={first ? '' : undefined}
                value={value}
                placeholder="0.00"
                aria-invalid={value.trim() !== '' && amountIn(value) === undefined}
                aria-describedby={mistaken ? hint : undefined}
                onChange={(event) => set(event.target.value)}
              />
            </label>
          ))}
        </div>
        {mistaken && (
          <p className="wrong small" id={hint} role="alert">
            {words.unreadable}
          </p>
        )}
        <Button tone="primary" type="submit" disabled={!valid}>
          {words.save}
        </Button>
      </form>
    </Sheet>
  );
}
