import { type InputHTMLAttributes, type ReactNode, useId } from 'react';

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id'> {
  readonly label: string;
  /** Said under the field; an error is announced and marks the field. */
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  /** Stands before the input, such as a currency. */
  readonly prefix?: string;
}

/** A labelled input with its hint and its error. */
export function Field({ label, hint, error, prefix, ...input }: FieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-box">
        {prefix ? <span aria-hidden="true">{prefix}</span> : null}
        <input
          id={id}
          autoComplete="off"
          spellCheck={false}
          {...input}
          aria-invalid={error ? true : undefined}
          aria-describedby={described || undefined}
        />
      </div>
      {hint ? (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p className="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      ) : null}
    </div>
  );
}
