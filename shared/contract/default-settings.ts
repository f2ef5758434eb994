/** The settings where none were made; of its own, so that whoever has none need not load the schema. */
export const DEFAULT_SETTINGS = {
  theme: 'system' as const,
  engine: 'builtin',
  dockerHost: '',
  insecureHosts: [] as string[],
  mirrors: {} as Record<string, string>,
  floatingTags: ['latest', 'main', 'master', 'edge', 'nightly', 'dev', 'stable'],
};
