import type { ReactNode } from 'react';
import { toErrorView } from '#renderer/client/failure.ts';
import { Button } from '#renderer/components/button.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen } from '#renderer/components/screen.tsx';
import { IDLE, valueOr } from '#renderer/store/remote.ts';
import { formatRoute } from '#renderer/store/route.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { BuildDetail } from '#shared/contract/builds.ts';
import { lacksCredentials } from '#shared/format/hide-credentials.ts';
import { BuildMenu, CompareWithBefore } from './build-actions.tsx';
import { type BuildFacts, errorInSource, factsOfBuild } from './build-facts.ts';
import { BuildNumbers } from './build-numbers.tsx';
import { BuildOutcome } from './build-outcome.tsx';
import { BuildPanes } from './build-panes.tsx';
import { BuildState } from './build-state.tsx';
import styles from './builds.module.css';
import { textOfRecord } from './source/source-model.ts';

/** One build of the history: the same view as the project's, read only. */
export function BuildScreen({
  id,
  line,
}: {
  readonly id: string;
  readonly line?: number | undefined;
}): ReactNode {
  const record = useApp((state) => state.records.byId[id] ?? IDLE);
  const load = useApp((state) => state.records.load);
  if (record.status === 'ready') return <RecordedBuild detail={record.value} line={line} />;
  return (
    <Screen title={<h1>Build</h1>}>
      <RemoteView remote={record} what="the build" onRetry={() => void load(id)}>
        {() => null}
      </RemoteView>
    </Screen>
  );
}

interface RecordedBuildProps {
  readonly detail: BuildDetail;
  /** Of its Dockerfile, to begin with. */
  readonly line: number | undefined;
}

function RecordedBuild({ detail, line }: RecordedBuildProps): ReactNode {
  const store = useAppStore();
  const live = useApp((state) => state.operations.byId[detail.operationId ?? '']);
  const hasProject = useApp((state) =>
    valueOr(state.projects.list, []).some((project) => project.id === detail.projectId),
  );
  const build = factsOfBuild(detail, live);
  const again = async (): Promise<void> => {
    if (detail.projectId === null) return;
    const { builds, dialogs } = store.getState();
    try {
      await builds.startAgain(detail.projectId, detail.options);
    } catch (error) {
      dialogs.show({ kind: 'error', title: 'The build could not be started', error: toErrorView(error) });
    }
  };
  return (
    <Screen
      title={<Title detail={detail} build={build} hasProject={hasProject} />}
      actions={
        build.state === 'running' ? (
          <Button
            tone="danger"
            onClick={() => void store.getState().operations.cancel(detail.operationId ?? '')}
          >
            Cancel
          </Button>
        ) : (
          <>
            <CompareWithBefore build={detail} />
            <BuildMenu build={detail} />
            <Button
              tone="primary"
              title="With the options of this build"
              unavailable={whyNotAgain(detail, hasProject)}
              onClick={() => void again()}
            >
              Build again
            </Button>
          </>
        )
      }
    >
      <BuildNumbers steps={build.steps} build={build} checks={null} />
      <BuildOutcome build={build} isShownInSource={errorInSource(build.error, build.steps) !== null} />
      <BuildPanes
        text={textOfRecord({ ...detail, stepList: live?.steps.length ? [...live.steps] : detail.stepList })}
        steps={build.steps}
        build={build}
        error={null}
        context={null}
        line={line}
      />
    </Screen>
  );
}

/** A context that is no folder was fetched by the command line, and only it can fetch it again. */
function whyNotAgain({ contextPath, options }: BuildDetail, hasProject: boolean): string | undefined {
  if (lacksCredentials(JSON.stringify([contextPath, options])))
    return 'An address of it had a user or a password, which is not kept: build it with the address in full.';
  if (hasProject) return undefined;
  if (contextPath === '-') return 'Its files came from standard input of the command line.';
  if (/^[^/\\]+[:@]/.test(contextPath) && !/^[a-z]:[/\\]/i.test(contextPath))
    return `Build it again on the command line: strata build ${contextPath}`;
  return 'Its project is not in the list any more.';
}

interface TitleProps {
  readonly detail: BuildDetail;
  readonly build: BuildFacts;
  readonly hasProject: boolean;
}

function Title({ detail, build, hasProject }: TitleProps): ReactNode {
  return (
    <>
      <a className={styles.crumb} href={formatRoute({ screen: 'builds' })}>
        Builds
      </a>
      <span className={text.faint}>/</span>
      <h1>
        {hasProject && detail.projectId !== null ? (
          <a className={styles.link} href={formatRoute({ screen: 'project', id: detail.projectId })}>
            {detail.name}
          </a>
        ) : (
          detail.name
        )}
      </h1>
      <BuildState state={build.state} />
      <span className={text.faint}>{new Date(detail.startedAt).toLocaleString()}</span>
    </>
  );
}
