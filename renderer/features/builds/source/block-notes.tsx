import { CircleX, Info, TriangleAlert } from 'lucide-react';
import { ExternalLink } from '#renderer/components/external-link.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import type { CheckFinding, Reason } from '#shared/contract/projects.ts';
import { formatDuration } from '#shared/format/duration.ts';
import { ReasonList } from './reason-list.tsx';
import styles from './source.module.css';
import type { SourceBlock, SourceError } from './source-model.ts';
import {
  nameOf,
  reasonsToTell,
  STATE_WORDS,
  type StepState,
  type StepView,
  withoutFirst,
} from './step-state.ts';

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

const CACHED: ReadonlySet<StepState> = new Set<StepState>(['hit', 'will-hit']);

interface BlockNotesProps {
  readonly block: SourceBlock;
  /** Nothing could come from a cache: that it did not needs no words. */
  readonly isFirstBuild: boolean;
}

/** What there is to say below an instruction: its error, why it is rebuilt, its checks. */
export function BlockNotes({ block, isFirstBuild }: BlockNotesProps) {
  const reasons = reasonsOfBlock(block, isFirstBuild);
  // Where all come from the cache the line itself says so.
  const isShared = block.steps.length > 1 && block.steps.some(({ state }) => !CACHED.has(state));
  const count = reasons.length + block.checks.length + block.notes.length;
  const error = block.error ?? block.steps.find((step) => step.error !== undefined)?.error;
  if (error === undefined && count === 0 && !isShared) return null;
  return (
    <div className={styles.notes}>
      {error !== undefined && <ErrorNote error={error} />}
      {isShared && <StepList steps={block.steps} />}
      {reasons.length > 0 && <ReasonList reasons={reasons} isShort />}
      {block.notes.map((note) => (
        <div key={note} className={styles.remark}>
          <Info aria-hidden />
          <span>{note}</span>
        </div>
      ))}
      {block.checks.map((check) => (
        <CheckNote key={`${check.rule}:${check.range.line}:${check.range.column}`} check={check} />
      ))}
    </div>
  );
}

/** The reasons of the steps of a line; one that only some platforms have says which. */
function reasonsOfBlock({ steps }: SourceBlock, isFirstBuild: boolean): readonly Reason[] {
  const found = new Map<string, { readonly reason: Reason; readonly platforms: (string | null)[] }>();
  for (const step of steps) {
    if (!WITH_REASON.has(step.state) && !isFromElsewhere(step)) continue;
    for (const reason of reasonsInSource(step, isFirstBuild)) {
      const known = found.get(reason.detail) ?? { reason, platforms: [] };
      known.platforms.push(step.platform);
      found.set(reason.detail, known);
    }
  }
  const all = new Set(steps.map(({ platform }) => platform));
  return [...found.values()].map(({ reason, platforms }) =>
    new Set(platforms).size === all.size
      ? reason
      : { ...reason, detail: `${platforms.join(', ')}: ${reason.detail}` },
  );
}

/** How each step of a line stands, where it has several: of platforms, or of triggers. */
function StepList({ steps }: { readonly steps: readonly StepView[] }) {
  return (
    <ul className={styles.sameLine} aria-label="Steps of this line">
      {steps.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: predicted steps have no other identity
        <li key={at}>
          <span aria-hidden="true">{STATE_WORDS[step.state].sign}</span> {nameOf(step, steps)}{' '}
          <span className={styles.sameLineState}>
            {STATE_WORDS[step.state].word}
            {step.ms !== null && step.ms > 0 ? ` ${formatDuration(step.ms)}` : ''}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** A hit is worth words where another machine built it. */
function isFromElsewhere({ reasons }: StepView): boolean {
  return reasons.some(({ kind }) => kind === 'shared-cache');
}

/** That nothing was built before is no news in a first build. */
function reasonsInSource(step: StepView, isFirstBuild: boolean): readonly Reason[] {
  const reasons = reasonsToTell(step);
  return isFirstBuild ? withoutFirst(reasons) : reasons;
}

function ErrorNote({
  error,
}: {
  readonly error: Pick<SourceError, 'message'> & { readonly hint?: string | undefined };
}) {
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
  const isError = check.severity === 'error';
  return (
    <div className={classNames(styles.check, isError && styles.grave)}>
      {isError ? <CircleX aria-label="Error" /> : <TriangleAlert aria-label="Warning" />}
      <div>
        <b>{check.rule}</b> {check.detail || check.description}{' '}
        <ExternalLink url={check.url}>Read about it</ExternalLink>
      </div>
    </div>
  );
}
