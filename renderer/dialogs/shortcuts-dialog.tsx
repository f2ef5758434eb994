import type { ReactNode } from 'react';
import { COMMANDS } from '#renderer/commands/registry.ts';
import { formatShortcut, isMacPlatform } from '#renderer/commands/shortcuts.ts';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import styles from './shortcuts-dialog.module.css';

interface KeyLine {
  readonly keys: readonly string[];
  readonly does: string;
}

/** Keys of what has the focus; those of commands come from the commands. */
const PLACES: readonly { readonly title: string; readonly lines: readonly KeyLine[] }[] = [
  {
    title: 'In tables',
    lines: [
      { keys: ['↑', '↓'], does: 'Walk; also Page and Home, End' },
      { keys: ['Enter'], does: 'Open the row' },
      { keys: ['Shift Enter'], does: 'What else can be done with it' },
      { keys: ['Space'], does: 'Tick it; with Shift and arrows a range' },
      { keys: ['Delete'], does: 'Remove it, after a question' },
    ],
  },
  {
    title: 'In files',
    lines: [
      { keys: ['→', '←'], does: 'Open and close a folder' },
      { keys: ['Enter'], does: 'Read a file' },
    ],
  },
  {
    title: 'In layers and Dockerfiles',
    lines: [
      { keys: ['↑', '↓'], does: 'Another layer or instruction' },
      { keys: ['Tab'], does: 'On to what is said of it' },
    ],
  },
  {
    title: 'In dialogs',
    lines: [
      { keys: ['Enter'], does: 'Do it' },
      { keys: ['Esc'], does: 'Close; work goes on in the background' },
    ],
  },
];

/** Every key that does something: those of commands, and those of lists and dialogs. */
export function ShortcutsDialog(props: { onClose(): void }): ReactNode {
  const isMac = isMacPlatform(navigator.platform);
  const everywhere = COMMANDS.flatMap(({ title, shortcuts = [] }) =>
    shortcuts.length === 0 ? [] : [{ keys: shortcuts.map((one) => formatShortcut(one, isMac)), does: title }],
  );
  return (
    <DialogFrame
      title="Keyboard shortcuts"
      size="wide"
      onClose={props.onClose}
      actions={
        <Button tone="primary" onClick={props.onClose}>
          Close
        </Button>
      }
    >
      <div className={styles.columns}>
        <Group title="Everywhere" lines={everywhere} />
        <div>
          {PLACES.map(({ title, lines }) => (
            <Group key={title} title={title} lines={lines} />
          ))}
        </div>
      </div>
    </DialogFrame>
  );
}

function Group({ title, lines }: { readonly title: string; readonly lines: readonly KeyLine[] }): ReactNode {
  return (
    <section className={styles.group} aria-label={title}>
      <h3>{title}</h3>
      <dl>
        {lines.map(({ keys, does }) => (
          <div key={`${does}${keys.join()}`} className={styles.line}>
            <dt>{does}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
