import { Plus, RotateCcw, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import styles from './build-options.module.css';
import type { ArgumentRow } from './options-form.ts';

interface ArgumentFieldsProps {
  readonly args: readonly ArgumentRow[];
  readonly problems: Readonly<Record<number, string>>;
  onArgs(args: readonly ArgumentRow[]): void;
}

/** The build arguments: those of the Dockerfile with their defaults, and free ones. */
export function ArgumentFields({ args, problems, onArgs }: ArgumentFieldsProps): ReactNode {
  const set = (index: number, patch: Partial<ArgumentRow>): void =>
    onArgs(args.map((row, at) => (at === index ? { ...row, ...patch } : row)));
  const remove = (index: number): void => onArgs(args.filter((_, at) => at !== index));
  return (
    <fieldset className={styles.group}>
      <legend>Build arguments</legend>
      {args.length === 0 && <p className={styles.none}>The Dockerfile declares none.</p>}
      {args.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row that is being typed has no other identity
        <div key={index} className={styles.argument}>
          {row.declared ? (
            <code className={styles.name}>{row.name}</code>
          ) : (
            <TextField
              hideLabel
              label="Name of the argument"
              mono
              placeholder="NAME"
              autoFocus={row.name === ''}
              value={row.name}
              onValue={(name) => set(index, { name })}
              error={problems[index]}
            />
          )}
          <TextField
            hideLabel
            label={`Value of ${row.name || 'the argument'}`}
            mono
            className={row.value === null ? styles.untouched : undefined}
            placeholder={row.default === null ? 'not set' : ''}
            value={row.value ?? row.default ?? ''}
            onValue={(value) => set(index, { value })}
          />
          <RowButton row={row} onReset={() => set(index, { value: null })} onRemove={() => remove(index)} />
        </div>
      ))}
      <Button
        small
        tone="quiet"
        icon={<Plus aria-hidden />}
        onClick={() => onArgs([...args, { name: '', value: '', default: null, declared: false }])}
      >
        Another argument
      </Button>
    </fieldset>
  );
}

interface RowButtonProps {
  readonly row: ArgumentRow;
  onReset(): void;
  onRemove(): void;
}

function RowButton({ row, onReset, onRemove }: RowButtonProps): ReactNode {
  if (!row.declared)
    return (
      <IconButton label={`Remove ${row.name || 'the argument'}`} onClick={onRemove}>
        <X aria-hidden />
      </IconButton>
    );
  if (row.value === null)
    return <span className={styles.origin}>{row.default === null ? '' : 'default'}</span>;
  return (
    <IconButton label={`Back to the default of ${row.name}`} onClick={onReset}>
      <RotateCcw aria-hidden />
    </IconButton>
  );
}
