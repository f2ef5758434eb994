import { AppError } from '#shared/errors/app-error.ts';
import type { BuildRecords } from '../../engine/ports.ts';

/** The whole id of a build by its beginning. Throws `not-found`, or `invalid-input` when several begin so. */
export async function findBuild(records: BuildRecords, beginning: string): Promise<string> {
  const found = (await records.list({})).filter(({ id }) => id.startsWith(beginning));
  const exact = found.find(({ id }) => id === beginning);
  const [only, other] = exact === undefined ? found : [exact];
  if (only === undefined || beginning === '') {
    throw new AppError('not-found', `There is no record of a build "${beginning}".`, {
      hint: 'See the builds that are kept with: strata builds',
    });
  }
  if (other === undefined) return only.id;
  throw new AppError('invalid-input', `Several builds begin with "${beginning}": ${only.id}, ${other.id}.`, {
    hint: 'Write more of the id.',
  });
}
