import { FolderOpen, Plus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { Select } from '#renderer/components/select.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import { valueOr } from '#renderer/store/remote.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import styles from './build-options.module.css';
import { FileChooserDialog } from './file-chooser-dialog.tsx';
import type { SecretRow } from './secret-rows.ts';

interface SecretFieldsProps {
  readonly secrets: readonly SecretRow[];
  readonly problems: Readonly<Record<number, string>>;
  onSecrets(secrets: readonly SecretRow[]): void;
}

const PLACES = [
  { value: 'file', label: 'in the file' },
  { value: 'env', label: 'in the variable' },
] as const;

/** The secrets that steps may mount: those of the Dockerfile, and free ones. */
export function SecretFields({ secrets, problems, onSecrets }: SecretFieldsProps): ReactNode {
  const set = (index: number, patch: Partial<SecretRow>): void =>
    onSecrets(secrets.map((row, at) => (at === index ? { ...row, ...patch } : row)));
  return (
    <fieldset className={styles.group}>
      <legend>Secrets</legend>
      {secrets.length === 0 ? (
        <p className={styles.none}>No step mounts one (RUN --mount=type=secret).</p>
      ) : (
        <p className={text.faint}>
          Remembered is only where a value is, never the value; it stays out of the image and of the cache.
        </p>
      )}
      {secrets.map((row, index) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: a row that is being typed has no other identity
          key={index}
          row={row}
          problem={problems[index]}
          onChange={(patch) => set(index, patch)}
          onRemove={() => onSecrets(secrets.filter((_, at) => at !== index))}
        />
      ))}
      <Button
        small
        tone="quiet"
        icon={<Plus aria-hidden />}
        onClick={() => onSecrets([...secrets, { id: '', place: 'file', where: '', declared: false }])}
      >
        Another secret
      </Button>
    </fieldset>
  );
}

interface RowProps {
  readonly row: SecretRow;
  readonly problem: string | undefined;
  onChange(patch: Partial<SecretRow>): void;
  onRemove(): void;
}

function Row({ row, problem, onChange, onRemove }: RowProps): ReactNode {
  const name = row.id || 'the secret';
  return (
    <div className={styles.secret}>
      {row.declared ? (
        <code className={styles.name} title={row.id}>
          {row.id}
        </code>
      ) : (
        <TextField
          hideLabel
          label="Id of the secret"
          mono
          placeholder="id"
          autoFocus={row.id === ''}
          value={row.id}
          onValue={(id) => onChange({ id })}
        />
      )}
      <Select
        hideLabel
        label={`Place of ${name}`}
        value={row.place}
        options={PLACES}
        onValue={(place) => onChange({ place, where: '' })}
      />
      <TextField
        hideLabel
        label={row.place === 'file' ? `File of ${name}` : `Variable of ${name}`}
        mono
        placeholder={row.place === 'file' ? 'not given' : 'NAME, not its value'}
        value={row.where}
        onValue={(where) => onChange({ where })}
        error={problem}
      />
      <span className={styles.rowButtons}>
        {row.place === 'file' && <ChooseFile name={name} onChosen={(where) => onChange({ where })} />}
        {row.declared ? null : (
          <IconButton label={`Remove ${name}`} onClick={onRemove}>
            <X aria-hidden />
          </IconButton>
        )}
      </span>
    </div>
  );
}

/** A file outside of the project has to be chosen: by the native dialog on the desktop, in the page else. */
function ChooseFile(props: { readonly name: string; onChosen(path: string): void }): ReactNode {
  const store = useAppStore();
  const [isBrowsing, setBrowsing] = useState(false);
  const title = `File of ${props.name}`;
  const choose = async (): Promise<void> => {
    const { host, folders, toasts } = store.getState();
    if (valueOr(host.info, null)?.host !== 'desktop') return setBrowsing(true);
    try {
      const path = await folders.choose(title, 'file');
      if (path !== null) props.onChosen(path);
    } catch (error) {
      toasts.fail(error);
    }
  };
  return (
    <>
      <IconButton label={`Choose the file of ${props.name}`} onClick={() => void choose()}>
        <FolderOpen aria-hidden />
      </IconButton>
      {isBrowsing && (
        <FileChooserDialog title={title} onChosen={props.onChosen} onClose={() => setBrowsing(false)} />
      )}
    </>
  );
}
