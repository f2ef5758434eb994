import { join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';
import { finished } from '../fixtures/events.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { expect, test } from '../fixtures/test.ts';
import { NO_OTHER_TOOLS } from '../fixtures/tools.ts';

test.skip(NO_OTHER_TOOLS !== null, NO_OTHER_TOOLS ?? '');

const FILES = {
  Dockerfile: [
    'FROM --platform=$BUILDPLATFORM busybox AS build',
    'ARG TARGETARCH',
    'RUN echo "made for $TARGETARCH" > /out',
    'FROM scratch',
    'COPY --from=build /out /out',
    'COPY same.txt /',
  ].join('\n'),
  'same.txt': 'same\n',
};
const BOTH = ['--platform', 'linux/amd64,linux/arm64'];

interface Listed {
  readonly digest: string;
  readonly platform: { readonly architecture: string };
}

/** The manifests that skopeo reads from an index. */
async function indexAt(source: string): Promise<{ raw: string; manifests: readonly Listed[] }> {
  const raw = await run('skopeo', ['inspect', '--raw', '--tls-verify=false', source]);
  return { raw, manifests: JSON.parse(raw).manifests };
}

test('a build for two platforms is an index that other tools read, here and at a registry', async ({
  box,
  registry,
}) => {
  const folder = await box.files('app', FILES);
  const ref = `${registry}/platforms/app:1`;
  const built = finished(await box.strata(['build', folder, ...BOTH, '-t', ref, '--json']));
  expect(built).toMatchObject({ ok: true, tags: [ref] });
  const { platforms = [] } = built;
  expect(platforms.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);

  const pushed = finished(await box.strata(['push', ref, '--json']));
  expect(pushed).toMatchObject({ ok: true, digest: built.digest });
  const there = await indexAt(`docker://${ref}`);
  const here = await indexAt(`oci:${box.data}:${ref}`);
  expect(here.raw).toBe(there.raw);
  expect(there.manifests.map(({ digest }) => digest)).toEqual(platforms.map(({ digest }) => digest));

  for (const architecture of ['amd64', 'arm64']) {
    const layout = join(box.folder, architecture);
    const copy = ['copy', '--src-tls-verify=false', '--override-arch', architecture];
    await run('skopeo', [...copy, `docker://${ref}`, `oci:${layout}:it`]);
    const bundle = `${layout}-bundle`;
    await run('umoci', ['unpack', '--rootless', '--image', `${layout}:it`, bundle]);
    expect(await run('cat', [join(bundle, 'rootfs/out')])).toBe(`made for ${architecture}\n`);
  }
});

test('an index is kept by a clean-up, saved, loaded and removed as a whole', async ({ box }) => {
  const folder = await box.files('app', FILES);
  const built = finished(await box.strata(['build', folder, ...BOTH, '-t', 'app:1', '--json']));
  await box.strata(['prune', '--json']);
  const [listed] = (await box.strata(['images', '--json'])).events.filter(
    (event) => event.type === 'image' && (event.names as string[]).includes('app:1'),
  );
  expect(listed?.platforms).toMatchObject([
    { platform: { architecture: 'amd64' } },
    { platform: { architecture: 'arm64' } },
  ]);
  const archive = join(box.folder, 'app.tar');
  expect((await box.strata(['save', 'app:1', '-o', archive])).code).toBe(0);

  const other = { env: { STRATA_HOME: join(box.folder, 'other') } };
  const loaded = finished(await box.strata(['load', archive, '--json'], other));
  expect(loaded).toMatchObject({ ok: true, digest: built.digest });
  const again = join(box.folder, 'again.tar');
  await box.strata(['save', 'app:1', '-o', again], other);
  await run('cmp', [archive, again]);
  expect(await findFaults(join(box.folder, 'other'))).toEqual([]);

  expect((await box.strata(['rmi', 'app:1'], other)).code).toBe(0);
  const left = (await box.strata(['images', '--json'], other)).events.filter(({ type }) => type === 'image');
  expect(left).toEqual([]);
});

test('what is no platform, and what cannot run here, is told before anything is pulled', async ({ box }) => {
  const folder = await box.files('app', FILES);
  const wrong = await box.strata(['build', folder, '--platform', 'linux/frob', '--json']);
  expect(wrong.code).toBe(1);
  expect(finished(wrong)).toMatchObject({ error: { code: 'invalid-input' } });
  const foreign = await box.files('foreign', { Dockerfile: 'FROM busybox\nRUN true\n' });
  const refused = await box.strata(['build', foreign, '--platform', 'linux/mips64le', '--json']);
  expect(refused.code).toBe(1);
  expect(finished(refused)).toMatchObject({ error: { code: 'dockerfile-invalid' } });
  expect((await box.strata(['images', '--json'])).events.filter(({ type }) => type === 'image')).toEqual([]);
});
