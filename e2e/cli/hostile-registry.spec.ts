import { randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { makeRawTar, type RawEntry } from '#electron/sandbox/testing/make-layer.ts';
import type { Box } from '../fixtures/box.ts';
import { finished } from '../fixtures/events.ts';
import { blobOf, makeRawImage, pushRaw, type RawImage } from '../fixtures/raw-image.ts';
import { busyboxRootTar, filesTar } from '../fixtures/root-fs.ts';
import { type Script, startScriptedRegistry } from '../fixtures/scripted-registry.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { expect, test } from '../fixtures/test.ts';

interface Lie {
  readonly what: string;
  readonly script: (image: RawImage) => Script;
  readonly code: string;
  readonly says: RegExp;
}

const flipped = (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === 20 ? byte ^ 1 : byte)));
const only = (digest: string | undefined, change: (bytes: Buffer) => { bytes: Buffer; cut?: number }) => ({
  blob: (asked: string, bytes: Buffer) => (asked === digest ? change(bytes) : undefined),
});

const LIES: readonly Lie[] = [
  {
    what: 'a layer with other content',
    script: ({ layers }) => only(layers[0]?.digest, (bytes) => ({ bytes: flipped(bytes) })),
    code: 'digest-mismatch',
    says: /digest|content/i,
  },
  {
    what: 'a config with other content',
    script: ({ config }) => only(config.digest, (bytes) => ({ bytes: flipped(bytes) })),
    code: 'digest-mismatch',
    says: /digest|content/i,
  },
  {
    what: 'a layer that is shorter than the manifest says',
    script: ({ layers }) => only(layers[0]?.digest, (bytes) => ({ bytes: bytes.subarray(0, 100) })),
    code: 'digest-mismatch',
    says: /bytes that its image says/,
  },
  {
    what: 'a manifest that is no JSON',
    script: () => ({ manifest: () => ({ bytes: Buffer.from('{"schemaVersion": 2, ') }) }),
    code: 'malformed',
    says: /manifest/i,
  },
  {
    what: 'a manifest without layers and config',
    script: () => ({ manifest: () => ({ bytes: Buffer.from('{"schemaVersion":2}') }) }),
    code: 'malformed',
    says: /config.*not valid/i,
  },
  {
    what: 'a manifest whose sizes are not numbers',
    script: () => ({
      manifest: (bytes) => ({ bytes: Buffer.from(bytes.toString().replace(/"size":\d+/g, '"size":"many"')) }),
    }),
    code: 'malformed',
    says: /size/i,
  },
  {
    what: 'a manifest of many megabytes',
    script: () => ({ manifest: () => ({ bytes: Buffer.alloc(40_000_000, 0x20) }) }),
    code: 'malformed',
    says: /large|big|MB|bytes/i,
  },
  {
    what: 'a web page in place of a manifest',
    script: () => ({
      manifest: () => ({
        bytes: Buffer.from('<html><h1>Sign in to the Wi-Fi</h1></html>'),
        type: 'text/html',
      }),
    }),
    code: 'registry-error',
    says: /web page/i,
  },
  {
    what: 'a server that fails each time',
    script: () => ({ status: { code: 500, body: '<h1>oops</h1>' } }),
    code: 'registry-error',
    says: /500/,
  },
];

for (const { what, script, code, says } of LIES) {
  test(`a pull refuses ${what} and keeps nothing of it`, async ({ box }) => {
    const image = makeRawImage([await filesTar({ 'a.txt': randomBytes(3000).toString('hex') })]);
    const registry = await startScriptedRegistry(image, script(image));
    try {
      const result = await box.strata(['pull', `${registry.host}/team/app:1`, '--json']);
      expect(result.code).toBe(1);
      expect(result.events.at(-1)).toMatchObject({ type: 'error', code });
      expect(`${result.events.at(-1)?.message} ${result.events.at(-1)?.hint}`).toMatch(says);
      expect(result.stderr).not.toMatch(/\s+at .+:\d+:\d+/);
      expect((await box.strata(['images', '--json'])).events).toEqual([]);
      expect(await findFaults(box.data)).toEqual([]);
    } finally {
      await registry.close();
    }
  });
}

