import { ChevronRight, CornerLeftUp, File, FileCode, Folder, Package } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button, IconButton } from '#renderer/components/button.tsx';
import { Chip } from '#renderer/components/chip.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import type { FolderListing } from '#renderer/store/folders-slice.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import type { BrowsedFiles } from '#shared/contract/projects.ts';
import { formatCount } from '#shared/format/count.ts';
import styles from './folder-chooser.module.css';
import { crumbsOf } from './folder-path.ts';

interface FolderChooserProps {
  /** The folder that is chosen now: the marked one, else the one that is shown. */
  onChosen(path: string): void;
  /** Which files are shown among the folders. */
  readonly show?: BrowsedFiles;
}

interface Typing {
  readonly text: string;
  /** What was shown when another folder was asked for; absent while that has not been done. */
  readonly asked?: { readonly at: string | undefined };
}

/** Walks the folders of the machine that Strata runs on: by path, by the way down to it, by arrow keys. */
export function FolderChooser({ onChosen, show = 'none' }: FolderChooserProps): ReactNode {
  const store = useAppStore();
  const listing = useApp((state) => state.folders.listing);
  const refusal = useApp((state) => state.folders.refusal);
  const browse = useApp((state) => state.folders.browse);
  const path = valueOr(listing, null)?.path;
  // What is being typed stays, whatever folder comes meanwhile, until the one that was asked for after it is here.
  const [typing, setTyping] = useState<Typing>();
  const isAnswered = typing?.asked !== undefined && typing.asked.at !== path;
  const typed = isAnswered ? undefined : typing?.text;

  useEffect(() => {
    // It begins where it was left the last time.
    const { folders } = store.getState();
    void folders.browse(valueOr(folders.listing, null)?.path, show);
  }, [store, show]);
  useEffect(() => {
    if (path !== undefined) onChosen(path);
  }, [path, onChosen]);

  const goTo = (next: string): void => {
    setTyping((before) => before && { ...before, asked: { at: path } });
    void browse(next, show);
  };
  return (
    <div className={styles.chooser}>
      <TextField
        label="Path"
        mono
        value={typed ?? path ?? ''}
        onValue={(text) => setTyping({ text })}
        error={refusal === null ? undefined : [refusal.message, refusal.hint].filter(Boolean).join(' ')}
        note="Type a path and press Enter, or walk below."
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || typed === undefined) return;
          event.preventDefault();
          goTo(typed.trim());
        }}
      />
      <RemoteView remote={listing} what="folders" onRetry={() => goTo(path ?? '')}>
        {(value) => (
          <>
            <Crumbs path={value.path} onGo={goTo} />
            <FolderList key={value.path} listing={value} show={show} onGo={goTo} onChosen={onChosen} />
          </>
        )}
      </RemoteView>
    </div>
  );
}

function Crumbs(props: { readonly path: string; onGo(path: string): void }): ReactNode {
  const crumbs = crumbsOf(props.path);
  return (
    <nav className={styles.crumbs} aria-label="The way to this folder">
      {crumbs.map((crumb, index) => (
        <span key={crumb.path} className={styles.crumb}>
          {index > 1 && <ChevronRight aria-hidden />}
          <Button
            small
            tone="quiet"
            aria-current={index === crumbs.length - 1 ? 'location' : undefined}
            onClick={() => props.onGo(crumb.path)}
          >
            {crumb.name}
          </Button>
        </span>
      ))}
    </nav>
  );
}

interface FolderListProps {
  readonly listing: FolderListing;
  readonly show: BrowsedFiles;
  onGo(path: string): void;
  onChosen(path: string): void;
}

