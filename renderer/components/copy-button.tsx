import { Check, Copy } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { IconButton } from './button.tsx';

/** Puts a text on the clipboard, and shows for a moment that it did. */
export function CopyButton(props: {
  readonly label: string;
  /** A function where the text is long: it is made when it is wanted. */
  readonly text: string | (() => string);
  /** As of an {@link IconButton}. */
  readonly inRow?: boolean;
}): ReactNode {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    await copyText(typeof props.text === 'string' ? props.text : props.text());
    setCopied(true);
  };
  return (
    <IconButton
      small
      inRow={props.inRow ?? false}
      label={copied ? 'Copied' : props.label}
      onClick={() => void copy()}
    >
      {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
    </IconButton>
  );
}

/** Puts a text on the clipboard, also where the page is not a secure context and has no clipboard of its own. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.style.position = 'fixed';
    field.style.opacity = '0';
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
  }
}
