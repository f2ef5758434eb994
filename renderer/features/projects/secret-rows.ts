import type { BuildSecret } from '#shared/contract/projects.ts';

/** Where the value of a secret is: in a file, or in a variable of the environment that Strata was started with. */
export type SecretPlace = 'file' | 'env';

/** One secret as it is edited; `where` is empty while the build is not given it. */
export interface SecretRow {
  readonly id: string;
  readonly place: SecretPlace;
  /** Path of the file or name of the variable, never the value. */
  readonly where: string;
  /** A step of the Dockerfile mounts it; others are free to edit and to remove. */
  readonly declared: boolean;
}

/** The secrets that the Dockerfile's steps mount, with where they are, then the ones only remembered. */
export function mergeSecrets(
  given: readonly BuildSecret[],
  declared: readonly string[],
): readonly SecretRow[] {
  const known = new Map(given.map((secret) => [secret.id, secret]));
  const row = (id: string, isDeclared: boolean): SecretRow => {
    const secret = known.get(id);
    if (secret === undefined) return { id, place: 'file', where: '', declared: isDeclared };
    // Without either it is the variable of its own name.
    return secret.file === undefined
      ? { id, place: 'env', where: secret.env ?? id, declared: isDeclared }
      : { id, place: 'file', where: secret.file, declared: isDeclared };
  };
  return [
    ...declared.map((id) => row(id, true)),
    ...[...known.keys()].filter((id) => !declared.includes(id)).map((id) => row(id, false)),
  ];
}

/** What the rows give to a build; those without a place give nothing. */
export function givenSecrets(rows: readonly SecretRow[]): readonly BuildSecret[] {
  return rows
    .map(({ id, place, where }) => ({ id: id.trim(), place, where: where.trim() }))
    .filter(({ id, where }) => id !== '' && where !== '')
    .map(({ id, place, where }) => (place === 'file' ? { id, file: where } : { id, env: where }));
}

/** What is wrong with one row, null where all is well. */
export function secretProblem(row: SecretRow, all: readonly SecretRow[]): string | null {
  const [id, where] = [row.id.trim(), row.where.trim()];
  if (id === '') return where === '' ? null : 'Give the secret an id.';
  if (all.filter((other) => other.id.trim() === id).length > 1) return 'This secret is there twice.';
  if (where === '') return row.declared ? null : 'Say where its value is.';
  if (row.place === 'env' && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(where))
    return 'The name of a variable has letters, digits and _ only. Its value does not belong here.';
  return null;
}
