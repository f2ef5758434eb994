import { History, Tag, X } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { Button, IconButton } from '#renderer/components/button.tsx';
import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import { ImmutableSwitch } from '#renderer/features/tags/immutable-switch.tsx';
import { imageById } from '#renderer/store/current-image.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import styles from './tag-dialog.module.css';
import { groupNames, type TagGroup, thereWords } from './tag-groups.ts';

/** The tags of an image, by repository, beside what the registry has where it was asked. */
export function TagList(props: {
  readonly image: DialogImage;
  readonly names: readonly string[];
  onRemove(name: string): void;
}): ReactNode {
  const whole = useApp((state) => imageById(state, props.image.id)?.indexDigest ?? props.image.id);
  return (
    <ul className={styles.tags} aria-label="Tags of the image">
      {groupNames(props.names).map((group) => (
        <Fragment key={group.repository}>
          <GroupHead group={group} />
          {group.tags.map(({ name, tag }) => (
            <TagRow
              key={name}
              name={name}
              tag={tag}
              repository={group.repository}
              digest={whole}
              onRemove={() => props.onRemove(name)}
            />
          ))}
        </Fragment>
      ))}
    </ul>
  );
}

function GroupHead({ group }: { readonly group: TagGroup }): ReactNode {
  const { repository, tags } = group;
  const store = useAppStore();
  const there = useApp((state) => state.registryNames.byRepository[repository]);
  const question = there === undefined ? 'What is at the registry?' : 'Ask again';
  const ask = (): void =>
    void store.getState().registryNames.ask(
      repository,
      tags.map(({ tag }) => tag),
    );
  return (
    <li className={styles.group}>
      <span className={classNames(styles.repository, text.ellipsis)} title={repository}>
        {repository}
      </span>
      {there?.status === 'loading' ? (
        <span className={text.faint} role="status">
          asking…
        </span>
      ) : there?.status === 'failed' ? (
        <span className={classNames(text.bad, text.ellipsis)} role="status" title={there.error.hint}>
          {there.error.message}
        </span>
      ) : null}
      <Button tone="link" aria-label={`${question} ${repository}`} onClick={ask}>
        {question}
      </Button>
      <ImmutableSwitch repository={repository} />
    </li>
  );
}

function TagRow(props: {
  readonly name: string;
  readonly tag: string;
  readonly repository: string;
  /** Of the image here, or of the index that it came with. */
  readonly digest: string;
  onRemove(): void;
}): ReactNode {
  const { name, tag, repository, digest } = props;
  const store = useAppStore();
  const names = useApp((state) => valueOr(state.registryNames.byRepository[repository] ?? NOT_ASKED, null));
  const there = names === null ? null : thereWords(names, tag, digest);
  const showHistory = (): void => {
    const { dialogs, navigation } = store.getState();
    dialogs.close();
    navigation.go({ screen: 'tags', name });
  };
  return (
    <li className={styles.tag}>
      <Tag aria-hidden />
      <span className={styles.name} title={name}>
        <span className={text.hidden}>{repository}:</span>
        {tag}
      </span>
      {there === null ? null : (
        <span className={classNames(styles.there, text[there.tone ?? 'faint'])} title={there.digest}>
          {there.text}
        </span>
      )}
      <IconButton small label={`What ${name} named before`} onClick={showHistory}>
        <History aria-hidden />
      </IconButton>
      <IconButton small label={`Remove ${name}`} onClick={props.onRemove}>
        <X aria-hidden />
      </IconButton>
    </li>
  );
}

const NOT_ASKED = { status: 'idle' } as const;
