/** Files that programs are known to write differently each time, and what to do. */
const CAUSES: readonly (readonly [pattern: RegExp, cause: string])[] = [
  [/\.pyc$/, 'Compiled Python has the time of its source in it; set PYTHONDONTWRITEBYTECODE=1.'],
  [/^var\/log\/|\.log$/, 'A log with times in it; remove it in the step that writes it.'],
  [
    /^var\/cache\/ldconfig\/aux-cache$/,
    'A cache of ldconfig with inode numbers; remove it in the same step.',
  ],
  [/^etc\/(?:shadow|passwd|group|gshadow)-?$/, 'Adding users writes the day into it; give chage -d 0.'],
  [/^etc\/machine-id$|^var\/lib\/dbus\/machine-id$/, 'A number made at random; empty it in the same step.'],
  [/^etc\/ssh\/ssh_host_|\.(?:key|pem)$/, 'A key made at random; make it when the container starts.'],
  [
    /^var\/lib\/(?:apt|dpkg)\/|^var\/cache\/apt\//,
    'State of apt; remove /var/lib/apt/lists in the same step.',
  ],
  [/\.(?:gz|tgz)$/, 'gzip writes the time of the file into its header; pack with gzip -n.'],
  [/\.(?:zip|jar|war|whl)$/, 'An archive with the times of its files; pack with fixed times.'],
  [
    /(?:^|\/)(?:root|home\/[^/]+)?\/?\.(?:npm|cache)\//,
    'A cache of a tool; mount it with RUN --mount=type=cache.',
  ],
];

/** Why the content of a file probably differs from build to build, null when the path tells nothing. */
export function likelyCause(path: string): string | null {
  return CAUSES.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}
