import { type ButtonHTMLAttributes, type MouseEvent, useState } from 'react';

type ButtonAttributes = ButtonHTMLAttributes<HTMLButtonElement>;

/** How a button is switched off. */
export interface OffProps extends Pick<ButtonAttributes, 'disabled' | 'onClick' | 'onFocus' | 'onBlur'> {
  /** Why it cannot be pressed now: it stays reachable by keyboard, so that its hint can be read. */
  readonly unavailable?: string | undefined;
}

/**
 * The attributes of a button that may be off. One that is disabled while it has the focus keeps it: browsers take it
 * away from disabled buttons, and whoever pressed it by keyboard would be left nowhere as soon as the work begins.
 */
export function useOff(props: OffProps): ButtonAttributes {
  const { disabled = false, unavailable, onClick, onFocus, onBlur } = props;
  const [isFocused, setFocused] = useState(false);
  const isOff = disabled || unavailable !== undefined;
  return {
    disabled: disabled && !isFocused,
    'aria-disabled': isOff || undefined,
    onClick: isOff ? refuse : onClick,
    onFocus: (event) => {
      setFocused(true);
      onFocus?.(event);
    },
    onBlur: (event) => {
      setFocused(false);
      onBlur?.(event);
    },
  };
}

/** Nor does it submit its form. */
function refuse(event: MouseEvent): void {
  event.preventDefault();
}
