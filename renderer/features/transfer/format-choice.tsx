import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { type ReactNode, useId } from 'react';
import styles from './format-choice.module.css';

const FORMATS = [
  {
    value: 'oci',
    title: 'OCI image layout (tar)',
    text: 'The standard form. Read by skopeo, podman, buildah, containerd, and by Docker 25 or newer.',
  },
  {
    value: 'docker',
    title: 'Docker archive (tar)',
    text: 'What docker save writes. For docker load of any version.',
  },
] as const;

/** In which form an image is saved. */
export function FormatChoice(props: {
  readonly value: 'oci' | 'docker';
  onValue(value: 'oci' | 'docker'): void;
}): ReactNode {
  const id = useId();
  return (
    <RadioGroup
      aria-label="Form of the file"
      className={styles.group}
      value={props.value}
      onValueChange={(value) => props.onValue(value === 'docker' ? 'docker' : 'oci')}
    >
      {FORMATS.map(({ value, title, text }) => (
        <label key={value} className={styles.choice} htmlFor={`${id}-${value}`}>
          <Radio.Root id={`${id}-${value}`} value={value} className={styles.radio} aria-label={title}>
            <Radio.Indicator className={styles.dot} />
          </Radio.Root>
          <span className={styles.title}>{title}</span>
          <span className={styles.text}>{text}</span>
        </label>
      ))}
    </RadioGroup>
  );
}
