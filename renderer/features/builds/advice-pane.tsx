import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import type { Remote } from '#renderer/store/remote.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { BuildAdvice } from '#shared/contract/projects.ts';
import styles from './build-panes.module.css';

interface AdvicePaneProps {
  readonly advice: Remote<readonly BuildAdvice[]>;
  /** Whether the project was ever built: without builds little can be said. */
  readonly isBuilt: boolean;
  onSelect(line: number): void;
  onRetry(): void;
}

/** What would make builds faster or the image smaller, with what it cost and the line that it is about. */
export function AdvicePane({ advice, isBuilt, onSelect, onRetry }: AdvicePaneProps): ReactNode {
  return (
    <RemoteView remote={advice} what="advice" onRetry={onRetry}>
      {(list) =>
        list.length === 0 ? (
          <NoAdvice isBuilt={isBuilt} />
        ) : (
          <ul className={`${styles.pane} ${styles.findings}`} aria-label="Advice">
            {list.map((one) => (
              <AdviceItem key={`${one.title}${one.line}`} advice={one} onSelect={onSelect} />
            ))}
            {!isBuilt && !list.some(isMeasured) && <li className={text.faint}>{MORE_LATER}</li>}
          </ul>
        )
      }
    </RemoteView>
  );
}

function AdviceItem(props: { readonly advice: BuildAdvice; onSelect(line: number): void }): ReactNode {
  const { title, detail, line, kind, bytes } = props.advice;
  return (
    <li className={styles.finding}>
      <div className={styles.findingHead}>
        <b>{title}</b>
        {line !== null && (
          <Button tone="link" onClick={() => props.onSelect(line)}>
            line {line}
          </Button>
        )}
      </div>
      <p>{detail}</p>
      {kind === 'base' && bytes === null && <Measure />}
    </li>
  );
}

/** Asks the registry of the base what its smaller variants weigh. */
function Measure(): ReactNode {
  const measure = useApp((state) => state.advice.measure);
  const [isBusy, setBusy] = useState(false);
  return (
    <Button
      small
      disabled={isBusy}
      onClick={() => {
        setBusy(true);
        void measure().finally(() => setBusy(false));
      }}
    >
      {isBusy ? 'Measuring…' : 'Measure smaller ones at its registry'}
    </Button>
  );
}

/** Whether it was drawn from a build, be it one of the command line. */
function isMeasured({ kind }: BuildAdvice): boolean {
  return kind === 'order' || kind === 'image' || kind === 'base';
}

const MORE_LATER = 'What the order of the steps costs is told once there are builds to count.';

function NoAdvice({ isBuilt }: { readonly isBuilt: boolean }): ReactNode {
  return (
    <div className={styles.pane}>
      <p>
        {isBuilt
          ? 'Nothing stands out in the Dockerfile, in the last 20 builds or in the image.'
          : 'Nothing stands out in the Dockerfile.'}
      </p>
      <p className={text.faint}>
        {isBuilt
          ? 'Looked for: files copied before steps that do not need them, RUNs that could be one, caches left in layers, and a base that is larger than it need be.'
          : MORE_LATER}
      </p>
    </div>
  );
}
