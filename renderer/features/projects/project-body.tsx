import type { ReactNode } from 'react';
import { buildProject } from '#renderer/commands/build-project.ts';
import { Button } from '#renderer/components/button.tsx';
import { ErrorNotice, Notice } from '#renderer/components/notice.tsx';
import { RemoteView } from '#renderer/components/remote-view.tsx';
import { Screen } from '#renderer/components/screen.tsx';
import { type BuildFacts, errorInSource, factsOfBuild } from '#renderer/features/builds/build-facts.ts';
import { BuildNumbers } from '#renderer/features/builds/build-numbers.tsx';
import { BuildOutcome } from '#renderer/features/builds/build-outcome.tsx';
import { BuildPanes } from '#renderer/features/builds/build-panes.tsx';
import {
  type SourceText,
  textOfRecord,
  textOfSource,
} from '#renderer/features/builds/source/source-model.ts';
import { viewOfPlanned } from '#renderer/features/builds/source/step-state.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import type { BaseUse } from '#shared/contract/bases.ts';
import type { BuildDetail } from '#shared/contract/builds.ts';
import type { ErrorView } from '#shared/contract/common.ts';
import type { PlannedStep, ProjectSource, ProjectSummary } from '#shared/contract/projects.ts';
import styles from './project-body.module.css';
import { ProjectActions, ProjectTitle } from './project-header.tsx';
import { ShownSwitch } from './shown-switch.tsx';

const NO_PLAN: readonly PlannedStep[] = [];
const NO_BASES: readonly BaseUse[] = [];

/** The open project: numbers, outcome of the last build, source and panes. */
export function ProjectBody({ project }: { readonly project: ProjectSummary }): ReactNode {
  const source = useApp((state) => state.workbench.source);
  const refresh = useApp((state) => state.workbench.refresh);
  return (
    <Screen title={<ProjectTitle project={project} />} actions={<ProjectActions project={project} />}>
      <RemoteView
        remote={source}
        what="the Dockerfile"
        onRetry={refresh}
        actions={<OtherDockerfile projectId={project.id} />}
      >
        {(value) => <Workbench project={project} source={value} />}
      </RemoteView>
    </Screen>
  );
}

/** The one that was looked for cannot be read: it may have another name, or lie deeper. */
function OtherDockerfile({ projectId }: { readonly projectId: string }): ReactNode {
  const show = useApp((state) => state.dialogs.show);
  return (
    <Button small onClick={() => show({ kind: 'build-options', projectId })}>
      Name another Dockerfile…
    </Button>
  );
}

interface WorkbenchProps {
  readonly project: ProjectSummary;
  readonly source: ProjectSource;
}

function Workbench({ project, source }: WorkbenchProps): ReactNode {
  const store = useAppStore();
  const { plan, context, shown, predictedHits, refresh } = useApp((state) => state.workbench);
  const advice = useApp((state) => state.advice.list);
  const record = useApp((state) =>
    state.workbench.buildId === null ? undefined : state.records.byId[state.workbench.buildId],
  );
  const detail = record?.status === 'ready' ? record.value : null;
  const live = useApp((state) => state.operations.byId[detail?.operationId ?? '']);
  const last = detail === null ? null : factsOfBuild(detail, live);
  const build = shown === 'build' ? last : null;
  const steps = build === null ? valueOr(plan, NO_PLAN).map(viewOfPlanned) : build.steps;
  const text = shownText(source, build, detail);
  const uses = useApp((state) => valueOr(state.bases.uses, NO_BASES));
  const isPresent = isPresentText(source, build, detail);
  const planError = plan.status === 'failed' && source.error === null ? plan.error : null;
  const placed = errorInSource(planError, []);
  const again = (): void => void buildProject.run(store);

  return (
    <>
      <BuildNumbers
        steps={steps}
        build={build}
        predictedHits={predictedHits}
        lastBuild={project.lastBuild}
        context={context}
        checks={source.checks}
        errorLine={source.error?.range.line ?? null}
      />
      {build !== null && (
        <BuildOutcome
          build={build}
          isShownInSource={errorInSource(build.error, build.steps) !== null}
          onAgain={again}
        />
      )}
      {build === null && planError !== null && placed === null && <NoPlan error={planError} />}
      <BuildPanes
        key={build?.id ?? 'plan'}
        text={text}
        steps={steps}
        build={build}
        error={syntaxErrorOf(source) ?? placed}
        context={context}
        advice={{ list: advice, isBuilt: project.lastBuild !== null }}
        onRetryContext={refresh}
        bases={isPresent ? uses : null}
        switcher={last === null ? null : <ShownSwitch shown={shown} build={last} />}
      />
    </>
  );
}

/** Why there is no prediction. An engine that cannot predict is no error: the build itself is not in doubt. */
function NoPlan({ error }: { readonly error: ErrorView }): ReactNode {
  return (
    <div className={styles.noPlan}>
      {error.code === 'unsupported' ? (
        <Notice title="There is no prediction for this engine.">{error.message}</Notice>
      ) : (
        <ErrorNotice error={error} />
      )}
    </div>
  );
}

/** A build is shown over the text it was made from; the present text serves as long as it is the same. */
function shownText(source: ProjectSource, build: BuildFacts | null, detail: BuildDetail | null): SourceText {
  return detail === null || isPresentText(source, build, detail)
    ? textOfSource(source)
    : textOfRecord(detail);
}

function isPresentText(source: ProjectSource, build: BuildFacts | null, detail: BuildDetail | null): boolean {
  return build === null || detail === null || detail.dockerfile === source.text;
}

function syntaxErrorOf({ error }: ProjectSource) {
  if (error === null) return null;
  const { message, hint, range } = error;
  return { message, hint, line: range.line, endLine: range.endLine };
}
