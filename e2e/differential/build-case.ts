import type { BuildOptions } from '#shared/contract/projects.ts';

/** A file of a context: its text, or what is special about it. */
export type CaseFile =
  | string
  | {
      readonly text?: string | undefined;
      readonly bytes?: Uint8Array | undefined;
      readonly mode?: number | undefined;
      /** Seconds since the epoch. */
      readonly mtime?: number | undefined;
    }
  | { readonly link: string }
  /** Another path of the context that is the same file. */
  | { readonly hardlink: string }
  | { readonly folder: true; readonly mode?: number | undefined }
  | { readonly fifo: true };

/** What both builders are asked to do. */
export interface BuildCase {
  readonly name: string;
  readonly dockerfile: string;
  readonly files?: Readonly<Record<string, CaseFile>> | undefined;
  readonly options?:
    | Partial<Pick<BuildOptions, 'target' | 'buildArgs' | 'secrets' | 'labels' | 'dockerfile'>>
    | undefined;
  /** Both must refuse it. */
  readonly fails?: true | undefined;
  /** Both refuse it, or both build the same. */
  readonly mayFail?: true | undefined;
  /** Strata refuses what BuildKit of that age takes, with the reason. */
  readonly refused?: string | undefined;
  /** Lines of the comparison that are meant to differ, as regular expressions, each with the reason. */
  readonly differences?: readonly { readonly line: RegExp; readonly because: string }[] | undefined;
}

/** Many lines as one Dockerfile over the base image that both builders have. */
export function overBase(...lines: readonly string[]): string {
  return ['FROM differential/base:1', ...lines, ''].join('\n');
}

/** Differences that come with the age of the BuildKit that Debian has, each as newer ones do it. */
export const AGE = {
  stubs: 'newer ones remove the places they made for mounts',
  groups: 'newer ones have the primary group among the supplementary ones',
  fifo: 'newer ones copy pipes',
  specialBits: 'newer ones set the set-id and sticky bits of --chmod',
  cleanWorkdir: 'newer ones clean the path of WORKDIR',
  archiveOwner: 'newer ones give the content of archives to --chown',
  reachesBack: 'newer ones look into ignored folders for what an exception with wildcards lets in',
} as const;
