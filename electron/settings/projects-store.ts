import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { type BuildOptions, buildOptions } from '#shared/contract/projects.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { type BrokenFileNotice, JsonDocument } from './json-document.ts';

const storedProject = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  options: buildOptions,
});

/** A folder that is built, and the options of its last build. */
export type StoredProject = z.infer<typeof storedProject>;

const projectsFile = z.object({ version: z.literal(1), projects: z.array(storedProject) });
type ProjectsFile = z.infer<typeof projectsFile>;

/** `projects.json` in the data folder, in the order of adding. */
export class ProjectsStore {
  readonly #document: JsonDocument<ProjectsFile>;

  constructor(home: string, onBroken: BrokenFileNotice) {
    this.#document = new JsonDocument<ProjectsFile>(
      join(home, 'projects.json'),
      projectsFile,
      () => ({ version: 1, projects: [] }),
      onBroken,
    );
  }

  async list(): Promise<StoredProject[]> {
    return (await this.#document.read()).projects;
  }

  /** Throws `not-found`. */
  async get(id: string): Promise<StoredProject> {
    return find(await this.list(), id);
  }

  /** Adds the folder; one that is there already keeps its id and options. */
  async add(path: string, options?: BuildOptions): Promise<StoredProject> {
    const full = resolve(path);
    const id = projectId(full);
    const project: StoredProject = {
      id,
      name: basename(full) || full,
      path: full,
      options: options ?? buildOptions.parse({}),
    };
    const { projects } = await this.#document.update((file) =>
      file.projects.some((one) => one.id === id) ? file : { ...file, projects: [...file.projects, project] },
    );
    return find(projects, id);
  }

  /** Forgets the project; unknown ids are no error. */
  async remove(id: string): Promise<void> {
    await this.#document.update((file) => ({
      ...file,
      projects: file.projects.filter((one) => one.id !== id),
    }));
  }

  /** Remembers the options. Throws `not-found`. */
  async setOptions(id: string, options: BuildOptions): Promise<StoredProject> {
    const { projects } = await this.#document.update((file) => {
      find(file.projects, id);
      return { ...file, projects: file.projects.map((one) => (one.id === id ? { ...one, options } : one)) };
    });
    return find(projects, id);
  }
}

/** The same folder has the same id in every process and after it was removed and added again. */
function projectId(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}

function find(projects: readonly StoredProject[], id: string): StoredProject {
  const project = projects.find((one) => one.id === id);
  if (project === undefined) {
    throw new AppError('not-found', 'That project is not in the list any more.', {
      hint: 'Add its folder again.',
    });
  }
  return project;
}
