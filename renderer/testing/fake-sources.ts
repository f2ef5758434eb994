import type { BuildStep } from '#shared/contract/builds.ts';
import type {
  BuildAdvice,
  ContextPreview,
  PlannedStep,
  ProjectSource,
  Reason,
} from '#shared/contract/projects.ts';

/** The Dockerfile of the fake project "web": two stages, a comment, an instruction over several lines. */
export const WEB_DOCKERFILE = `# Builds the shop's web server; see docs/building.md
ARG NODE_VERSION=20

FROM node:\${NODE_VERSION}-slim AS build
WORKDIR /app
# Only what npm needs, so that a change of the source does not install again
COPY package.json package-lock.json ./
RUN npm ci --no-audit
COPY . .
RUN npm run build && \\
    npm prune --omit=dev

FROM node:\${NODE_VERSION}-slim
ENV NODE_ENV=production \\
    PORT=8080
ARG API_TOKEN
WORKDIR /app
RUN apt-get update && \\
    apt-get install -y --no-install-recommends curl && \\
    rm -rf /var/lib/apt/lists/*
COPY --from=build --chown=node:node /app/node_modules ./node_modules
COPY --from=build --chown=node:node /app/dist ./dist
USER node
EXPOSE 8080
HEALTHCHECK CMD curl -f http://localhost:8080/health || exit 1
CMD ["node", "dist/server.js"]
`;

interface Line {
  readonly line: number;
  readonly endLine: number;
  readonly stage: number;
  readonly ms: number;
  readonly size: number;
  readonly miss?: readonly Reason[];
}

const PARENT: Reason = { kind: 'parent-rebuilt', detail: 'The step before it is rebuilt.' };
const MANY_FILES = Array.from({ length: 24 }, (_, index) => `src/pages/page-${index + 1}.tsx`);

const LINES: readonly Line[] = [
  { line: 2, endLine: 2, stage: -1, ms: 0, size: 0 },
  { line: 4, endLine: 4, stage: 0, ms: 3, size: 0 },
  { line: 5, endLine: 5, stage: 0, ms: 1, size: 120 },
  { line: 7, endLine: 7, stage: 0, ms: 4, size: 84_100 },
  { line: 8, endLine: 8, stage: 0, ms: 11_240, size: 31_400_000 },
  {
    line: 9,
    endLine: 9,
    stage: 0,
    ms: 310,
    size: 1_200_000,
    miss: [
      {
        kind: 'files-changed',
        detail: 'src/app.ts changed, src/new.ts was added and 24 more files changed.',
        paths: ['src/app.ts', 'src/new.ts', ...MANY_FILES],
      },
    ],
  },
  { line: 10, endLine: 11, stage: 0, ms: 4_800, size: 2_100_000, miss: [PARENT] },
  { line: 13, endLine: 13, stage: 1, ms: 2, size: 0 },
  { line: 14, endLine: 15, stage: 1, ms: 0, size: 0 },
  { line: 16, endLine: 16, stage: 1, ms: 0, size: 0 },
  { line: 17, endLine: 17, stage: 1, ms: 1, size: 120 },
  { line: 18, endLine: 20, stage: 1, ms: 6_900, size: 9_000_000 },
  {
    line: 21,
    endLine: 21,
    stage: 1,
    ms: 640,
    size: 22_300_000,
    miss: [{ kind: 'files-changed', detail: 'What stage build holds at /app/node_modules may change.' }],
  },
  { line: 22, endLine: 22, stage: 1, ms: 40, size: 412_000, miss: [PARENT] },
  { line: 23, endLine: 23, stage: 1, ms: 0, size: 0, miss: [PARENT] },
  { line: 24, endLine: 24, stage: 1, ms: 0, size: 0, miss: [PARENT] },
  { line: 25, endLine: 25, stage: 1, ms: 0, size: 0, miss: [PARENT] },
  { line: 26, endLine: 26, stage: 1, ms: 0, size: 0, miss: [PARENT] },
];

function textOf(line: Line): string {
  return WEB_DOCKERFILE.split('\n')
    .slice(line.line - 1, line.endLine)
    .map((text) => text.replace(/\\$/, '').trim())
    .join(' ');
}

function rangeOf(line: Line) {
  const last = WEB_DOCKERFILE.split('\n')[line.endLine - 1] ?? '';
  return { line: line.line, column: 0, endLine: line.endLine, endColumn: last.length };
}

const STAGES = ['build', 'stage-1'];

