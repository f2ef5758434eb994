import { CircleX, TriangleAlert } from 'lucide-react';
import type { CheckFinding, Reason } from '#shared/contract/projects.ts';
import { ReasonList } from './reason-list.tsx';
import styles from './source.module.css';
import type { SourceBlock, SourceError } from './source-model.ts';
import { reasonsToTell, type StepState, type StepView, withoutFirst } from './step-state.ts';

const WITH_REASON: ReadonlySet<StepState> = new Set<StepState>([
  'will-miss',
  'will-build',
  'miss',
  'built',
  'unknown',
  'running',
  'failed',
  'cancelled',
]);

interface BlockNotesProps {
  readonly block: SourceBlock;
  /** Nothing could come from a cache: that it did not needs no words. */
  readonly isFirstBuild: boolean;
}

/** What there is to say below an instruction: its error, why it is rebuilt, its checks. */
export function BlockNotes({ block, isFirstBuild }: BlockNotesProps) {
  const reasons = block.steps
    .filter((step) => WITH_REASON.has(step.state))
    .flatMap((step) => reasonsInSource(step, isFirstBuild));
  if (block.error === null && reasons.length === 0 && block.checks.length === 0) return null;
  return (
    <div className={styles.notes}>
      {block.error !== null && <ErrorNote error={block.error} />}
      {reasons.length > 0 && <ReasonList reasons={reasons} isShort />}
      {block.checks.map((check) => (
        <CheckNote key={`${check.rule}:${check.range.line}:${check.range.column}`} check={check} />
      ))}
    </div>
  );
}

/** That nothing was built before is no news in a first build. */
function reasonsInSource(step: StepView, isFirstBuild: boolean): readonly Reason[] {
  const reasons = reasonsToTell(step);
  return isFirstBuild ? withoutFirst(reasons) : reasons;
}

function ErrorNote({ error }: { readonly error: SourceError }) {
  return (
    <div className={styles.error} role="alert">
      <CircleX aria-hidden />
      <div>
        <strong>{error.message}</strong>
        {error.hint !== undefined && <div className={styles.hint}>{error.hint}</div>}
      </div>
    </div>
  );
}

function CheckNote({ check }: { readonly check: CheckFinding }) {
  return (
    <div className={styles.check}>
      <TriangleAlert aria-label={check.severity} />
      <div>
        <b>{check.rule}</b> {check.detail || check.description}
      </div>
    </div>
  );
}
