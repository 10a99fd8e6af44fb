import type { CapWindow } from '@patchbay/core';
import { CAP_WINDOWS, type CapFields, pointlessCap, readCaps, WINDOW_NAMES } from './caps.ts';
import { Field } from './field.tsx';

interface CapFieldsProps {
  readonly fields: CapFields;
  readonly onChange: (fields: CapFields) => void;
  /** Errors are shown once the form was submitted, and from then on as they come and go. */
  readonly strict: boolean;
}

/** Four amounts: per day, per week, per month, in total. */
export function CapInputs({ fields, onChange, strict }: CapFieldsProps) {
  const reading = readCaps(fields);
  const errorOf = (window: CapWindow) => (strict && !reading.ok ? reading.errors[window] : undefined);
  const pointless = reading.ok ? pointlessCap(reading.caps) : undefined;
  return (
    <fieldset className="caps">
      <legend>Spend caps</legend>
      <div className="cap-grid">
        {CAP_WINDOWS.map((window) => (
          <Field
            key={window}
            label={WINDOW_NAMES[window]}
            prefix="$"
            inputMode="decimal"
            placeholder="no cap"
            value={fields[window]}
            error={errorOf(window)}
            onChange={(event) => onChange({ ...fields, [window]: event.target.value })}
          />
        ))}
      </div>
      <p className="hint">
        Checked before anything is sent: a request whose worst case does not fit is made smaller or refused. Days, weeks
        (from Monday) and months are counted in UTC.
      </p>
      {pointless ? (
        <p className="hint" role="status">
          {pointless}
        </p>
      ) : null}
    </fieldset>
  );
}
