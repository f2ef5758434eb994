import type { TagSource } from '#shared/contract/tags.ts';
import type { BuildRecords, TagSources } from '../ports.ts';
import { readGitState } from './git-state.ts';

/** Tells from what an image was built by the records of builds. */
export function createTagSources(builds: Pick<BuildRecords, 'list'>): TagSources {
  return {
    find: async (imageId, signal = new AbortController().signal): Promise<TagSource | null> => {
      const records = await builds.list({});
      const built = records.find(({ digest, imageId: config }) => digest === imageId || config === imageId);
      if (built === undefined) return null;
      return { folder: built.contextPath, git: await readGitState(built.contextPath, signal) };
    },
  };
}
