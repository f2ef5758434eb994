import type { Command } from './command.ts';

interface CommandEntry {
  readonly summary: string;
  /** Loads the command alone: starting one must not cost what the others need. */
  load(): Promise<Command>;
}

/** Every command by name, in the order of the help. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  build: {
    summary: 'Build an image from a folder',
    load: async () => (await import('./commands/build.ts')).build,
  },
  verify: {
    summary: 'Build twice and show every file that differs',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  check: {
    summary: 'Run the build checks on a Dockerfile',
    load: async () => (await import('./commands/check.ts')).check,
  },
  builds: {
    summary: 'List the builds that are kept, compare them, read their logs',
    load: async () => (await import('./commands/builds.ts')).builds,
  },
  advice: {
    summary: 'Tell what makes builds slow and images large',
    load: async () => (await import('./commands/advice.ts')).advice,
  },
  bases: {
    summary: 'Show the images that a Dockerfile begins with',
    load: async () => (await import('./commands/bases.ts')).bases,
  },
  pin: {
    summary: 'Write the digests of base images into a Dockerfile',
    load: async () => (await import('./commands/pin.ts')).pin,
  },
  images: { summary: 'List the images', load: async () => (await import('./commands/images.ts')).images },
  inspect: {
    summary: 'Show an image: digests, config, layers',
    load: async () => (await import('./commands/inspect.ts')).inspect,
  },
  history: {
    summary: 'Show how an image was made',
    load: async () => (await import('./commands/history.ts')).history,
  },
  layers: {
    summary: 'Show the layers of an image',
    load: async () => (await import('./commands/layers.ts')).layers,
  },
  files: {
    summary: 'List the files of an image or of one layer',
    load: async () => (await import('./commands/files.ts')).files,
  },
  compare: {
    summary: 'Show how two images differ',
    load: async () => (await import('./commands/compare.ts')).compare,
  },
  tag: { summary: 'Give an image another name', load: async () => (await import('./commands/tag.ts')).tag },
  tags: {
    summary: 'Show how tags moved, and move one back',
    load: async () => (await import('./commands/tags.ts')).tags,
  },
  untag: { summary: 'Remove a name', load: async () => (await import('./commands/untag.ts')).untag },
  rmi: { summary: 'Remove images', load: async () => (await import('./commands/rmi.ts')).rmi },
  pull: {
    summary: 'Pull an image from a registry',
    load: async () => (await import('./commands/pull.ts')).pull,
  },
  push: {
    summary: 'Push an image to a registry',
    load: async () => (await import('./commands/push.ts')).push,
  },
  login: { summary: 'Sign in to a registry', load: async () => (await import('./commands/login.ts')).login },
  copy: {
    summary: 'Copy an image between registries without storing it here',
    load: async () => (await import('./commands/copy.ts')).copy,
  },
  'ls-remote': {
    summary: 'List the tags of a repository, or the repositories of a registry',
    load: async () => (await import('./commands/ls-remote.ts')).lsRemote,
  },
  logout: {
    summary: 'Sign out of a registry',
    load: async () => (await import('./commands/logout.ts')).logout,
  },
  save: {
    summary: 'Write an image to an archive',
    load: async () => (await import('./commands/save.ts')).save,
  },
  load: {
    summary: 'Read an image from an archive',
    load: async () => (await import('./commands/load.ts')).load,
  },
  send: {
    summary: 'Send an image to Docker or Podman',
    load: async () => (await import('./commands/send.ts')).send,
  },
  take: {
    summary: 'Take an image out of Docker or Podman',
    load: async () => (await import('./commands/take.ts')).take,
  },
  prune: {
    summary: 'Clean up what nothing needs',
    load: async () => (await import('./commands/prune.ts')).prune,
  },
  df: { summary: 'Show what uses the disk', load: async () => (await import('./commands/df.ts')).df },
  serve: {
    summary: 'Open the app in a browser',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  share: {
    summary: 'Serve the store to Docker, Podman and other tools of this machine',
    load: async () => (await import('./commands/share.ts')).share,
  },
  sample: {
    summary: 'Write a sample project that builds without a network',
    load: async () => (await import('./commands/sample.ts')).sample,
  },
  doctor: {
    summary: 'Check what this machine can do',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
};
