import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Chip } from '#renderer/components/chip.tsx';
import { Age } from '#renderer/components/quantity.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { BaseUse } from '#shared/contract/bases.ts';
import { floatingWords, newerWords } from './base-words.ts';
import styles from './bases.module.css';
import { PinButton } from './pin-button.tsx';
import { type SharedBase, sharedBases } from './shared-bases.ts';

/** Every image that the Dockerfile takes from elsewhere: floating, by a tag or pinned, and whether there is a newer one. */
export function BasesPane(props: { onSelect(line: number): void }): ReactNode {
  const { uses, reload, check, isChecking, checkedAt } = useApp((state) => state.bases);
  return (
    <RemoteView remote={uses} what="the images that it begins with" onRetry={() => void reload()}>
      {(found) =>
        found.length === 0 ? (
          <p className={styles.pane}>This Dockerfile takes no image from elsewhere.</p>
        ) : (
          <div className={styles.pane}>
            <div className={styles.bar}>
              <Button small disabled={isChecking} onClick={() => void check()}>
                {isChecking ? 'Asking the registries…' : 'Is there a newer base?'}
              </Button>
              <span className={text.faint} role="status">
                {checkedAt === null ? (
                  'asks by digest, pulls nothing'
                ) : (
                  <>
                    asked <Age at={checkedAt} ago />
                  </>
                )}
              </span>
            </div>
            <ul className={styles.list} aria-label="Images from elsewhere">
              {sharedBases(found).map((base) => (
                <Base key={base.id} base={base} onSelect={props.onSelect} />
              ))}
            </ul>
          </div>
        )
      }
    </RemoteView>
  );
}

function Base(props: { readonly base: SharedBase; onSelect(line: number): void }): ReactNode {
  const { first: use, uses } = props.base;
  const store = useAppStore();
  const words = [floatingWords(use), newerWords(use)].filter((part) => part !== null);
  const canPull = use.newer === true && use.state !== 'pinned' && use.reference !== null;
  return (
    <li className={styles.base}>
      <div className={styles.head}>
        <code className={styles.name} title={use.reference ?? use.written}>
          {use.reference ?? use.written}
        </code>
        <State use={use} />
      </div>
      {words.length === 0 ? null : <p>{words.join(' ')}</p>}
      <ul className={styles.uses} aria-label={`Lines that use ${use.reference ?? use.written}`}>
        {uses.map((one) => (
          <li key={`${one.line} ${one.written}`}>
            <div className={styles.use}>
              <Button tone="link" onClick={() => props.onSelect(one.line)}>
                Line {one.line}
              </Button>
              <span className={text.dim}>{PLACES[one.keyword]}</span>
              <PinButton use={one} small />
            </div>
            {one.problem === null ? null : <p className={text.dim}>{one.problem}</p>}
          </li>
        ))}
      </ul>
      {canPull ? (
        <div className={styles.bar}>
          <Button
            small
            onClick={() =>
              store
                .getState()
                .dialogs.show({ kind: 'pull-image', reference: use.reference ?? '', engine: 'builtin' })
            }
          >
            Pull the newer one…
          </Button>
        </div>
      ) : null}
    </li>
  );
}

/** How a line takes an image. */
const PLACES = { FROM: 'FROM', COPY: 'COPY --from', RUN: 'RUN --mount from=' } as const;

function State({ use }: { readonly use: BaseUse }): ReactNode {
  return (
    <>
      {use.newer === true ? <Chip tone="warn">newer at its registry</Chip> : null}
      {use.state === 'floating' ? (
        <Chip tone="warn">floating</Chip>
      ) : (
        <Chip tone="pill">{use.state === 'tagged' ? 'by tag' : use.state}</Chip>
      )}
    </>
  );
}
