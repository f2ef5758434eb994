import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import styles from './build-options.module.css';

interface TagFieldsProps {
  readonly tags: readonly string[];
  readonly problems: Readonly<Record<number, string>>;
  onTags(tags: readonly string[]): void;
}

/** The tags that the image gets, one a row. */
export function TagFields({ tags, problems, onTags }: TagFieldsProps): ReactNode {
  const set = (index: number, value: string): void =>
    onTags(tags.map((tag, at) => (at === index ? value : tag)));
  return (
    <fieldset className={styles.group}>
      <legend>Tags</legend>
      {tags.map((tag, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row that is being typed has no other identity
        <div key={index} className={styles.row}>
          <TextField
            hideLabel
            label={`Tag ${index + 1}`}
            mono
            className={styles.wide}
            placeholder="registry.example.com/team/app:1.0"
            // One that was asked for, to be typed at once.
            autoFocus={index > 0 && tag === ''}
            value={tag}
            onValue={(value) => set(index, value)}
            error={problems[index]}
          />
          {tags.length > 1 && (
            <IconButton
              label={`Remove tag ${index + 1}`}
              onClick={() => onTags(tags.filter((_, at) => at !== index))}
            >
              <X aria-hidden />
            </IconButton>
          )}
        </div>
      ))}
      <Button small tone="quiet" icon={<Plus aria-hidden />} onClick={() => onTags([...tags, ''])}>
        Another tag
      </Button>
    </fieldset>
  );
}
