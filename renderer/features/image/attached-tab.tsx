import { Paperclip, RefreshCw } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { Age, Bytes } from '#renderer/components/quantity.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Select } from '#renderer/components/select.tsx';
import { SplitPane } from '#renderer/components/split-pane.tsx';
import { registryErrorActions } from '#renderer/features/registries/registry-error-actions.tsx';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { ImageDetail } from '#shared/contract/images.ts';
import type { Referrer, ReferrerList } from '#shared/contract/referrers.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import styles from './attached.module.css';
import { AttachedDocument } from './attached-document.tsx';
import { isAskedAtOnce, kindWord, placesOf, viaWords } from './attached-words.ts';

/** Signatures, SBOMs and attestations that registries hold for the image. */
export function AttachedTab({ detail }: { readonly detail: ImageDetail }): ReactNode {
  const places = useMemo(() => placesOf(detail), [detail]);
  const [first] = places;
  const digest = detail.manifestDigest;
  if (first === undefined || digest === null)
    return (
      <EmptyState icon={Paperclip} title="At no registry">
        Signatures, SBOMs and attestations lie beside an image at its registry.{' '}
        {digest === null
          ? 'This engine does not tell the digest of the image that they belong to.'
          : 'This image has no name that leads to one.'}
      </EmptyState>
    );
  return <Places key={digest} places={places} first={first} digest={digest} />;
}

function Places(props: {
  readonly places: readonly string[];
  readonly first: string;
  readonly digest: string;
}): ReactNode {
  const { places, digest } = props;
  const store = useAppStore();
  const [place, setPlace] = useState(props.first);
  const shown = useApp((state) => state.referrers.place);
  const list = useApp((state) => state.referrers.list);
  const chosen = useApp((state) => state.referrers.chosen);
  useEffect(() => {
    if (isAskedAtOnce(place)) void store.getState().referrers.ask(place, digest);
  }, [store, place, digest]);
  const isAsked = shown === place;
  const { ask, reload } = store.getState().referrers;
  return (
    <div className={styles.frame}>
      <div className={styles.bar}>
        {places.length > 1 ? (
          <Select
            label="Where"
            hideLabel
            value={place}
            options={places.map((name) => ({ value: name, label: name }))}
            onValue={setPlace}
          />
        ) : (
          <span className={classNames(text.mono, text.ellipsis)} title={place}>
            {place}
          </span>
        )}
        <Button
          small
          icon={<RefreshCw aria-hidden />}
          onClick={() => void (isAsked ? reload() : ask(place, digest))}
        >
          {isAsked ? 'Ask again' : 'Ask its registry'}
        </Button>
      </div>
      {!isAsked ? (
        <EmptyState icon={Paperclip} title="Not asked yet">
          The name says no registry, so Docker Hub would be asked.
        </EmptyState>
      ) : list.status === 'failed' ? (
        <ErrorNotice
          centre
          error={list.error}
          actions={registryErrorActions(list.error, () => void reload())}
        />
      ) : (
        <RemoteView remote={list} what="what is attached" onRetry={() => void reload()}>
          {(value) => (
            <SplitPane
              id="attached"
              label="what is attached"
              direction="column"
              sized="end"
              initial={300}
              min={120}
              minOther={120}
              start={<Attached list={value} />}
              end={chosen === null ? null : <AttachedDocument referrer={chosen} />}
            />
          )}
        </RemoteView>
      )}
    </div>
  );
}

function Attached({ list }: { readonly list: ReferrerList }): ReactNode {
  if (!list.isThere)
    return (
      <EmptyState icon={Paperclip} title="The image is not there">
        This repository does not hold the image under its digest. Push it there, or choose another of its
        names.
      </EmptyState>
    );
  if (list.referrers.length === 0)
    return (
      <EmptyState icon={Paperclip} title="Nothing is attached">
        No signature, SBOM or attestation of this image is at this registry.
      </EmptyState>
    );
  return (
    <ul className={styles.list} aria-label="Attached">
      {list.referrers.map((referrer) => (
        <Line key={referrer.digest} referrer={referrer} />
      ))}
    </ul>
  );
}

function Line({ referrer }: { readonly referrer: Referrer }): ReactNode {
  const store = useAppStore();
  const isChosen = useApp((state) => state.referrers.chosen?.digest === referrer.digest);
  return (
    <li>
      <button
        type="button"
        aria-pressed={isChosen}
        className={classNames(styles.line, isChosen && styles.chosen)}
        onClick={() => void store.getState().referrers.open(referrer)}
      >
        <b>{kindWord(referrer)}</b>
        <span
          className={classNames(text.mono, text.ellipsis)}
          title={referrer.artifactType ?? referrer.mediaType}
        >
          {referrer.artifactType ?? referrer.mediaType}
        </span>
        <span className={text.faint}>{viaWords(referrer)}</span>
        <span className={classNames(text.mono, text.faint)} title={referrer.digest}>
          {shortenDigest(referrer.digest)}
        </span>
        <span className={text.dim}>
          <Age at={referrer.createdAt} />
        </span>
        <Bytes value={referrer.size} />
      </button>
    </li>
  );
}
