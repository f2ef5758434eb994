import { join } from 'node:path';
import { run } from '#electron/engine/testing/processes.ts';
import type { Box } from '../fixtures/box.ts';
import { NODE_PROJECT } from '../fixtures/course.ts';
import { finished } from '../fixtures/events.ts';
import { findFaults } from '../fixtures/store-check.ts';
import { expect, test } from '../fixtures/test.ts';
import { NO_OTHER_TOOLS, skopeoConfig, skopeoInspect } from '../fixtures/tools.ts';

test.skip(NO_OTHER_TOOLS !== null, NO_OTHER_TOOLS ?? '');

test('an image is pushed, and pulled back by digest into an empty store it is equal', async ({
  box,
  registry,
}) => {
  const folder = await box.files('app', NODE_PROJECT);
  const ref = `${registry}/round-trip/shop:1.0.0`;
  const built = finished(await box.strata(['build', folder, '-t', ref, '--json']));
  const pushed = await box.strata(['push', ref, '--json']);
  expect(pushed.events.at(-1)).toMatchObject({ type: 'finished', ok: true, digest: built.digest });

  const pinned = String(pushed.events.at(-1)?.pinned);
  expect(pinned).toBe(`${registry}/round-trip/shop@${built.digest}`);
  const env = { STRATA_HOME: join(box.folder, 'empty') };
  const pulled = await box.strata(['pull', pinned, '--json'], { env });
  expect(pulled.events.at(-1)).toMatchObject({ ok: true, digest: built.digest, imageId: built.imageId });
  expect(await contentOf(box, pinned, env)).toEqual(await contentOf(box, ref, {}));
  expect(await findFaults(join(box.folder, 'empty'))).toEqual([]);
});

test('other tools read the same image from the registry and from the store', async ({ box, registry }) => {
  const folder = await box.files('app', NODE_PROJECT);
  const ref = `${registry}/other-tools/shop:1.0.0`;
  const built = finished(await box.strata(['build', folder, '-t', ref, '--json']));
  await box.strata(['push', ref]);

  const there = await skopeoInspect(`docker://${ref}`);
  expect(there.Digest).toBe(built.digest);
  const [shown] = (await box.strata(['inspect', ref, '--json'])).events;
  const layers = (shown?.layers ?? []) as { digest: string }[];
  expect(there.Layers).toEqual(layers.map((layer) => layer.digest));
  expect(await skopeoConfig(`docker://${ref}`)).toBe(shown?.rawConfig);

  await box.strata(['tag', ref, 'local-name:1']);
  const store = await skopeoInspect(`oci:${box.data}:local-name:1`);
  expect(store.Digest).toBe(built.digest);
  await run('umoci', [
    'unpack',
    '--rootless',
    '--image',
    `${box.data}:local-name:1`,
    join(box.folder, 'bundle'),
  ]);
  const server = join(box.folder, 'bundle/rootfs/app/src/server.js');
  expect(await run('cat', [server])).toBe(NODE_PROJECT['src/server.js']);
});

test('a second push sends nothing, and a tag with other content is not moved unless told', async ({
  box,
  registry,
}) => {
  const folder = await box.files('app', { Dockerfile: 'FROM busybox:1.36\nCOPY a /a\n', a: 'one' });
  const ref = `${registry}/moved/app:1.4.0`;
  const first = finished(await box.strata(['build', folder, '-t', ref, '--json']));
  await box.strata(['push', ref]);
  const again = await box.strata(['push', ref, '--json']);
  const states = again.events.filter((event) => event.type === 'blob').map((event) => event.state);
  expect(states).not.toContain('transferring');

  await box.files('app', { a: 'two' });
  const second = finished(await box.strata(['build', folder, '-t', ref, '--json']));
  const refused = await box.strata(['push', ref, '--json']);
  expect(refused.code).toBe(1);
  expect(refused.events.at(-1)).toMatchObject({ code: 'tag-moved' });
  expect(refused.stderr).toContain(first.digest);
  expect(refused.stderr).toContain(second.digest);
  expect((await skopeoInspect(`docker://${ref}`)).Digest).toBe(first.digest);

  expect((await box.strata(['push', ref, '--move-tag'])).code).toBe(0);
  expect((await skopeoInspect(`docker://${ref}`)).Digest).toBe(second.digest);
});

test('an image that skopeo copied into a registry is pulled as it is', async ({ box, registry }) => {
  const source = `docker://${registry}/library/nginx:1.27-alpine`;
  const target = `docker://${registry}/copied/nginx:v2s2`;
  await run('skopeo', [
    'copy',
    '--format',
    'v2s2',
    '--src-tls-verify=false',
    '--dest-tls-verify=false',
    source,
    target,
  ]);
  const { Digest } = await skopeoInspect(target);
  const pulled = await box.strata(['pull', `${registry}/copied/nginx:v2s2`, '--json']);
  expect(pulled.events.at(-1)).toMatchObject({ ok: true, digest: Digest });
  const files = (await box.strata(['files', Digest, '/usr/share/nginx/html', '--json'])).events;
  expect(files.map((file) => file.name)).toEqual(['index.html']);
});

/** Everything that makes two images equal. */
async function contentOf(box: Box, ref: string, env: NodeJS.ProcessEnv): Promise<unknown> {
  const [image] = (await box.strata(['inspect', ref, '--json'], { env })).events;
  const layers = (image?.layers ?? []) as { digest: string; diffId: string }[];
  const folders = ['/', '/app', '/app/src', '/app/node_modules', '/usr/local/bin'];
  const files = await Promise.all(
    folders.map(async (folder) => (await box.strata(['files', ref, folder, '--json'], { env })).stdout),
  );
  return {
    imageId: image?.imageId,
    manifest: image?.rawManifest,
    config: image?.rawConfig,
    layers: layers.map(({ digest, diffId }) => ({ digest, diffId })),
    files,
  };
}
