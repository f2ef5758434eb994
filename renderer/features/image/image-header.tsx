import { GitCompare, Tag, Upload } from 'lucide-react';
import type { ReactNode } from 'react';
import { compareImages } from '#renderer/commands/compare-images.ts';
import { pushImage, tagImage } from '#renderer/commands/image-commands.ts';
import { Button } from '#renderer/components/button.tsx';
import { Chip, ChipButton } from '#renderer/components/chip.tsx';
import { CommandButton } from '#renderer/components/command-button.tsx';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import { RepositoryName } from '#renderer/components/repository-name.tsx';
import { Select } from '#renderer/components/select.tsx';
import { TaggedName } from '#renderer/components/tagged-name.tsx';
import { ArchiveActions } from '#renderer/features/images/archive-actions.tsx';
import { ImageMenu } from '#renderer/features/images/image-menu.tsx';
import { chipsOf, chipsThatFit, repositoryOf, splitName } from '#renderer/features/images/image-rows.ts';
import { ARCHIVE_ENGINE, archivePath } from '#renderer/store/archive-slice.ts';
import { formatRoute, REMOTE_ENGINE } from '#renderer/store/route.ts';
import { useAppStore } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { ImageSummary } from '#shared/contract/images.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import { parseReference } from '#shared/oci/reference.ts';
import styles from './image-header.module.css';

const CHIPS = { most: 4, letters: 36 };

/** The way back to all images. */
export function ImageCrumb({ image }: { readonly image?: ImageSummary }): ReactNode {
  if (image?.engine === REMOTE_ENGINE) return <RemoteCrumb image={image} />;
  return (
    <a className={styles.crumb} href={formatRoute({ screen: 'images' })}>
      Images /
    </a>
  );
}

/** The way back to the tags of the image's repository. */
function RemoteCrumb({ image }: { readonly image: ImageSummary }): ReactNode {
  const name = image.id.replace(/@.*$/, '');
  const { domain, path } = parseReference(name);
  return (
    <>
      <a className={styles.crumb} href={formatRoute({ screen: 'registry', host: domain })}>
        {domain} /
      </a>
      <a
        className={styles.crumb}
        href={formatRoute({ screen: 'repository', name: `${domain}/${path}` })}
        title={`All tags of ${name}`}
      >
        Tags /
      </a>
    </>
  );
}

/** Name, tags and digest of the image. */
export function ImageTitle({ image }: { readonly image: ImageSummary }): ReactNode {
  const store = useAppStore();
  const chips = chipsOf(image);
  const fitting = chipsThatFit(chips, CHIPS);
  const repository = repositoryOf(image);
  const isRemote = image.engine === REMOTE_ENGINE;
  const digest = image.id.replace(/^.*@/, '');
  // It is drawn in two parts, and read as one.
  const name = isRemote ? pathOf(image) : (repository ?? 'untagged');
  return (
    <>
      <ImageCrumb image={image} />
      <h1 title={repository ?? digest} aria-label={name}>
        <RepositoryName name={name} />
      </h1>
      <span className={styles.chips}>
        {chips.slice(0, fitting).map((chip) => (
          <Chip key={chip.name} title={chip.name} className={chip.isOwn ? styles.tag : styles.other}>
            {chip.isOwn ? chip.text : <TaggedName {...splitName(chip.text)} />}
          </Chip>
        ))}
        {chips.length > fitting ? (
          <span className={text.faint} title={image.names.join('\n')}>
            +{chips.length - fitting}
          </span>
        ) : null}
        {image.engine === ARCHIVE_ENGINE ? (
          <Chip title={archivePath(image.id)}>in {archivePath(image.id).split('/').at(-1)}</Chip>
        ) : isRemote ? null : (
          <ChipButton tone="quiet" onClick={() => void tagImage.run(store)}>
            + tag
          </ChipButton>
        )}
      </span>
      <PlatformChoice image={image} />
      <span className={styles.digest}>
        <span className={classNames(text.mono, text.faint)} title={image.id}>
          {shortenDigest(digest)}
        </span>
        <CopyButton label="Copy the digest" text={digest} />
      </span>
    </>
  );
}

/** The repository without its registry, which stands before it. */
function pathOf(image: ImageSummary): string {
  return parseReference(image.id).path;
}

/** Which of the platforms that its names stand for is shown. */
function PlatformChoice({ image }: { readonly image: ImageSummary }): ReactNode {
  const store = useAppStore();
  const { engine, id, platforms = [] } = image;
  if (platforms.length < 2) return null;
  return (
    <Select
      label="Platform"
      hideLabel
      value={id}
      options={platforms.map((each) => ({ value: each.id, label: formatPlatform(each.platform) }))}
      onValue={(ref) => store.getState().navigation.go({ screen: 'image', engine, ref })}
    />
  );
}

/** What can be done with the image. */
export function ImageActions({ image }: { readonly image: ImageSummary }): ReactNode {
  const store = useAppStore();
  if (image.engine === ARCHIVE_ENGINE) return <ArchiveActions image={image} />;
  return (
    <>
      <Button icon={<GitCompare aria-hidden />} onClick={() => void compareImages.run(store)}>
        Compare…
      </Button>
      <CommandButton command={tagImage} icon={<Tag aria-hidden />}>
        Tag…
      </CommandButton>
      <CommandButton command={pushImage} tone="primary" icon={<Upload aria-hidden />}>
        Push…
      </CommandButton>
      <ImageMenu image={image} isHere />
    </>
  );
}
