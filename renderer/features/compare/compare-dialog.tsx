// biome-ignore-all lint/a11y/useSemanticElements: a list that a field above it walks is no select element.
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { Age, Bytes } from '#renderer/components/quantity.tsx';
import { TaggedName } from '#renderer/components/tagged-name.tsx';
import type { DialogImage } from '#renderer/dialogs/dialog.ts';
import { imageName } from '#renderer/features/images/image-rows.ts';
import { ARCHIVE_ENGINE } from '#renderer/store/archive-slice.ts';
import { imageById } from '#renderer/store/current-image.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { REMOTE_ENGINE } from '#renderer/store/route.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { ImageSummary } from '#shared/contract/images.ts';
import { formatCount } from '#shared/format/count.ts';
import { comparableImages, comparisonRoute, searchedReference } from './comparable-images.ts';
import styles from './compare-dialog.module.css';

const NO_IMAGES: readonly ImageSummary[] = [];
/** Rows that are drawn; who looks for another one types. */
const MOST_ROWS = 100;

/** Asks with which other image one is compared. Typing finds, arrows choose, Enter goes there. */
export function CompareDialog(props: { readonly image: DialogImage; onClose(): void }): ReactNode {
  const { image, onClose } = props;
  const store = useAppStore();
  const id = useId();
  const engineList = useApp((state) => valueOr(state.images.list, NO_IMAGES));
  const inArchive = useApp((state) => valueOr(state.archive.contents, null)?.images ?? NO_IMAGES);
  const isRemote = image.engine === REMOTE_ENGINE;
  const list = useMemo(() => {
    // Only the built-in engine's images can be compared with one that lies elsewhere.
    const readable = engineList.filter(({ engine }) => engine === 'builtin');
    if (image.engine === ARCHIVE_ENGINE) return [...inArchive, ...readable];
    return isRemote ? readable : engineList;
  }, [image.engine, isRemote, inArchive, engineList]);
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const known = useApp((state) => imageById(state, image.id));
  const self = useMemo(
    () => (isRemote ? { id: image.id, names: [image.name] } : known),
    [known, image, isRemote],
  );
  const found = useMemo(
    () => (self === undefined ? [] : comparableImages(list, self, search)),
    [list, self, search],
  );
  const shown = found.slice(0, MOST_ROWS);
  const searched = isRemote ? searchedReference(search) : null;
  const elsewhere = searched === image.ref ? null : searched;
  const count = shown.length + (elsewhere === null ? 0 : 1);

  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, id]);

  const go = (after: string): void => {
    onClose();
    store.getState().navigation.go({ screen: 'compare', engine: REMOTE_ENGINE, before: image.ref, after });
  };
  const choose = (other: ImageSummary | undefined): void => {
    if (other === undefined) {
      if (elsewhere !== null) go(elsewhere);
    } else if (self !== undefined && 'createdAt' in self) {
      onClose();
      store.getState().navigation.go(comparisonRoute(self, other));
    } else if (self !== undefined) go(other.id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    setActive((active + step + count) % Math.max(1, count));
  };
  return (
    <DialogFrame
      title={`Compare ${image.name} with`}
      onClose={onClose}
      onSubmit={() => choose(shown[active])}
      note={found.length > MOST_ROWS ? `${formatCount(found.length, 'image')}; type to find one` : undefined}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={count === 0}>
            Compare
          </Button>
        </>
      }
    >
      <input
        className={styles.search}
        role="combobox"
        aria-label="Find an image"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={count === 0 ? undefined : `${id}-${active}`}
        placeholder={isRemote ? 'Find an image, or type one at a registry' : 'Find an image'}
        spellCheck={false}
        autoComplete="off"
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={id} role="listbox" aria-label="Images" className={styles.list}>
        {shown.map((other, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys for its options.
          <div
            key={other.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={styles.option}
            onClick={() => setActive(index)}
            onDoubleClick={() => choose(other)}
          >
            <OptionName image={other} />
            <span className={text.dim}>
              <Age at={other.createdAt} ago />
            </span>
            <Bytes value={other.size ?? other.unpackedSize} />
          </div>
        ))}
        {elsewhere !== null && (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys for its options.
          <div
            id={`${id}-${shown.length}`}
            role="option"
            tabIndex={-1}
            aria-selected={active === shown.length}
            className={styles.option}
            onClick={() => setActive(shown.length)}
            onDoubleClick={() => go(elsewhere)}
          >
            <span className={styles.name} title={elsewhere}>
              {elsewhere}
            </span>
            <span className={text.dim}>at its registry</span>
          </div>
        )}
      </div>
      {count > 0 ? null : (
        <p className={text.dim} role="status">
          {list.length < (isRemote ? 1 : 2)
            ? 'There is no other image here yet.'
            : `No other image fits “${search}”.`}
        </p>
      )}
    </DialogFrame>
  );
}

/** Its first name, whose tag is never cut, and how many more it has; read as a whole. */
function OptionName({ image }: { readonly image: ImageSummary }): ReactNode {
  const [first, ...others] = image.names;
  if (first === undefined)
    return (
      <span className={styles.name} title={image.id}>
        {imageName(image)}
      </span>
    );
  const colon = first.lastIndexOf(':');
  const end = colon > first.lastIndexOf('/') ? colon : first.length;
  return (
    <span title={image.names.join('\n')}>
      <span className={text.hidden}>{image.names.join(', ')}</span>
      <span className={styles.names} aria-hidden>
        <TaggedName repository={first.slice(0, end)} tag={first.slice(end + 1)} />
        {others.length === 0 ? null : <span className={text.faint}>and {others.length} more</span>}
      </span>
    </span>
  );
}
