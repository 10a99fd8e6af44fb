import { useState } from 'react';
import type { ModelChoice } from '../../contract/index.ts';
import { Button } from '../controls/buttons.tsx';
import { Sheet } from '../controls/sheet.tsx';
import { parseUsd } from '../format/money.ts';
import { usePanel, usePanelState } from '../panel-context.ts';
import { modelName, pinOf } from '../state/choices.ts';
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
  const valid = [input, output].every((text) => {
    const usd = parseUsd(text);
    return usd !== undefined && usd >= 0n;
  });
  return (
    <Sheet title={words.title(modelName(models, choice))} onClose={() => panel.openSheet(undefined)}>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          if (!valid) return;
          panel.openSheet(undefined);
          const worstCase = { ...worst, [pinOf(choice)]: { input: input.trim(), output: output.trim() } };
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
                aria-invalid={value !== '' && parseUsd(value) === undefined}
                onChange={(event) => set(event.target.value)}
              />
            </label>
          ))}
        </div>
        <Button tone="primary" type="submit" disabled={!valid}>
          {words.save}
        </Button>
      </form>
    </Sheet>
  );
}