/** The folders in one folder. Arrows mark, Enter or a double click goes in, Backspace goes up. */
function FolderList({ listing, show, onGo, onChosen }: FolderListProps): ReactNode {
  const { entries, parent } = listing;
  const [marked, setMarked] = useState<number | null>(null);
  const list = useRef<HTMLDivElement>(null);

  const mark = (index: number): void => {
    const entry = entries[index];
    if (entry === undefined) return;
    setMarked(index);
    onChosen(entry.path);
    list.current?.querySelector(`[data-index="${index}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const entry = marked === null ? undefined : entries[marked];
    if (event.key === 'ArrowDown') mark(Math.min(entries.length - 1, (marked ?? -1) + 1));
    else if (event.key === 'ArrowUp') mark(Math.max(0, (marked ?? 1) - 1));
    else if (event.key === 'Home') mark(0);
    else if (event.key === 'End') mark(entries.length - 1);
    else if ((event.key === 'Enter' || event.key === 'ArrowRight') && entry !== undefined && !isFile(entry))
      onGo(entry.path);
    else if ((event.key === 'Backspace' || event.key === 'ArrowLeft') && parent !== null) onGo(parent);
    else if (event.key.length === 1 && event.key !== ' ') mark(byFirstLetter(entries, event.key, marked));
    else return;
    event.preventDefault();
  };

  return (
    <div className={styles.frame}>
      <div className={styles.up}>
        <IconButton
          small
          label="Up"
          unavailable={parent === null ? 'This is the top.' : undefined}
          onClick={() => parent !== null && onGo(parent)}
        >
          <CornerLeftUp aria-hidden />
        </IconButton>
        <span className={styles.count}>{countWords(entries, show)}</span>
        <Signs holds={listing} isLayout={listing.isLayout} show={show} />
      </div>
      <div
        ref={list}
        className={styles.list}
        role="listbox"
        tabIndex={0}
        aria-label={`Folders in ${listing.path}`}
        aria-activedescendant={marked === null ? undefined : `folder-${marked}`}
        onKeyDown={onKeyDown}
      >
        {entries.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys for its entries
          // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and names its active entry
          <div
            key={entry.path}
            id={`folder-${index}`}
            data-index={index}
            role="option"
            aria-selected={index === marked}
            className={classNames(styles.entry, index === marked && styles.marked)}
            onClick={() => mark(index)}
            onDoubleClick={() => (isFile(entry) ? undefined : onGo(entry.path))}
          >
            <EntryIcon entry={entry} />
            <span className={styles.name}>{entry.name}</span>
            <Signs holds={entry} isLayout={entry.kind === 'layout'} show={show} />
          </div>
        ))}
      </div>
    </div>
  );
}

type Entry = FolderListing['entries'][number];

/** What cannot be gone into. */
function isFile({ kind }: Entry): boolean {
  return kind === 'archive' || kind === 'file';
}

function EntryIcon({ entry }: { readonly entry: Entry }): ReactNode {
  if (entry.kind === 'archive') return <Package aria-hidden />;
  return entry.kind === 'file' ? <File aria-hidden /> : <Folder aria-hidden />;
}

/** What a folder is good for, where that is asked: it can be built, or it holds images. */
function Signs(props: {
  readonly holds: Pick<Entry, 'hasDockerfile'>;
  readonly isLayout: boolean;
  readonly show: BrowsedFiles;
}): ReactNode {
  if (props.show === 'archives')
    return props.isLayout ? (
      <Chip tone="pill">
        <Package aria-hidden className={styles.sign} /> OCI layout
      </Chip>
    ) : null;
  return props.show === 'none' && props.holds.hasDockerfile ? (
    <Chip tone="pill">
      <FileCode aria-hidden className={styles.sign} /> Dockerfile
    </Chip>
  ) : null;
}

/** What is in the folder: "12 folders, 1 archive". */
function countWords(entries: FolderListing['entries'], show: BrowsedFiles): string {
  const files = entries.filter(isFile).length;
  const folders = entries.length - files;
  if (entries.length === 0) return show === 'none' ? 'No folders in here' : 'Nothing to choose in here';
  const words = [
    folders === 0 ? '' : formatCount(folders, 'folder'),
    files === 0 ? '' : formatCount(files, show === 'all' ? 'file' : 'archive'),
  ];
  return words.filter(Boolean).join(', ');
}

/** The next entry after the marked one that begins with the letter, going round. */
function byFirstLetter(entries: FolderListing['entries'], letter: string, marked: number | null): number {
  const start = marked ?? -1;
  for (let step = 1; step <= entries.length; step++) {
    const index = (start + step) % entries.length;
    if (entries[index]?.name.toLowerCase().startsWith(letter.toLowerCase())) return index;
  }
  return start;
}
