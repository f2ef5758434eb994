import type { ReactNode } from 'react';
import { Bytes, Duration } from '#renderer/components/quantity.tsx';
import { formatRoute } from '#renderer/store/route.ts';
import { classNames } from '#renderer/styles/class-names.ts';
import text from '#renderer/styles/text.module.css';
import type { BuildStep, ComparedStep } from '#shared/contract/builds.ts';
import { shortenDigest } from '#shared/format/shorten.ts';
import { ReasonList } from '../source/reason-list.tsx';
import { reasonsToTell, stageWords, viewOfBuilt } from '../source/step-state.ts';
import styles from './compare-builds.module.css';
import { CHANGE_WORDS, LAYER_WORDS, stateOf } from './comparison-words.ts';

interface ComparedStepsProps {
  readonly steps: readonly ComparedStep[];
  /** Ids of the builds. */
  readonly before: string;
  readonly after: string;
}

/** The steps of two builds side by side, stage by stage, those that meet in one line. */
export function ComparedSteps({ steps, before, after }: ComparedStepsProps): ReactNode {
  const longest = Math.max(1, ...steps.flatMap((step) => [step.before?.ms ?? 0, step.after?.ms ?? 0]));
  const hasStages = new Set(steps.map(({ stage }) => stage)).size > 1;
  return (
    <table className={styles.steps} aria-label="Steps side by side">
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col" className={styles.side}>
            Before
          </th>
          <th scope="col" className={styles.side}>
            After
          </th>
          <th scope="col" className={styles.layer}>
            Layer
          </th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two steps of a stage may have the same text
          <StepRow key={index} step={step} longest={longest} hasStages={hasStages} ids={[before, after]} />
        ))}
      </tbody>
    </table>
  );
}

interface StepRowProps {
  readonly step: ComparedStep;
  /** The longest time of any step, in ms: the whole length of a bar. */
  readonly longest: number;
  readonly hasStages: boolean;
  readonly ids: readonly [string, string];
}

function StepRow({ step, longest, hasStages, ids }: StepRowProps): ReactNode {
  const { stage, before, after, change, layer } = step;
  const isQuiet = change === 'same' && layer !== 'changed' && before?.status === after?.status;
  const reasons = after === null ? [] : reasonsToTell(viewOfBuilt(after));
  return (
    <tr className={classNames(isQuiet && styles.quiet)} data-change={change}>
      <td>
        <div className={styles.meta}>
          {hasStages && <span>stage {stageWords(stage)}</span>}
          {CHANGE_WORDS[change] !== '' && <b className={styles[change]}>{CHANGE_WORDS[change]}</b>}
        </div>
        {change === 'edited' && before !== null && (
          <code className={classNames(styles.command, styles.gone)}>
            <span className={text.bad}>− </span>
            {before.instruction}
          </code>
        )}
        <code className={styles.command}>
          {change === 'edited' && <span className={text.ok}>+ </span>}
          {(after ?? before)?.instruction}
        </code>
        {reasons.length > 0 && <ReasonList reasons={reasons} isShort />}
      </td>
      <Side step={before} build={ids[0]} longest={longest} />
      <Side step={after} build={ids[1]} longest={longest} />
      <td className={classNames(styles.layer, layer === 'changed' && styles.edited)}>
        {LAYER_WORDS[layer]}
        <Digests step={step} />
      </td>
    </tr>
  );
}

function Side(props: {
  readonly step: BuildStep | null;
  readonly build: string;
  readonly longest: number;
}): ReactNode {
  const { step, build, longest } = props;
  if (step === null) return <td className={classNames(styles.side, text.faint)}>–</td>;
  const { sign, word } = stateOf(step);
  return (
    <td className={styles.side}>
      <a
        className={classNames(styles.state, styles[step.status])}
        href={formatRoute({ screen: 'build', id: build, line: step.line })}
        title={`Line ${step.line} in that build`}
      >
        <span aria-hidden>{sign}</span> {word}
      </a>
      <span className={styles.numbers}>
        {step.status !== 'waiting' && <Duration ms={step.ms} />}
        {step.size > 0 && <Bytes value={step.size} />}
      </span>
      <span className={styles.length} aria-hidden>
        <span style={{ width: `${(step.ms / longest) * 100}%` }} />
      </span>
    </td>
  );
}

/** The digests of both layers where they differ, of the one where it is the same. */
function Digests({ step: { before, after } }: { readonly step: ComparedStep }): ReactNode {
  const digests = [...new Set([before?.layer, after?.layer].filter((digest) => digest !== undefined))];
  return digests.map((digest) => (
    <code key={digest} className={styles.digest} title={digest}>
      {shortenDigest(digest)}
    </code>
  ));
}