/** The source of the fake project. */
export const WEB_SOURCE: ProjectSource = {
  path: '/home/ada/code/web/Dockerfile',
  name: 'Dockerfile',
  text: WEB_DOCKERFILE,
  instructions: LINES.map((line) => ({
    keyword: textOf(line).split(' ')[0] ?? '',
    range: rangeOf(line),
    stage: line.stage,
    stageName: STAGES[line.stage] ?? null,
  })),
  stages: [
    { index: 0, name: 'build', base: 'node:20-slim', line: 4 },
    { index: 1, name: null, base: 'node:20-slim', line: 13 },
  ],
  args: [
    { name: 'NODE_VERSION', default: '20' },
    { name: 'API_TOKEN', default: null },
  ],
  secrets: ['npmrc'],
  checks: [
    {
      rule: 'SecretsUsedInArgOrEnv',
      severity: 'warning',
      description: 'Sensitive data should not be used in the ARG or ENV commands.',
      detail: 'ARG "API_TOKEN" looks like a secret: it would stay readable in the image history.',
      url: 'https://docs.docker.com/go/dockerfile/rule/secrets-used-in-arg-or-env/',
      range: { line: 16, column: 0, endLine: 16, endColumn: 13 },
    },
  ],
  notes: [],
  error: null,
};

/** What is predicted for it. */
export const WEB_PLAN: readonly PlannedStep[] = LINES.filter((line) => line.stage >= 0).map((line) => ({
  stage: STAGES[line.stage] ?? '',
  line: line.line,
  endLine: line.endLine,
  instruction: textOf(line),
  predicted: line.line === 21 ? 'unknown' : line.miss === undefined ? 'hit' : 'miss',
  reasons: [...(line.miss ?? [])],
}));

/** Its steps after a build. */
export const WEB_STEPS: readonly BuildStep[] = LINES.filter((line) => line.stage >= 0).map((line, index) => ({
  index,
  stage: STAGES[line.stage] ?? '',
  line: line.line,
  endLine: line.endLine,
  instruction: textOf(line),
  status: line.miss === undefined ? 'hit' : 'miss',
  ms: line.miss === undefined ? 0 : line.ms,
  size: line.size,
  reasons: [...(line.miss ?? [])],
}));

/** What would make its builds faster and its image smaller. */
export const WEB_ADVICE: readonly BuildAdvice[] = [
  {
    kind: 'order',
    title: 'COPY . . stands before RUN npm run build',
    detail:
      'In your last 20 builds that cost 14 rebuilds, 6 min 40 s. It needs package.json and its lock file alone: copy those first and run it, then COPY . . can follow.',
    line: 9,
    rebuilds: 14,
    ms: 400_000,
    bytes: null,
  },
  {
    kind: 'image',
    title: 'The cache of npm is in a layer',
    detail: '812 files, 41.2 MB: /root/.npm/_cacache/index and 811 more.',
    line: 18,
    rebuilds: null,
    ms: null,
    bytes: 41_200_000,
  },
];

/** Its build context. */
export const WEB_CONTEXT: ContextPreview = {
  files: 4083,
  bytes: 11_900_000,
  ignoredFiles: 18_211,
  ignoredBytes: 212_000_000,
  biggest: [
    { path: 'assets', bytes: 7_400_000, files: 212 },
    { path: 'assets/photos', bytes: 6_800_000, files: 90 },
    { path: 'src', bytes: 2_900_000, files: 3_611 },
    { path: 'package-lock.json', bytes: 612_000, files: 1 },
    { path: 'docs', bytes: 240_000, files: 61 },
  ],
  warnings: [
    { path: '.env', detail: 'It looks like it holds secrets and would be copied into the image by COPY . .' },
  ],
  ignoreFile: '.dockerignore',
};

/** What each of its RUN steps writes, by line of the Dockerfile. */
export const WEB_LOGS: Readonly<Record<number, string>> = {
  10: [
    '\n\u001b[1m> web@1.4.3 build\u001b[0m',
    '> tsc -p . && vite build\n',
    '\u001b[36mvite v8.3.8 \u001b[32mbuilding client environment for production...\u001b[39m',
    ...Array.from(
      { length: 60 },
      (_, index) =>
        `\u001b[2mdist/\u001b[0m\u001b[36massets/page-${index + 1}-B${index}x9f.js\u001b[39m  \u001b[1m\u001b[2m${(index * 7.3 + 4).toFixed(2)} kB\u001b[22m\u001b[22m`,
    ),
    '\u001b[33m(!) Some chunks are larger than 500 kB after minification.\u001b[39m',
    '\u001b[32m✓ built in 4.12s\u001b[39m',
    'up to date, removed 148 packages in 610ms\n',
  ].join('\n'),
};
