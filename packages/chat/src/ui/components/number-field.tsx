import { useEffect, useId, useState } from 'react';
import { numberIn } from '../format/numbers.ts';
import { strings } from '../strings.ts';

/** A number or nothing. What cannot be used says so at the field and changes nothing. */
export function NumberField(props: {
  readonly label: string;
  readonly hint: string;
  readonly value: number | undefined;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly placeholder: string;
  readonly onChange: (value: number | undefined) => void;
}) {
  const { value, least, most, step } = props;
  const id = useId();
  const [text, setText] = useState(value?.toString() ?? '');
  useEffect(() => setText(value?.toString() ?? ''), [value]);
  const trimmed = text.trim();
  const number = numberIn(trimmed, step === 1);
  const wrong = trimmed !== '' && !(number >= least && number <= most);
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        type="text"
        inputMode={step === 1 ? 'numeric' : 'decimal'}
        value={text}
        placeholder={props.placeholder}
        aria-invalid={wrong}
        aria-describedby={`${id}hint`}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => {
          if (wrong) return;
          const next = trimmed === '' ? undefined : number;
          if (next !== value) props.onChange(next);
        }}
      />
      <p id={`${id}hint`} className={wrong ? 'wrong small' : 'quiet small'} role={wrong ? 'alert' : undefined}>
        {wrong ? strings.settings.range(least, most) : props.hint}
      </p>
    </div>
  );
}
