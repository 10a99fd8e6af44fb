import type { ComponentProps, ReactNode } from 'react';
import { Icon, type IconName } from './icons.tsx';

/** A button that is only a drawing to the eye; its label is its name and its tooltip. */
export function IconButton(
  props: { readonly icon: IconName; readonly label: string } & Omit<ComponentProps<'button'>, 'children'>,
) {
  const { icon, label, className, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      className={className ? `icon-button ${className}` : 'icon-button'}
      aria-label={label}
      title={rest.title ?? label}
    >
      <Icon name={icon} />
    </button>
  );
}

/** A button with words. `tone` says how much it asks for attention. */
export function Button(
  props: {
    readonly tone?: 'primary' | 'plain' | 'danger';
    readonly icon?: IconName;
    readonly children: ReactNode;
  } & ComponentProps<'button'>,
) {
  const { tone = 'plain', icon, children, className, ...rest } = props;
  return (
    <button type="button" {...rest} className={`button button-${tone}${className ? ` ${className}` : ''}`}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}
