import type { ReactNode } from 'react';
import { Age, Duration } from '#renderer/components/quantity.tsx';
import type { Remote } from '#renderer/store/remote.ts';
import type { CheckFinding, ContextPreview, ProjectSummary } from '#shared/contract/projects.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { formatCount } from '#shared/format/count.ts';
import { formatDuration } from '#shared/format/duration.ts';
import { type BuildFacts, countSteps } from './build-facts.ts';
import styles from './build-numbers.module.css';
import { Elapsed } from './elapsed.tsx';
import type { StepView } from './source/step-state.ts';

interface BuildNumbersProps {
  readonly steps: readonly StepView[];
  /** The build that is shown; null for a prediction. */
  readonly build: BuildFacts | null;
  /** Hits that were predicted before this build began; null when nobody looked. */
  readonly predictedHits?: number | null;
  readonly lastBuild?: ProjectSummary['lastBuild'];
  readonly context?: Remote<ContextPreview>;
  readonly checks: readonly CheckFinding[] | null;
  /** Where the Dockerfile cannot be read on: what comes after it was not checked. */
  readonly errorLine?: number | null;
}

/** The numbers of a build or of its prediction, in one line. */
export function BuildNumbers(props: BuildNumbersProps) {
  const { build, context, checks, errorLine = null } = props;
  return (
    <div className={styles.numbers}>
      <StepsNumber {...props} />
      {build === null ? <LastBuild last={props.lastBuild ?? null} /> : <TimeNumber build={build} />}
      {context?.status === 'ready' && <ContextNumber context={context.value} />}
      {errorLine !== null ? (
        <Figure value="1 error">in line {errorLine}, to be mended first</Figure>
      ) : (
        checks !== null && <ChecksNumber checks={checks} />
      )}
    </div>
  );
}

function Figure(props: { readonly value: ReactNode; readonly children: ReactNode }) {
  return (
    <div className={styles.number}>
      <b>{props.value}</b>
      <span>{props.children}</span>
    </div>
  );
}

function StepsNumber({ steps, build, predictedHits = null }: BuildNumbersProps) {
  const { total, hits, unknown, over } = countSteps(steps);
  if (total === 0) return <Figure value="–">{build === null ? 'no prediction' : 'no steps'}</Figure>;
  const value = `${hits} of ${formatCount(total, 'step')} cached`;
  if (build === null)
    return <Figure value={value}>{unknown === 0 ? 'predicted' : `predicted, ${unknown} unknown yet`}</Figure>;
  if (build.state === 'running')
    return (
      <Figure value={`${over} of ${formatCount(total, 'step')} done`}>
        {predictedHits === null
          ? `${hits} cached so far`
          : `${hits} cached so far, ${predictedHits} predicted`}
      </Figure>
    );
  return <Figure value={value}>{agreement(hits, predictedHits)}</Figure>;
}

function agreement(hits: number, predicted: number | null): string {
  if (predicted === null) return 'in this build';
  return hits === predicted ? 'predicted before the click, confirmed after' : `${predicted} were predicted`;
}

function TimeNumber({ build }: { readonly build: BuildFacts }) {
  if (build.state === 'running') return <Figure value={<Elapsed since={build.startedAt} />}>so far</Figure>;
  const took = build.ms === null ? '–' : formatDuration(build.ms);
  if (build.savedMs >= 100 && build.state === 'done')
    return <Figure value={`${formatDuration(build.savedMs)} saved`}>by the cache, built in {took}</Figure>;
  return (
    <Figure value={took}>
      {ENDS[build.state]} <Age at={build.startedAt} ago />
    </Figure>
  );
}

const ENDS: Readonly<Record<BuildFacts['state'], string>> = {
  running: 'began',
  done: 'built',
  failed: 'failed',
  cancelled: 'cancelled',
};

function LastBuild({ last }: { readonly last: ProjectSummary['lastBuild'] }) {
  if (last === null) return <Figure value="Not built yet">the first build fills the cache</Figure>;
  return (
    <Figure value={last.ms === null ? '–' : <Duration ms={last.ms} />}>
      last build, {last.state === 'running' ? 'began' : last.state} <Age at={last.startedAt} ago />
    </Figure>
  );
}

function ContextNumber({ context }: { readonly context: ContextPreview }) {
  return (
    <Figure value={`${formatCount(context.files, 'file')} · ${formatBytes(context.bytes)}`}>
      context, {context.ignoredFiles === 0 ? 'nothing' : formatBytes(context.ignoredBytes)} ignored
    </Figure>
  );
}

function ChecksNumber({ checks }: { readonly checks: readonly CheckFinding[] }) {
  const [first, ...more] = checks;
  if (first === undefined) return <Figure value="No findings">of the checks</Figure>;
  return (
    <Figure value={formatCount(checks.length, 'finding')}>
      line {first.range.line}: {first.rule}
      {more.length > 0 && ` and ${more.length} more`}
    </Figure>
  );
}
