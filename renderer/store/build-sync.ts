import type { AppState, AppStore } from './app-store.ts';
import { valueOr } from './remote.ts';
import { runningBuild } from './workbench-slice.ts';

/** Keeps records and the open project in step with what the other parts of the state learn. Returns the way to stop. */
export function syncBuilds(store: AppStore): () => void {
  return store.subscribe((state, before) => {
    if (state.operations.byId !== before.operations.byId) noteEnds(state, before);
    if (state.projects.list !== before.projects.list) noteProject(state, before);
    if (state.builds.list !== before.builds.list) noteRecords(state);
    const mayPredictOtherwise =
      state.images.list !== before.images.list || state.builds.list !== before.builds.list;
    if (mayPredictOtherwise && state.workbench.projectId !== null) state.workbench.refresh();
  });
}

/** A build that has ended: its record is complete now, and the next one will be predicted otherwise. */
function noteEnds(state: AppState, before: AppState): void {
  for (const [id, { operation }] of Object.entries(state.operations.byId)) {
    const was = before.operations.byId[id]?.operation.state;
    const { buildId } = operation;
    if (buildId === null || operation.state === 'running' || was !== 'running') continue;
    if (state.records.byId[buildId] !== undefined) void state.records.load(buildId);
    if (state.workbench.buildId === buildId) state.workbench.refresh();
  }
}

/** A record that is older than what the list says of its build. */
function noteRecords(state: AppState): void {
  for (const summary of valueOr(state.builds.list, [])) {
    const record = state.records.byId[summary.id];
    if (record?.status === 'ready' && record.value.state !== summary.state)
      void state.records.load(summary.id);
  }
}

/** A build that somebody else began, or options that were changed elsewhere. */
function noteProject(state: AppState, before: AppState): void {
  const { projectId, buildId, isStarting } = state.workbench;
  const now = projectOf(state, projectId);
  const then = projectOf(before, projectId);
  if (now === undefined || then === undefined || isStarting) return;
  const last = now.lastBuild?.id;
  if (last !== undefined && last !== then.lastBuild?.id && last !== buildId)
    state.workbench.noticeBuild(last);
  if (JSON.stringify(now.options) === JSON.stringify(then.options)) return;
  state.workbench.refresh();
  if (runningBuild(state) === null) state.workbench.show('plan');
}

function projectOf(state: AppState, id: string | null) {
  return valueOr(state.projects.list, []).find((project) => project.id === id);
}
