import { Dialog } from '@base-ui/react/dialog';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Command } from '#renderer/commands/command.ts';
import { findCommands } from '#renderer/commands/find-commands.ts';
import { COMMANDS } from '#renderer/commands/registry.ts';
import { formatShortcut, isMacPlatform } from '#renderer/commands/shortcuts.ts';
import { useReturnFocus } from '#renderer/components/use-return-focus.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import styles from './palette.module.css';

/** Every command that makes sense now, found by typing. Arrows choose, Enter runs. */
export function Palette(props: { onClose(): void }): ReactNode {
  const store = useAppStore();
  const id = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const returnFocus = useReturnFocus();
  const possible = useMemo(
    () =>
      COMMANDS.filter(
        (command) => command.id !== 'open-palette' && (command.when?.(store.getState()) ?? true),
      ),
    [store],
  );
  const found = useMemo(() => findCommands(possible, query), [possible, query]);
  const itemId = (index: number): string => `${id}-${index}`;

  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, id]);

  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    props.onClose();
    void command.run(store);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setActive((active + step + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') run(found[active]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : props.onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup
          className={styles.popup}
          aria-label="All commands"
          initialFocus={input}
          finalFocus={returnFocus}
        >
          <input
            ref={input}
            className={styles.input}
            role="combobox"
            aria-label="Find a command"
            aria-expanded
            aria-controls={id}
            aria-activedescendant={found.length === 0 ? undefined : itemId(active)}
            placeholder="Type a command…"
            spellCheck={false}
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
          />
          <div id={id} role="listbox" aria-label="Commands" className={styles.list}>
            {found.map((command, index) => (
              <PaletteItem
                key={command.id}
                id={itemId(index)}
                command={command}
                isActive={index === active}
                heading={
                  query === '' && found[index - 1]?.group !== command.group ? command.group : undefined
                }
                onHover={() => setActive(index)}
                onRun={() => run(command)}
              />
            ))}
            {found.length === 0 ? <div className={styles.none}>No command fits “{query}”.</div> : null}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteItem(props: {
  readonly id: string;
  readonly command: Command;
  readonly isActive: boolean;
  readonly heading: string | undefined;
  onHover(): void;
  onRun(): void;
}): ReactNode {
  const { command } = props;
  const Icon = command.icon;
  const shortcut = command.shortcuts?.[0];
  return (
    <>
      {props.heading === undefined ? null : (
        <div className={styles.group} aria-hidden>
          {props.heading}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the combobox handles the keys for its options. */}
      <div
        id={props.id}
        role="option"
        tabIndex={-1}
        aria-selected={props.isActive}
        className={styles.item}
        onPointerMove={props.onHover}
        onClick={props.onRun}
      >
        {Icon === undefined ? null : <Icon aria-hidden />}
        {command.title}
        {shortcut === undefined ? null : (
          <span className={styles.keys}>{formatShortcut(shortcut, isMacPlatform(navigator.platform))}</span>
        )}
      </div>
    </>
  );
}
