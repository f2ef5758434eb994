import { type ReactNode, useState } from 'react';
import { SplitPane } from '#renderer/components/split-pane.tsx';
import { Tabs } from '#renderer/components/tabs.tsx';
import { isRemarkable } from '#renderer/features/bases/base-words.ts';
import { BasesPane } from '#renderer/features/bases/bases-pane.tsx';
import { ShownBases } from '#renderer/features/bases/shown-bases.ts';
import { type Remote, valueOr } from '#renderer/store/remote.ts';
import type { BaseUse } from '#shared/contract/bases.ts';
import type { BuildAdvice, ContextPreview } from '#shared/contract/projects.ts';
import { AdvicePane } from './advice-pane.tsx';
import { type BuildFacts, errorInSource, stepOfInterest } from './build-facts.ts';
import styles from './build-panes.module.css';
import { ChecksPane } from './checks-pane.tsx';
import { ContextPane } from './context-pane.tsx';
import { ReasonsPane } from './reasons-pane.tsx';
import { SameLineSteps } from './same-line-steps.tsx';
import { type SourceError, type SourceText, sourceBlocks } from './source/source-model.ts';
import { SourceView } from './source/source-view.tsx';
import type { StepView } from './source/step-state.ts';
import { StepLogPane } from './step-log-pane.tsx';

const NO_ADVICE: readonly BuildAdvice[] = [];

type PaneTab = 'log' | 'reasons' | 'context' | 'checks' | 'advice' | 'bases';

const NO_BASES: readonly BaseUse[] = [];

interface BuildPanesProps {
  readonly text: SourceText;
  /** Predicted or real. */
  readonly steps: readonly StepView[];
  /** The build that is shown; null for a prediction. */
  readonly build: BuildFacts | null;
  /** What is wrong in the text, so that nothing can be foreseen; a build that is shown has its own error. */
  readonly error: SourceError | null;
  /** Null where the context of that time is not known. */
  readonly context: Remote<ContextPreview> | null;
  /** Of the project as it is now; absent where a build of the past is shown. */
  readonly advice?: { readonly list: Remote<readonly BuildAdvice[]>; readonly isBuilt: boolean } | undefined;
  /** Above the source: which of prediction and build is shown. */
  readonly switcher?: ReactNode;
  onRetryContext?(): void;
  /** Images that the text takes from elsewhere; null where it is not the one of a project. */
  readonly bases?: readonly BaseUse[] | null;
  /** Line to begin with; any line of an instruction. */
  readonly line?: number | undefined;
}

/** The source of a build on the left; log, reasons, context and checks of the selected step on the right. */
export function BuildPanes(props: BuildPanesProps) {
  const { text, steps, build, context, advice } = props;
  const [picked, setPicked] = useState(() => instructionAt(text, props.line));
  const [tab, setTab] = useState<PaneTab>(build === null || props.line !== undefined ? 'reasons' : 'log');
  const error = sourceErrorOf(props);
  const blocks = sourceBlocks(text, steps, error);
  const [chosen, setChosen] = useState<{ readonly line: number; readonly at: number } | null>(null);
  const ofInterest = build === null ? firstOfInterest : stepOfInterest;
  const line = picked ?? ofInterest(steps)?.line ?? null;
  const sameLine = steps.filter((each) => each.line === line);
  const byChoice = chosen !== null && chosen.line === line ? sameLine[chosen.at] : undefined;
  // A line without a step, such as one that is not needed, shows what is of interest elsewhere.
  const step = byChoice ?? ofInterest(sameLine.length > 0 ? sameLine : steps);
  const pick = (line: number): void => setPicked(instructionAt(text, line) ?? line);
  const selected = line;

  return (
    <SplitPane
      id="build"
      label="the step's pane"
      sized="end"
      initial={410}
      min={280}
      minOther={368}
      start={
        <section className={styles.left} aria-label="Source">
          {props.switcher}
          <div className={styles.scroll}>
            <ShownBases value={props.bases ?? NO_BASES}>
              <SourceView name={text.name} blocks={blocks} selected={selected} onSelect={setPicked} />
            </ShownBases>
          </div>
        </section>
      }
      end={
        <section className={styles.right} aria-label="Step">
          <SameLineSteps
            steps={sameLine}
            chosen={step}
            onChoose={(at) => line !== null && setChosen({ line, at })}
          />
          <Tabs<PaneTab>
            label="About the step and the build"
            value={tab}
            onValue={setTab}
            tabs={[
              { id: 'log', title: 'Log', content: () => <StepLogPane build={build} step={step} /> },
              {
                id: 'reasons',
                title: 'Reasons',
                ...noteOf(step?.reasons.length ?? 0),
                content: () => <ReasonsPane step={step} steps={steps} hasError={error !== null} />,
              },
              ...(context === null
                ? []
                : [
                    {
                      id: 'context' as const,
                      title: 'Context',
                      content: () => (
                        <ContextPane context={context} onRetry={() => props.onRetryContext?.()} />
                      ),
                    },
                  ]),
              {
                id: 'checks',
                title: 'Checks',
                ...noteOf(text.checks.length),
                content: () => <ChecksPane checks={text.checks} onSelect={pick} />,
              },
              ...(advice === undefined
                ? []
                : [
                    {
                      id: 'advice' as const,
                      title: 'Advice',
                      ...noteOf(valueOr(advice.list, NO_ADVICE).length),
                      content: () => (
                        <AdvicePane
                          advice={advice.list}
                          isBuilt={advice.isBuilt}
                          onSelect={pick}
                          onRetry={() => props.onRetryContext?.()}
                        />
                      ),
                    },
                  ]),
              ...(props.bases == null
                ? []
                : [
                    {
                      id: 'bases' as const,
                      title: 'Bases',
                      ...noteOf(props.bases.filter(isRemarkable).length),
                      content: () => <BasesPane onSelect={pick} />,
                    },
                  ]),
            ]}
          />
        </section>
      }
    />
  );
}

function sourceErrorOf({ build, steps, error }: BuildPanesProps): SourceError | null {
  return build === null ? error : errorInSource(build.error, steps);
}

/** Of a prediction the first step that will not come from the cache says most. */
function firstOfInterest(steps: readonly StepView[]): StepView | null {
  const failing = steps.find(({ state }) => state === 'will-fail');
  const rebuilt = steps.find(({ state }) => state === 'will-miss' || state === 'will-build');
  return failing ?? rebuilt ?? steps[0] ?? null;
}

/** First line of the instruction that a line belongs to; null where it belongs to none. */
function instructionAt({ instructions }: SourceText, line: number | undefined): number | null {
  if (line === undefined) return null;
  return instructions.find((one) => one.line <= line && line <= one.endLine)?.line ?? null;
}

function noteOf(count: number): { readonly note?: ReactNode } {
  return count === 0 ? {} : { note: count };
}
