import { type ReactNode, useId, useMemo } from 'react';
import { ChipButton } from '#renderer/components/chip.tsx';
import { tagsThere } from '#renderer/store/registry-names-slice.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { ImageSummary } from '#shared/contract/images.ts';
import { splitName } from './image-rows.ts';
import { type SuggestedTag, suggestFromGit, suggestTags } from './suggest-tags.ts';
import styles from './tag-dialog.module.css';

const NO_IMAGES: readonly ImageSummary[] = [];

/** Tags that the typed repository could get next: versions, and names from the git repository of its folder. */
export function TagSuggestions(props: { readonly typed: string; onChoose(name: string): void }): ReactNode {
  const { typed } = props;
  const images = useApp((state) => valueOr(state.images.list, NO_IMAGES));
  const repository = splitName(typed.replace(/:[^/]*$/, '')).repository;
  const there = useApp((state) => tagsThere(state.registryNames, repository));
  const source = useApp((state) => valueOr(state.tags.source, null));
  const versions = useMemo(
    () => suggestTags(images, typed, there).map((name) => ({ name, tag: splitName(name).tag })),
    [images, typed, there],
  );
  const fromGit = useMemo(() => suggestFromGit(source, typed), [source, typed]);
  const git = source?.git;
  return (
    <>
      <Chips title="Next version" tags={versions} onChoose={props.onChoose} />
      <Chips
        title="From git"
        tags={fromGit}
        onChoose={props.onChoose}
        note={
          source === null || git == null ? null : (
            <span className={`${text.faint} ${text.ellipsis}`} title={`${source.folder}, as it is now`}>
              {git.isChanged ? 'with changes that are in no commit' : `of ${source.folder}, as it is now`}
            </span>
          )
        }
      />
    </>
  );
}

function Chips(props: {
  readonly title: string;
  readonly tags: readonly SuggestedTag[];
  readonly note?: ReactNode;
  onChoose(name: string): void;
}): ReactNode {
  const id = useId();
  if (props.tags.length === 0) return null;
  return (
    <div className={styles.next}>
      <span className={text.faint} id={id}>
        {props.title}
      </span>
      <ul aria-labelledby={id}>
        {props.tags.map(({ name, tag, title }) => (
          <li key={`${title} ${name}`}>
            <ChipButton title={title} onClick={() => props.onChoose(name)}>
              {tag}
            </ChipButton>
          </li>
        ))}
      </ul>
      {props.note}
    </div>
  );
}
