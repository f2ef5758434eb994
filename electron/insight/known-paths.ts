/** Files that an image rarely needs, told by where they lie, and how not to ship them. */
export interface NeedlessFiles {
  readonly title: string;
  /** Matches clean paths. */
  readonly pattern: RegExp;
  readonly remedy: string;
  /** Fewer bytes than this in a layer are not worth a word. */
  readonly minBytes: number;
}

const HOME = '(?:^root|^home/[^/]+)';
const CACHE = 300_000;
const DEV_PACKAGES = [
  '@babel/core',
  '@playwright/test',
  '@types/[^/]+',
  '@typescript-eslint/[^/]+',
  'cypress',
  'electron',
  'eslint',
  'jest',
  'mocha',
  'nodemon',
  'prettier',
  'rollup',
  'typescript',
  'vite',
  'vitest',
  'webpack',
].join('|');

/** Rules from most to least telling; a file belongs to the first that matches. */
export const NEEDLESS_FILES: readonly NeedlessFiles[] = [
  {
    title: 'Package lists of apt are in a layer',
    pattern: /^var\/lib\/apt\/lists\//,
    remedy: 'End the RUN that installs packages with "&& rm -rf /var/lib/apt/lists/*".',
    minBytes: CACHE,
  },
  {
    title: 'Downloaded packages of apt are in a layer',
    pattern: /^var\/cache\/apt\//,
    remedy: 'Run "apt-get clean" in the RUN that installs, or mount a cache at /var/cache/apt.',
    minBytes: CACHE,
  },
  {
    title: 'The cache of apk is in a layer',
    pattern: /^(?:var\/cache|etc)\/apk\//,
    remedy: 'Install with "apk add --no-cache".',
    minBytes: CACHE,
  },
  {
    title: 'The cache of the package manager is in a layer',
    pattern: /^var\/cache\/(?:dnf|yum|libdnf5|zypp|pacman)\//,
    remedy: 'Clean it in the RUN that installs, for example with "dnf clean all".',
    minBytes: CACHE,
  },
  {
    title: 'The download cache of npm is in a layer',
    pattern: new RegExp(`${HOME}/\\.npm/`),
    remedy: 'Use RUN --mount=type=cache,target=/root/.npm, or end the RUN with "npm cache clean --force".',
    minBytes: CACHE,
  },
  {
    title: 'The cache of yarn or pnpm is in a layer',
    pattern: new RegExp(`(?:${HOME}|^usr/local/share)/(?:\\.cache/(?:yarn|pnpm)|\\.local/share/pnpm/store)/`),
    remedy: 'Mount a cache at that path for the RUN that installs.',
    minBytes: CACHE,
  },
  {
    title: 'The cache of a Python installer is in a layer',
    pattern: new RegExp(`${HOME}/\\.cache/(?:pip|uv|pypoetry|pipenv)/`),
    remedy: 'Install with "pip install --no-cache-dir", or use RUN --mount=type=cache,target=/root/.cache.',
    minBytes: CACHE,
  },
  {
    title: 'The package cache of conda is in a layer',
    pattern: /^(?:opt|root)\/[^/]*conda[^/]*\/pkgs\//,
    remedy: 'End the RUN with "conda clean --all --yes".',
    minBytes: CACHE,
  },
  {
    title: 'Build caches of a compiler are in a layer',
    pattern: new RegExp(
      `${HOME}/(?:\\.cache/go-build|go/pkg/mod|\\.cargo/registry|\\.m2/repository|\\.gradle/caches)/|^go/pkg/mod/|^usr/local/cargo/registry/`,
    ),
    remedy: 'Build in a stage of its own and copy only the result, or mount a cache at that path.',
    minBytes: CACHE,
  },
  {
    title: 'Caches of Composer or RubyGems are in a layer',
    pattern: new RegExp(
      `${HOME}/\\.(?:cache/composer|composer/cache)/|^usr/local/(?:bundle|lib/ruby/gems/[^/]+)/cache/`,
    ),
    remedy: 'Clear them in the RUN that installs, or mount a cache at that path.',
    minBytes: CACHE,
  },
  {
    title: 'A Git repository is in the image',
    pattern: /(?:^|\/)\.git\/(?:objects|packed-refs|HEAD|config)/,
    remedy: 'Add .git to .dockerignore: it carries the whole history, also of files that were deleted.',
    minBytes: 1,
  },
  {
    title: 'Development packages are in node_modules',
    pattern: new RegExp(`(?:^|/)node_modules/(?:${DEV_PACKAGES})/`),
    remedy: 'Install with "npm ci --omit=dev", or build in a stage of its own.',
    minBytes: 1_000_000,
  },
  {
    title: 'Log files are in a layer',
    pattern: /^var\/log\//,
    remedy: 'Remove them in the RUN that writes them.',
    minBytes: 5_000_000,
  },
  {
    title: 'Manuals and documentation are in a layer',
    pattern: /^usr\/share\/(?:doc|man|info)\//,
    remedy: 'Install without recommended packages and documentation, or start from a slim base.',
    minBytes: 10_000_000,
  },
];

const SECRET_NAME =
  /^(?:\.env(?:\.[\w-]+)?|id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.htpasswd|.+\.(?:pem|key|p12|pfx|jks|keystore|tfstate)|service-account.*\.json)$/;
const SECRET_PATH = /(?:^|\/)(?:\.aws\/credentials|\.docker\/config\.json|\.kube\/config|\.ssh\/[^/]+_key)$/;
const HARMLESS_NAME =
  /^\.env\.(?:example|sample|template|dist|defaults?|test)$|^(?:cacert|ca-bundle|cert|fullchain|chain)\.pem$/;
/** Certificates of authorities, and the test keys that libraries bring along. */
const HARMLESS_PLACE =
  /^(?:etc\/(?:ssl\/certs|pki|ca-certificates)|usr\/(?:share|lib|lib64|include)|usr\/local\/(?:share|lib|include)|opt\/[^/]*conda[^/]*)\/|(?:^|\/)(?:node_modules|site-packages|dist-packages|vendor)\//;

/** Whether a file is named as keys and passwords mostly are. Content is not looked at. */
export function looksLikeSecret(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (HARMLESS_NAME.test(name) || HARMLESS_PLACE.test(path)) return false;
  return SECRET_NAME.test(name) || SECRET_PATH.test(path);
}
