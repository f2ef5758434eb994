import { ArrowLeftRight, Layers2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen } from '#renderer/components/screen.tsx';
import { Segmented } from '#renderer/components/segmented.tsx';
import { valueOr } from '#renderer/store/remote.ts';
import { formatRoute } from '#renderer/store/route.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { BuildComparison, BuildSummary } from '#shared/contract/builds.ts';
import { optionName, optionWords } from '#shared/format/option-words.ts';
import builds from '../builds.module.css';
import styles from './compare-builds.module.css';
import { ComparedSteps } from './compared-steps.tsx';
import { comparisonFigures, isDifferent } from './comparison-words.ts';

/** How one build differs from another: what was asked, and step by step what came of it. */
export function CompareBuildsScreen(): ReactNode {
  const result = useApp((state) => state.buildComparison.result);
  const reload = useApp((state) => state.buildComparison.reload);
  const comparison = valueOr(result, undefined);
  return (
    <Screen
      title={
        <>
          <a className={builds.crumb} href={formatRoute({ screen: 'builds' })}>
            Builds
          </a>
          <span className={text.faint}>/</span>
          {comparison === undefined ? <h1>Compare</h1> : <Title comparison={comparison} />}
        </>
      }
      actions={comparison === undefined ? undefined : <Actions comparison={comparison} />}
    >
      <RemoteView remote={result} what="how they differ" onRetry={() => void reload()}>
        {(value) => <Comparison comparison={value} />}
      </RemoteView>
    </Screen>
  );
}

function Title({ comparison: { before, after } }: { readonly comparison: BuildComparison }): ReactNode {
  return (
    <>
      <h1>{before.name === after.name ? `Compare ${after.name}` : 'Compare'}</h1>
      <span className={styles.pair}>
        <BuildLink build={before} withName={before.name !== after.name} />
        <span aria-hidden>→</span>
        <BuildLink build={after} withName={before.name !== after.name} />
      </span>
    </>
  );
}

function BuildLink(props: { readonly build: BuildSummary; readonly withName: boolean }): ReactNode {
  const { id, name, startedAt, state } = props.build;
  return (
    <a className={builds.link} href={formatRoute({ screen: 'build', id })} title={`${name}, ${state}`}>
      {props.withName ? `${name}, ` : ''}
      {new Date(startedAt).toLocaleString()}
    </a>
  );
}

function Actions({ comparison }: { readonly comparison: BuildComparison }): ReactNode {
  const store = useAppStore();
  const { before, after, sameImage } = comparison;
  const { navigation } = store.getState();
  const isBuiltin = before.engine === 'builtin' && after.engine === 'builtin';
  const canCompareImages = isBuiltin && before.digest !== null && after.digest !== null && !sameImage;
  return (
    <>
      {canCompareImages && (
        <Button
          icon={<Layers2 aria-hidden />}
          onClick={() =>
            navigation.go({
              screen: 'compare',
              engine: after.engine,
              before: before.digest ?? '',
              after: after.digest ?? '',
            })
          }
        >
          Compare the images
        </Button>
      )}
      <Button
        icon={<ArrowLeftRight aria-hidden />}
        onClick={() => navigation.go({ screen: 'compare-builds', before: after.id, after: before.id })}
      >
        Swap
      </Button>
    </>
  );
}

type Shown = 'all' | 'different';

function Comparison({ comparison }: { readonly comparison: BuildComparison }): ReactNode {
  const differing = comparison.steps.filter(isDifferent);
  const [shown, setShown] = useState<Shown>('all');
  return (
    <div className={styles.body}>
      <ul className={styles.figures} aria-label="In short">
        {comparisonFigures(comparison).map(({ title, note }) => (
          <li key={title} title={note}>
            <b>{title}</b>
            {note}
          </li>
        ))}
      </ul>
      <Asked comparison={comparison} />
      <div className={styles.bar}>
        <h2>Steps</h2>
        <Segmented<Shown>
          label="Steps that are shown"
          value={shown}
          onValue={setShown}
          options={[
            { value: 'all', label: `All ${comparison.steps.length}` },
            { value: 'different', label: `What differs ${differing.length}` },
          ]}
        />
      </div>
      {shown === 'different' && differing.length === 0 ? (
        <p className={styles.note}>Every step came out in both builds alike.</p>
      ) : (
        <ComparedSteps
          steps={shown === 'all' ? comparison.steps : differing}
          before={comparison.before.id}
          after={comparison.after.id}
        />
      )}
    </div>
  );
}

/** The options in which the builds differ, and whether the Dockerfile was edited. */
function Asked({ comparison }: { readonly comparison: BuildComparison }): ReactNode {
  const { options, sameDockerfile } = comparison;
  return (
    <section className={styles.asked} aria-label="What was asked differently">
      <h2>Options and input</h2>
      <p className={styles.note}>
        {sameDockerfile
          ? 'The Dockerfile is the same.'
          : 'The Dockerfile was edited; the steps below show where.'}{' '}
        {options.length === 0 && 'The options are the same.'}
      </p>
      {options.length > 0 && (
        <table className={styles.options}>
          <thead>
            <tr>
              <th scope="col">Option</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {options.map(({ name, before, after }) => (
              <tr key={name}>
                <th scope="row">{optionName(name)}</th>
                <OptionValue name={name} value={before} />
                <OptionValue name={name} value={after} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function OptionValue({ name, value }: { readonly name: string; readonly value: string | null }): ReactNode {
  return (
    <td className={text.mono}>
      {value === null ? <span className={text.faint}>not set</span> : optionWords(name, value)}
    </td>
  );
}
