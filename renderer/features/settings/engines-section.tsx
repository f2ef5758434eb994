import { type ReactNode, useState } from 'react';
import { Button } from '#renderer/components/button.tsx';
import { Chip } from '#renderer/components/chip.tsx';
import { Select } from '#renderer/components/select.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import { valueOr } from '#renderer/store/remote.ts';
import { useApp } from '#renderer/store/store-context.tsx';
import { classNames } from '#renderer/styles/class-names.ts';
import type { EngineStatus } from '#shared/contract/engines.ts';
import type { SettingsView } from '#shared/contract/settings.ts';
import { Section, SettingRow } from './section.tsx';
import styles from './settings.module.css';
import { useChange } from './use-change.tsx';

const NO_ENGINES: readonly EngineStatus[] = [];

/** The engines of this machine, which one is shown first, and where Docker is. */
export function EnginesSection({ settings }: { readonly settings: SettingsView }): ReactNode {
  const engines = useApp((state) => valueOr(state.engines.list, NO_ENGINES));
  const load = useApp((state) => state.engines.load);
  const { change, problem } = useChange();
  return (
    <Section
      title="Engines"
      actions={
        <Button small onClick={() => void load()}>
          Look again
        </Button>
      }
    >
      {problem}
      <ul className={styles.cards}>
        {engines.map((engine) => (
          <EngineCard key={engine.id} engine={engine} />
        ))}
      </ul>
      <SettingRow title="Shown first" note="The engine whose images are shown when Strata opens.">
        <Select
          label="Engine shown first"
          hideLabel
          value={settings.engine}
          options={engines.map((engine) => ({ value: engine.id, label: engine.name }))}
          onValue={(engine) => void change({ engine })}
        />
      </SettingRow>
      <DockerHost settings={settings} />
    </Section>
  );
}

function EngineCard({ engine }: { readonly engine: EngineStatus }): ReactNode {
  const isReady = engine.state === 'ready';
  const abilities = Object.entries(ABILITIES).filter(([key]) => engine.can[key as keyof typeof ABILITIES]);
  return (
    <li className={styles.card}>
      <span className={classNames(styles.dot, isReady ? styles.ready : styles.away)} aria-hidden="true" />
      <div className={styles.words}>
        <div>
          <strong>{engine.name}</strong>{' '}
          {!engine.detail.includes(engine.version ?? ' ') && (
            <span className={styles.faint}>{engine.version} </span>
          )}
          {engine.rootless && <Chip tone="pill">rootless</Chip>}
          {!isReady && <Chip tone="pill">not there</Chip>}
        </div>
        <div className={styles.note}>{engine.detail}</div>
        {engine.hint !== null && <div className={styles.note}>{engine.hint}</div>}
        {isReady && <div className={styles.note}>{abilities.map(([, words]) => words).join(' · ')}</div>}
      </div>
    </li>
  );
}

const ABILITIES = {
  build: 'builds',
  predict: 'predicts builds',
  browseFiles: 'shows files of layers',
  containers: 'runs containers',
  prune: 'cleans up',
} as const satisfies Readonly<Record<keyof EngineStatus['can'], string>>;

function DockerHost({ settings }: { readonly settings: SettingsView }): ReactNode {
  const [typed, setTyped] = useState<string>();
  const { change, problem } = useChange();
  const value = typed ?? settings.dockerHost;
  const save = (): void => {
    if (typed === undefined || typed.trim() === settings.dockerHost) setTyped(undefined);
    else
      void change({ dockerHost: typed.trim() }).then(() =>
        // What was typed meanwhile stays.
        setTyped((now) => (now === typed ? undefined : now)),
      );
  };
  return (
    <>
      {problem}
      <SettingRow
        title="Docker address"
        note="A socket or address to use instead of the one that is found by itself."
      >
        <TextField
          label="Docker address"
          hideLabel
          mono
          placeholder="unix:///var/run/docker.sock"
          value={value}
          onValue={setTyped}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.key === 'Enter') save();
          }}
        />
      </SettingRow>
    </>
  );
}
