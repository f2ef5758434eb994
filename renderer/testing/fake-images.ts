import type { ImageDetail, ImageSummary, LayerView } from '#shared/contract/images.ts';

const MB = 1e6;
const KB = 1e3;
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** A digest that is the same for the same seed; nothing hashes to it. */
export function fakeDigest(seed: string): string {
  let state = 2166136261;
  let hex = '';
  for (let round = 0; hex.length < 64; round++) {
    for (const char of `${seed}/${round}`) state = Math.imul(state ^ char.charCodeAt(0), 16777619) >>> 0;
    hex += state.toString(16).padStart(8, '0');
  }
  return `sha256:${hex.slice(0, 64)}`;
}

interface LayerSeed {
  readonly createdBy: string;
  readonly size: number;
  readonly base?: boolean;
}

interface ImageSeed {
  readonly names: readonly string[];
  readonly layers: readonly LayerSeed[];
  readonly age: number;
  readonly uniqueSize: number;
  readonly usedBy?: readonly string[];
  readonly engine?: string;
}

const NODE: readonly LayerSeed[] = [
  { createdBy: "# debian.sh --arch 'amd64' out/ 'bookworm' '@1763337600'", size: 28.2 * MB, base: true },
  {
    createdBy: 'RUN /bin/sh -c groupadd --gid 1000 node && useradd --uid 1000 --gid node node',
    size: 3.3 * KB,
    base: true,
  },
  {
    createdBy: 'RUN /bin/sh -c ARCH= OPENSSL_ARCH= && curl -fsSLO node-v20.19.5-linux-x64.tar.xz # buildkit',
    size: 41.2 * MB,
    base: true,
  },
  { createdBy: 'RUN /bin/sh -c set -ex && yarn 1.22.22', size: 1.7 * MB, base: true },
  { createdBy: 'COPY docker-entrypoint.sh /usr/local/bin/ # buildkit', size: 446, base: true },
];

const WEB: readonly LayerSeed[] = [
  ...NODE,
  {
    createdBy: 'RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends curl',
    size: 9.0 * MB,
  },
  { createdBy: 'COPY package.json package-lock.json ./ # buildkit', size: 212 * KB },
  { createdBy: 'RUN /bin/sh -c npm ci --omit=dev # buildkit', size: 31.4 * MB },
  { createdBy: 'COPY . . # buildkit', size: 1.2 * MB },
];

const PYTHON: readonly LayerSeed[] = [
  { createdBy: "# debian.sh --arch 'amd64' out/ 'bookworm' '@1763337600'", size: 28.2 * MB, base: true },
  { createdBy: 'RUN /bin/sh -c set -eux; wget -O python.tar.xz', size: 22.4 * MB, base: true },
];

const MONOLITH: readonly LayerSeed[] = [
  ...NODE,
  ...Array.from(
    { length: 36 },
    (_, index): LayerSeed => ({
      createdBy: `RUN /bin/sh -c ./install-module.sh --module module-${index + 1} --region eu-central-1 --with-assets`,
      size: Math.round(((index * 7919) % 97) ** 3 * 31 + 900),
    }),
  ),
];

const SEEDS: readonly ImageSeed[] = [
  {
    names: ['acme/web:1.4.2', 'acme/web:1.4'],
    layers: WEB,
    age: 2 * MINUTE,
    uniqueSize: 41.8 * MB,
    usedBy: ['web-1'],
  },
  {
    names: ['acme/web:1.4.1'],
    layers: WEB.slice(0, -1),
    age: 3 * DAY,
    uniqueSize: 1.2 * MB,
    usedBy: ['api-2', 'api-3', 'api-4'],
  },
  {
    names: ['acme/worker:0.9.0'],
    layers: [...NODE, { createdBy: 'COPY --from=build /out /app', size: 12.4 * MB }],
    age: 5 * DAY,
    uniqueSize: 12.4 * MB,
  },
  { names: ['acme/monolith:7.2.0'], layers: MONOLITH, age: 6 * DAY, uniqueSize: 381 * MB },
  { names: ['node:20-slim'], layers: NODE, age: 21 * DAY, uniqueSize: 0 },
  { names: ['python:3.12-slim'], layers: PYTHON, age: 22 * DAY, uniqueSize: 50.6 * MB },
  {
    names: [
      'registry.platform.internal.example.com:5000/observability/collectors/opentelemetry-collector-contrib:2026.11.20-rc.1-linux-amd64-debug',
    ],
    layers: [{ createdBy: 'COPY /otelcol-contrib /otelcol-contrib', size: 71 * MB }],
    age: 30 * DAY,
    uniqueSize: 71 * MB,
  },
  {
    names: ['acme/site:1.0'],
    layers: [...PYTHON, { createdBy: 'COPY site /srv', size: 141 }],
    age: 42 * DAY,
    uniqueSize: 141,
  },
  { names: [], layers: WEB.slice(0, 7), age: 43 * DAY, uniqueSize: 1.3 * MB },
];

