import { type ReactNode, useEffect, useRef, useState } from 'react';
import { buildProject } from '#renderer/commands/build-project.ts';
import { Button } from '#renderer/components/button.tsx';
import { Checkbox } from '#renderer/components/checkbox.tsx';
import { DialogFrame } from '#renderer/components/dialog-frame.tsx';
import { ErrorNotice } from '#renderer/components/notice.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import { useAttempt } from '#renderer/dialogs/use-attempt.ts';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp, useAppStore } from '#renderer/store/store-context.tsx';
import text from '#renderer/styles/text.module.css';
import type { ProjectSource, ProjectSummary } from '#shared/contract/projects.ts';
import { ArgumentFields } from './argument-fields.tsx';
import styles from './build-options.module.css';
import { EngineField } from './engine-field.tsx';
import {
  DEFAULT_DOCKERFILE,
  formOfOptions,
  isValid,
  type OptionsForm,
  optionsOfForm,
  otherOptionWords,
  problemsOfForm,
  withSource,
} from './options-form.ts';
import { PlatformField } from './platform-field.tsx';
import { SecretFields } from './secret-fields.tsx';
import { TagFields } from './tag-fields.tsx';
import { TargetField } from './target-field.tsx';

interface BuildOptionsDialogProps {
  readonly projectId: string;
  onClose(): void;
}

/** Everything a build of a project can be told; remembered for the project. */
export function BuildOptionsDialog({ projectId, onClose }: BuildOptionsDialogProps): ReactNode {
  const project = useApp((state) =>
    valueOr(state.projects.list, []).find((candidate) => candidate.id === projectId),
  );
  if (project === undefined) return null;
  return <OptionsDialog project={project} onClose={onClose} />;
}

function OptionsDialog({
  project,
  onClose,
}: {
  readonly project: ProjectSummary;
  onClose(): void;
}): ReactNode {
  const store = useAppStore();
  const opened = useApp((state) =>
    state.workbench.projectId === project.id ? valueOr(state.workbench.source, null) : null,
  );
  const [source, setSource] = useState<ProjectSource | null>(opened);
  const [form, setForm] = useState(() => formOfOptions(project.options, opened));
  const [isTried, setTried] = useState(false);
  const { attempt, error, isBusy } = useAttempt();
  const reading = useAttempt({ several: true });
  const problems = problemsOfForm(form, source);
  const others = otherOptionWords(form);
  const shown = isTried ? problems : { ...problems, args: {}, secrets: {} };
  const change = (patch: Partial<OptionsForm>): void => setForm((before) => ({ ...before, ...patch }));

  const asked = useRef('');
  const readDockerfile = (): void =>
    void reading.attempt(async () => {
      const name = form.dockerfile.trim() || DEFAULT_DOCKERFILE;
      asked.current = name;
      const read = await store.getState().projects.readSource(project.id, name);
      // Another one may have been named meanwhile.
      if (asked.current !== name) return;
      setSource(read);
      setForm((before) => withSource(before, read));
    });
  const isRead = useRef(opened !== null);
  useEffect(() => {
    // Opened from the list: the Dockerfile that fills the fields has not been read.
    if (isRead.current) return;
    isRead.current = true;
    readDockerfile();
  });
  const save = (andBuild: boolean): void => {
    setTried(true);
    if (!isValid(problems)) return;
    void attempt(async () => {
      const { projects, workbench, navigation } = store.getState();
      await projects.setOptions(project.id, optionsOfForm(form));
      onClose();
      if (workbench.projectId !== project.id) navigation.go({ screen: 'project', id: project.id });
      if (andBuild) await buildProject.run(store);
    });
  };

  return (
    <DialogFrame
      title={`Build options of ${project.name}`}
      size="wide"
      onClose={onClose}
      onSubmit={() => save(false)}
      note="Remembered for this project."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {opened !== null && (
            <Button disabled={isBusy} onClick={() => save(true)}>
              Save and build
            </Button>
          )}
          <Button type="submit" tone="primary" disabled={isBusy}>
            Save
          </Button>
        </>
      }
    >
      {error !== null && <ErrorNotice error={error} />}
      <TagFields tags={form.tags} problems={shown.tags} onTags={(tags) => change({ tags })} />
      <div className={styles.pair}>
        <TextField
          label="Dockerfile"
          mono
          value={form.dockerfile}
          onValue={(dockerfile) => change({ dockerfile })}
          onBlur={readDockerfile}
          note="Relative to the project's folder."
          error={reading.error?.message}
        />
        <TargetField
          stages={source?.stages ?? []}
          value={form.target}
          onValue={(target) => change({ target })}
          error={shown.target}
        />
      </div>
      <div className={styles.pair}>
        <PlatformField
          value={form.platform}
          onValue={(platform) => change({ platform })}
          error={shown.platform}
        />
        <EngineField value={form.engine} onValue={(engine) => change({ engine })} />
      </div>
      <ArgumentFields args={form.args} problems={shown.args} onArgs={(args) => change({ args })} />
      <SecretFields
        secrets={form.secrets}
        problems={shown.secrets}
        onSecrets={(secrets) => change({ secrets })}
      />
      <div className={styles.pair}>
        <TextField
          label="Shared cache: import from"
          mono
          placeholder="registry.example.com/team/cache:main"
          value={form.cacheFrom}
          onValue={(cacheFrom) => change({ cacheFrom })}
          note="Takes the steps that other machines built. Put quotes around a path with blanks."
          error={problems.cacheFrom}
        />
        <TextField
          label="Shared cache: export to"
          mono
          placeholder="registry.example.com/team/cache:main"
          value={form.cacheTo}
          onValue={(cacheTo) => change({ cacheTo })}
          note="Gives the steps of this build to others."
          error={problems.cacheTo}
        />
      </div>
      <Checkbox
        label="Build every step anew, without the cache"
        checked={form.noCache}
        onChecked={(noCache) => change({ noCache })}
      />
      <Checkbox
        label="Reproducible: equal input gives an equal image, whenever and wherever it is built"
        checked={form.reproducible}
        onChecked={(reproducible) => change({ reproducible })}
      />
      {others.length > 0 && <p className={text.dim}>Also set, and kept: {others.join(', ')}.</p>}
    </DialogFrame>
  );
}
