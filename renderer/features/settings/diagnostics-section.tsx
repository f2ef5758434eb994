import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { CopyButton } from '#renderer/components/copy-button.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { useApp } from '#renderer/store/store-context.tsx';
import type { Diagnostic } from '#shared/contract/settings.ts';
import { formatCount } from '#shared/format/count.ts';
import { Section } from './section.tsx';
import styles from './settings.module.css';

const SIGNS = {
  ok: { Icon: CircleCheck, words: 'All right' },
  warning: { Icon: TriangleAlert, words: 'Warning' },
  problem: { Icon: CircleX, words: 'Problem' },
} as const;

/** What was found on this machine, and how each problem is mended. */
export function DiagnosticsSection(): ReactNode {
  const diagnostics = useApp((state) => state.settings.diagnostics);
  const diagnose = useApp((state) => state.settings.diagnose);
  return (
    <Section
      title="Diagnostics"
      actions={
        <>
          {diagnostics.status === 'ready' && (
            <CopyButton label="Copy all findings" text={() => findingsAsText(diagnostics.value)} />
          )}
          <Button small onClick={() => void diagnose()} disabled={diagnostics.status === 'loading'}>
            Check again
          </Button>
        </>
      }
    >
      <RemoteView remote={diagnostics} what="the findings" onRetry={() => void diagnose()}>
        {(items) => (
          <>
            <p className={styles.summary} role="status">
              {summaryOf(items)}
            </p>
            <ul className={styles.cards}>
              {byGravity(items).map((item) => (
                <Finding key={item.id} item={item} />
              ))}
            </ul>
          </>
        )}
      </RemoteView>
    </Section>
  );
}

function Finding({ item }: { readonly item: Diagnostic }): ReactNode {
  const { Icon, words } = SIGNS[item.state];
  return (
    <li className={styles.card}>
      <Icon className={styles[item.state]} size={16} role="img" aria-label={words} />
      <div className={styles.words}>
        <strong>{item.title}</strong>
        <div className={styles.note}>{item.finding}</div>
        {item.mend !== null && <div>{item.mend}</div>}
        {item.command !== null && (
          <div className={styles.command}>
            <code>{item.command}</code>
            <CopyButton label="Copy the command" text={item.command} />
          </div>
        )}
      </div>
    </li>
  );
}

const GRAVITY = ['problem', 'warning', 'ok'] as const;

/** What needs mending first; else in the order of the host. */
function byGravity(items: readonly Diagnostic[]): readonly Diagnostic[] {
  return GRAVITY.flatMap((state) => items.filter((item) => item.state === state));
}

/** All findings in a sentence: "1 problem: RUN steps. 2 warnings: Docker, Podman. The rest is all right." */
function summaryOf(items: readonly Diagnostic[]): string {
  const told = (state: Diagnostic['state'], one: string): string | null => {
    const titles = items.filter((item) => item.state === state).map(({ title }) => title);
    return titles.length === 0 ? null : `${formatCount(titles.length, one)}: ${titles.join(', ')}.`;
  };
  const parts = [told('problem', 'problem'), told('warning', 'warning')].filter((part) => part !== null);
  return parts.length === 0 ? 'All is well.' : [...parts, 'The rest is all right.'].join(' ');
}

function findingsAsText(items: readonly Diagnostic[]): string {
  return items
    .map((item) =>
      [`[${item.state}] ${item.title}: ${item.finding}`, item.mend, item.command]
        .filter((line) => line !== null)
        .join('\n    '),
    )
    .join('\n');
}
