import { CircleX, TriangleAlert } from 'lucide-react';
import { Button } from '#renderer/components/button.tsx';
import { ExternalLink } from '#renderer/components/external-link.tsx';
import text from '#renderer/styles/text.module.css';
import type { CheckFinding } from '#shared/contract/projects.ts';
import styles from './build-panes.module.css';

/** What the checks found in the Dockerfile, with the way to each line. */
export function ChecksPane(props: {
  readonly checks: readonly CheckFinding[];
  onSelect(line: number): void;
}) {
  if (props.checks.length === 0)
    return <p className={styles.pane}>The checks found nothing to mend in this Dockerfile.</p>;
  return (
    <ul className={`${styles.pane} ${styles.findings}`}>
      {props.checks.map((check) => (
        <li key={`${check.rule}:${check.range.line}:${check.range.column}`} className={styles.finding}>
          <div className={styles.findingHead}>
            {check.severity === 'error' ? (
              <CircleX size={14} aria-label="Error" className={text.bad} />
            ) : (
              <TriangleAlert size={14} aria-label="Warning" className={text.warn} />
            )}
            <b>{check.rule}</b>
            <Button tone="link" onClick={() => props.onSelect(check.range.line)}>
              line {check.range.line}
            </Button>
          </div>
          <p>{check.description}</p>
          {check.detail !== '' && <p className={text.dim}>{check.detail}</p>}
          <ExternalLink url={check.url}>Read about it</ExternalLink>
        </li>
      ))}
    </ul>
  );
}
