import { type ReactNode, useId, useRef } from 'react';
import styles from './reference-field.module.css';
import { splitReference } from './split-reference.ts';

/** A field for a reference in which registry, repository and tag have colours of their own. */
export function ReferenceField(props: {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly isWrong: boolean;
  readonly note: ReactNode;
  onValue(value: string): void;
}): ReactNode {
  const id = useId();
  const picture = useRef<HTMLDivElement>(null);
  const { host, repository, tag } = splitReference(props.value);
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {props.label}
      </label>
      <div className={styles.box}>
        <div ref={picture} className={styles.picture} aria-hidden>
          <span className={styles.host}>{host}</span>
          {repository}
          <span className={styles.tag}>{tag}</span>
        </div>
        <input
          id={id}
          className={styles.input}
          value={props.value}
          placeholder={props.placeholder}
          spellCheck={false}
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: it is what the dialog was opened for.
          autoFocus
          aria-invalid={props.isWrong}
          aria-describedby={`${id}-note`}
          onChange={(event) => props.onValue(event.target.value)}
          onScroll={(event) => {
            // The coloured words below follow a text that is longer than the field.
            if (picture.current !== null) picture.current.scrollLeft = event.currentTarget.scrollLeft;
          }}
        />
      </div>
      <div id={`${id}-note`}>{props.note}</div>
    </div>
  );
}
