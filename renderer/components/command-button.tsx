import { type ReactNode, useState } from 'react';
import type { Command } from '#renderer/commands/command.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import { Button, type ButtonTone } from './button.tsx';

/** A button that runs a command; its words default to the command's title. It waits for its end before it runs again. */
export function CommandButton(props: {
  readonly command: Command;
  readonly tone?: ButtonTone;
  readonly icon?: ReactNode;
  readonly unavailable?: string | undefined;
  readonly children?: ReactNode;
}): ReactNode {
  const store = useAppStore();
  const { command, tone = 'normal', icon, unavailable } = props;
  const [isBusy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    try {
      await command.run(store);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      tone={tone}
      icon={icon}
      unavailable={unavailable}
      aria-busy={isBusy || undefined}
      onClick={() => void run()}
    >
      {props.children ?? command.title}
    </Button>
  );
}
