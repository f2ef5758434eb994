import type { ReactNode } from 'react';
import { Select } from '#renderer/components/select.tsx';
import { TextField } from '#renderer/components/text-field.tsx';
import type { ProjectSource } from '#shared/contract/projects.ts';

interface TargetFieldProps {
  readonly stages: ProjectSource['stages'];
  readonly value: string;
  onValue(target: string): void;
  readonly error: string | undefined;
}

/** The stage to build: one of the Dockerfile's, or free text while the Dockerfile cannot be read. */
export function TargetField({ stages, value, onValue, error }: TargetFieldProps): ReactNode {
  const isKnown = value === '' || stages.some((stage) => nameOf(stage) === value);
  if (stages.length === 0 || !isKnown)
    return (
      <TextField
        label="Target stage"
        mono
        placeholder="the last"
        value={value}
        onValue={onValue}
        error={error}
      />
    );
  const last = stages.at(-1);
  return (
    <Select
      label="Target stage"
      value={value}
      onValue={onValue}
      options={[
        { value: '', label: last === undefined ? 'the last' : `the last (${titleOf(last)})` },
        ...stages.map((stage) => ({ value: nameOf(stage), label: titleOf(stage) })),
      ]}
    />
  );
}

type Stage = ProjectSource['stages'][number];

/** A stage without a name is chosen by its number. */
function nameOf(stage: Stage): string {
  return stage.name ?? String(stage.index);
}

function titleOf(stage: Stage): string {
  return `${stage.name ?? `stage ${stage.index + 1}`}, line ${stage.line}, from ${stage.base}`;
}