test('a layer that breaks off is asked for again and the image comes whole', async ({ box }) => {
  const image = makeRawImage([await filesTar({ 'a.txt': randomBytes(3000).toString('hex') })]);
  let asked = 0;
  const breakOff = only(image.layers[0]?.digest, (bytes) => {
    asked += 1;
    return asked === 1 ? { bytes, cut: 100 } : { bytes };
  });
  const registry = await startScriptedRegistry(image, breakOff);
  try {
    const result = await box.strata(['pull', `${registry.host}/team/app:1`, '--json']);
    expect(result.events.at(-1)).toMatchObject({ ok: true, digest: image.manifest.digest });
    expect(asked).toBe(2);
    expect(await findFaults(box.data)).toEqual([]);
  } finally {
    await registry.close();
  }
});

/** An image that claims for its layer the diffID of another image's, pulled; and that other image, which is honest. */
async function pullLiar(box: Box, registry: string, name: string) {
  const root = await busyboxRootTar();
  const honest = makeRawImage([root], { Cmd: ['sh'] });
  const other = makeRawImage([await filesTar({ 'bin/evil': 'wrong bytes' })], { Cmd: ['sh'] });
  const bytes = Buffer.from(other.config.bytes.toString().replace(diffIdOf(other), diffIdOf(honest)));
  await pushRaw(registry, `hostile/${name}`, '1', relink(other, bytes));
  await pushRaw(registry, `honest/${name}`, '1', honest);
  const refs = { liar: `${registry}/hostile/${name}:1`, honest: `${registry}/honest/${name}:1` };
  expect((await box.strata(['pull', refs.liar, '--json'])).events.at(-1)).toMatchObject({ ok: true });
  return refs;
}

const BUILDS = [
  ['run in', (base: string) => `FROM ${base}\nRUN /bin/busybox true\n`],
  ['copied from', (base: string) => `FROM ${base} AS from\nFROM scratch\nCOPY --from=from / /\n`],
  ['added to', (base: string) => `FROM ${base}\nCOPY Dockerfile /Dockerfile\n`],
  ['only named', (base: string) => `FROM ${base}\nLABEL a=b\n`],
] as const;

for (const [at, [how, dockerfile]] of BUILDS.entries()) {
  test(`a pulled layer that lies about its content is refused when it is ${how}, also where the true one is known`, async ({
    box,
    registry,
  }) => {
    const refs = await pullLiar(box, registry, `diff-id-${at}`);
    for (const isKnown of [false, true]) {
      if (isKnown) {
        expect((await box.strata(['pull', refs.honest, '--json'])).code).toBe(0);
        const honest = await box.files('honest', { Dockerfile: dockerfile(refs.honest) });
        expect(finished(await box.strata(['build', honest, '-t', 'honest:1', '--json'])).ok).toBe(true);
      }
      const folder = await box.files('liar', { Dockerfile: dockerfile(refs.liar) });
      const { ok, error } = finished(await box.strata(['build', folder, '-t', 'liar:1', '--json']));
      expect([ok, error?.code]).toEqual([false, 'digest-mismatch']);
    }
    const names = (await box.strata(['images', '--json'])).events.flatMap((event) => event.names ?? []);
    expect(names).not.toContain('liar:1');
    expect(await findFaults(box.data)).toEqual([]);
  });
}

