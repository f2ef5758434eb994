import type { ReactNode } from 'react';
import { Age } from '#renderer/components/quantity.tsx';
import { Segmented } from '#renderer/components/segmented.tsx';
import type { BuildFacts } from '#renderer/features/builds/build-facts.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import type { WorkbenchSlice } from '#renderer/store/workbench-slice.ts';
import styles from './shown-switch.module.css';

interface ShownSwitchProps {
  readonly shown: WorkbenchSlice['shown'];
  readonly build: BuildFacts;
}

/** Chooses between what a build would do now and what the last one did. */
export function ShownSwitch({ shown, build }: ShownSwitchProps): ReactNode {
  const show = useApp((state) => state.workbench.show);
  return (
    <div className={styles.bar}>
      <Segmented
        label="What the source shows"
        value={shown}
        onValue={show}
        options={[
          { value: 'plan', label: 'Next build' },
          { value: 'build', label: build.state === 'running' ? 'This build' : 'Last build' },
        ]}
      />
      <span className={styles.note}>
        {shown === 'plan' ? 'as the files are now' : <BuildNote build={build} />}
      </span>
    </div>
  );
}

function BuildNote({ build }: { readonly build: BuildFacts }): ReactNode {
  if (build.state === 'running') return 'running';
  return (
    <>
      {build.state}, <Age at={build.startedAt} ago />
    </>
  );
}