/** When the invented images were built; a constant, so that pictures and tests do not change. */
export const FAKE_NOW = Date.UTC(2026, 10, 20, 12);

function layersOf(seed: ImageSeed): readonly LayerView[] {
  return seed.layers.map((layer, index) => ({
    index,
    digest: fakeDigest(`${layer.createdBy}${index}`),
    diffId: fakeDigest(`diff ${layer.createdBy}${index}`),
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    size: layer.size,
    unpackedSize: Math.round(layer.size * 2.6),
    fileCount: Math.ceil(layer.size / 9000),
    createdBy: layer.createdBy,
    createdAt: FAKE_NOW - seed.age,
    base: layer.base ?? false,
    sharedWith: layer.base ? ['acme/worker:0.9.0', 'acme/web:1.4.1', 'node:20-slim'] : [],
    // The host tells it with the rest of the waste.
    wastedBytes: null,
  }));
}

function baseOf(layers: readonly LayerView[]): ImageDetail['base'] {
  const below = layers.filter((layer) => layer.base).length;
  if (below === 0 || below === layers.length) return null;
  const name = below === NODE.length ? 'node:20-slim' : 'python:3.12-slim';
  return { name, digest: fakeDigest(name) };
}

function summaryOf(seed: ImageSeed, now: number): ImageSummary {
  const size = seed.layers.reduce((sum, layer) => sum + layer.size, 0);
  return {
    engine: seed.engine ?? 'builtin',
    id: fakeDigest(`manifest ${seed.names.join()} ${seed.age}`),
    names: [...seed.names],
    size,
    unpackedSize: Math.round(size * 2.6),
    uniqueSize: seed.uniqueSize,
    createdAt: now - seed.age,
    platform: { os: 'linux', architecture: 'amd64' },
    layers: seed.layers.map((layer) => ({ size: layer.size, base: layer.base ?? false })),
    usedBy: [...(seed.usedBy ?? [])],
  };
}

/** Invented images as an engine lists them, `extra` more of them to see a long list. */
export function fakeImageList(now = FAKE_NOW, extra = 0): ImageSummary[] {
  const more = Array.from({ length: extra }, (_, index) =>
    summaryOf(
      {
        names: [`batch/job-${index}:1.${index % 10}`],
        layers: WEB.slice(0, 6 + (index % 4)),
        age: (44 + index) * DAY,
        uniqueSize: index * KB,
      },
      now,
    ),
  );
  return [...SEEDS.map((seed) => summaryOf(seed, now)), ...more];
}

/** Everything about one invented image, by id or name; undefined when there is none. */
export function fakeImageDetail(ref: string, now = FAKE_NOW): ImageDetail | undefined {
  const seed = SEEDS.find((one) => one.names.includes(ref) || summaryOf(one, now).id === ref);
  if (seed === undefined) return undefined;
  const summary = summaryOf(seed, now);
  const layers = layersOf(seed);
  return {
    summary,
    manifestDigest: summary.id,
    imageId: fakeDigest(`config ${summary.id}`),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    base: baseOf(layers),
    layers: [...layers],
    history: [
      ...layers.map((layer) => ({
        createdBy: layer.createdBy,
        createdAt: layer.createdAt,
        comment: 'buildkit.dockerfile.v0',
        layer: layer.index,
        size: layer.size,
      })),
      {
        createdBy: 'EXPOSE map[8080/tcp:{}]',
        createdAt: now - seed.age,
        comment: null,
        layer: null,
        size: 0,
      },
      {
        createdBy: 'CMD ["node" "dist/server.js"]',
        createdAt: now - seed.age,
        comment: null,
        layer: null,
        size: 0,
      },
    ],
    config: {
      user: 'node',
      workingDir: '/app',
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['node', 'dist/server.js'],
      env: [
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'NODE_VERSION=20.19.5',
        'NODE_ENV=production',
      ],
      exposedPorts: ['8080/tcp'],
      volumes: ['/data'],
      labels: {
        'org.opencontainers.image.source': 'https://git.example.com/acme/web',
        'org.opencontainers.image.revision': '4f1c2d93b8a07e5566c1d0e9a3b2c4d5e6f70819',
        'org.opencontainers.image.version': '1.4.2',
      },
      stopSignal: 'SIGTERM',
      healthcheck: 'CMD curl -f http://localhost:8080/healthz (every 30 s)',
      author: '',
    },
    browsable: true,
    rawManifest: JSON.stringify(
      {
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: {
          mediaType: 'application/vnd.oci.image.config.v1+json',
          digest: fakeDigest('config'),
          size: 7023,
        },
        layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
      },
      null,
      2,
    ),
    rawConfig: JSON.stringify(
      { architecture: 'amd64', os: 'linux', config: { User: 'node', WorkingDir: '/app' } },
      null,
      2,
    ),
  };
}