test('a pulled layer that lies about its content shows no files and no size, and the true one shows its own', async ({
  box,
  registry,
}) => {
  const refs = await pullLiar(box, registry, 'files');
  const shown = await box.strata(['files', refs.liar, '--json']);
  expect(shown.events.at(-1)).toMatchObject({ type: 'error', code: 'digest-mismatch' });
  await box.strata(['pull', refs.honest]);
  expect((await box.strata(['files', refs.honest, '--json'])).stdout).toContain('bin');
  const [sizes] = (await box.strata(['layers', refs.liar, '--json'])).events;
  expect(JSON.stringify(sizes)).toContain('"unpackedSize":null');
  const again = await box.strata(['files', refs.liar, '--json']);
  expect(again.events.at(-1)).toMatchObject({ type: 'error', code: 'digest-mismatch' });
});

const OUTSIDE = 'strata-e2e-outside';

const HOSTILE: readonly { readonly what: string; readonly entries: readonly RawEntry[] }[] = [
  { what: '../ in a name', entries: [{ path: `../../../../../../../../tmp/${OUTSIDE}`, text: 'out' }] },
  { what: '../ within a name', entries: [{ path: `a/../../../../../../../tmp/${OUTSIDE}`, text: 'out' }] },
  { what: 'an absolute name', entries: [{ path: `/tmp/${OUTSIDE}`, text: 'out' }] },
  {
    what: 'a name below a link that leads out',
    entries: [
      { path: 'link', type: 'symlink', linkName: '/tmp' },
      { path: `link/${OUTSIDE}`, text: 'out' },
    ],
  },
  {
    what: 'a name below a link that leads up and out',
    entries: [
      { path: 'link', type: 'symlink', linkName: '../../../../../../../../tmp' },
      { path: `link/${OUTSIDE}`, text: 'out' },
    ],
  },
  {
    what: 'a hard link to a file outside',
    entries: [{ path: 'passwd', type: 'hardlink', linkName: '../../../../../../../../etc/passwd' }],
  },
];

for (const [at, { what, entries }] of HOSTILE.entries()) {
  test(`a layer with ${what} writes nothing outside`, async ({ box, registry }) => {
    const image = makeRawImage([await busyboxRootTar(), await makeRawTar(entries)], { Cmd: ['sh'] });
    await pushRaw(registry, `hostile/tar-${at}`, '1', image);
    const folder = await box.files('app', {
      Dockerfile: `FROM ${registry}/hostile/tar-${at}:1\nRUN cat /passwd /etc/hostname; ls -R /tmp\n`,
    });
    const result = await box.strata(['build', folder, '-t', 'hostile:1', '--json']);
    const { ok, error } = finished(result);
    // Either the layer is refused with words, or it is kept inside the image.
    if (!ok) expect(['unsafe-archive', 'malformed', 'step-failed']).toContain(error?.code);
    expect(result.stdout, 'a file of the machine').not.toContain('daemon:');
    expect(await readdir('/tmp')).not.toContain(OUTSIDE);
    expect(await findFaults(box.data)).toEqual([]);
  });
}

test('an archive with names that lead out is not loaded over anything', async ({ box }) => {
  const archive = await makeRawTar([
    { path: `../../../../../../../tmp/${OUTSIDE}`, text: 'out' },
    {
      path: 'manifest.json',
      text: '[{"Config":"../../etc/passwd","RepoTags":["x:1"],"Layers":["/etc/passwd"]}]',
    },
  ]);
  await writeFile(`${box.folder}/bad.tar`, archive);
  const result = await box.strata(['load', 'bad.tar', '--json']);
  expect(result.code).toBe(1);
  expect(result.events.at(-1)?.type).toBe('error');
  expect(await readdir('/tmp')).not.toContain(OUTSIDE);
});

function diffIdOf(image: RawImage): string {
  return JSON.parse(image.config.bytes.toString()).rootfs.diff_ids[0];
}

/** The image with another config. */
function relink(image: RawImage, config: Buffer): RawImage {
  const blob = blobOf(config);
  const manifest = image.manifest.bytes
    .toString()
    .replace(image.config.digest, blob.digest)
    .replace(`"size":${image.config.bytes.length}`, `"size":${config.length}`);
  return { ...image, config: blob, manifest: blobOf(Buffer.from(manifest)) };
}
