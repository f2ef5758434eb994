import type { BaseUse } from '#shared/contract/bases.ts';

/** One image with every line that takes it. */
export interface SharedBase {
  readonly id: string;
  /** Stands for all in what is said of the image. */
  readonly first: BaseUse;
  /** In file order. */
  readonly uses: readonly BaseUse[];
}

/** The images of a Dockerfile, each once, in the order of their first lines; of unknown ones those that are written alike. */
export function sharedBases(uses: readonly BaseUse[]): readonly SharedBase[] {
  const groups = new Map<string, [BaseUse, ...BaseUse[]]>();
  for (const use of uses) {
    const id = `${use.state} ${use.reference ?? use.written} ${use.localDigest ?? ''}`;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [use]);
    else group.push(use);
  }
  return [...groups].map(([id, group]) => ({ id, first: group[0], uses: group }));
}
