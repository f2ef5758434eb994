import type { ReactNode } from 'react';
import type { Command } from '#renderer/commands/command.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import { Button, type ButtonTone } from './button.tsx';

/** A button that runs a command; its words default to the command's title. */
export function CommandButton(props: {
  readonly command: Command;
  readonly tone?: ButtonTone;
  readonly icon?: ReactNode;
  readonly unavailable?: string | undefined;
  readonly children?: ReactNode;
}): ReactNode {
  const store = useAppStore();
  const { command, tone = 'normal', icon, unavailable } = props;
  return (
    <Button tone={tone} icon={icon} unavailable={unavailable} onClick={() => void command.run(store)}>
      {props.children ?? command.title}
    </Button>
  );
}
