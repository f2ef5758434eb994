import { Fragment, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import type { Reason } from '#shared/contract/projects.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import styles from './source.module.css';

/** File names shown before the rest is folded away. */
const FEW = 3;
/** Even unfolded, a list longer than this tells only its number. */
const MANY = 500;

interface ReasonListProps {
  readonly reasons: readonly Reason[];
  /** A few file names in a line, as in the source; else one name a line. */
  readonly isShort?: boolean;
}

/** Why a step is not taken from the cache: a sentence per reason, with the files it is about. */
export function ReasonList({ reasons, isShort = false }: ReasonListProps) {
  return (
    <ul className={styles.reasons} aria-label="Why it is rebuilt">
      {reasons.map((reason, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: reasons have no other identity
        <li key={index} className={styles.reason}>
          {index === 0 && <b className={styles.why}>Why: </b>}
          {isShort ? withShortDigests(reason.detail) : reason.detail}
          <Paths paths={reason.paths ?? []} told={reason.detail} isShort={isShort} />
        </li>
      ))}
    </ul>
  );
}

function withShortDigests(text: string): string {
  return text.replace(/sha256:[0-9a-f]{64}/g, shortenDigest);
}

interface PathsProps {
  readonly paths: readonly string[];
  /** The sentence before: names that it contains are not repeated. */
  readonly told: string;
  readonly isShort: boolean;
}

function Paths({ paths, told, isShort }: PathsProps) {
  const [open, setOpen] = useState(false);
  const untold = isShort && !open ? paths.filter((path) => !told.includes(path)) : paths;
  const shown = open ? untold.slice(0, MANY) : untold.slice(0, isShort ? FEW : MANY);
  const more = untold.length - shown.length;
  if (untold.length === 0) return null;
  if (open || !isShort)
    return (
      <>
        <ul className={styles.paths}>
          {shown.map((path) => (
            <li key={path}>{path}</li>
          ))}
          {more > 0 && <li>… and {more} more</li>}
        </ul>
        {isShort && (
          <Button tone="link" small onClick={() => setOpen(false)}>
            Show fewer
          </Button>
        )}
      </>
    );
  return (
    <>
      {' '}
      {shown.map((path, index) => (
        <Fragment key={path}>
          {index > 0 && ', '}
          <code>{path}</code>
        </Fragment>
      ))}
      {more > 0 && (
        <>
          {' '}
          <Button tone="link" onClick={() => setOpen(true)}>
            and {more} more
          </Button>
        </>
      )}
    </>
  );
}
