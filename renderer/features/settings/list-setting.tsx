import { X } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import styles from './settings.module.css';

interface ListSettingProps {
  /** One of its values: "mirror". */
  readonly noun: string;
  /** Where that is not the noun with an s. */
  readonly nouns?: string;
  readonly placeholder: string;
  readonly values: readonly string[];
  /** What is wrong with a new value, null when nothing is. */
  check(value: string): string | null;
  onAdd(value: string): void;
  onRemove(value: string): void;
}

/** A setting that is a list: its values with a way to take each out, and a field to add one. */
export function ListSetting(props: ListSettingProps): ReactNode {
  const { noun, values, check } = props;
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const add = (): void => {
    const value = typed.trim();
    if (value === '') return;
    const wrong = values.includes(value) ? 'It is in the list already.' : check(value);
    setProblem(wrong ?? undefined);
    if (wrong !== null) return;
    props.onAdd(value);
    setTyped('');
  };
  return (
    <div className={styles.listSetting}>
      {values.length > 0 && (
        <ul className={styles.values} aria-label={props.nouns ?? `${noun}s`}>
          {values.map((value) => (
            <li key={value} className={styles.value}>
              {value}
              <IconButton
                small
                label={`Remove ${noun} ${value}`}
                onClick={() => {
                  // This button will be gone, and the focus with it.
                  field.current?.focus();
                  props.onRemove(value);
                }}
              >
                <X aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <div className={styles.adding}>
        <TextField
          ref={field}
          hideLabel
          mono
          label={`New ${noun}`}
          placeholder={props.placeholder}
          className={styles.newValue}
          value={typed}
          error={problem}
          onValue={(value) => {
            setTyped(value);
            setProblem(undefined);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') add();
          }}
        />
        <Button disabled={typed.trim() === ''} onClick={add} aria-label={`Add ${noun}`}>
          Add
        </Button>
      </div>
    </div>
  );
}
