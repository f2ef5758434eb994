import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Digest } from '#shared/oci/digest.ts';
import { encodeManifest } from '#shared/oci/manifest-codec.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { digestOf } from '../image/content-digest.ts';
import { addImage } from '../store/testing/add-image.ts';
import { openShare, type TestShare } from './testing/open-share.ts';

const REPOSITORY = 'conformance/first';
const OTHER = 'conformance/second';
const MISSING = digestOf(Buffer.from('nowhere'));

let test: TestShare;
beforeAll(async () => {
  test = await openShare();
});
afterAll(async () => {
  await test.remove();
  expect(test.reported).toEqual([]);
});

function call(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(new URL(path, test.url), { method, ...init });
}

/** What a refusal says, after a look at its form. */
async function refusal(response: Response): Promise<string> {
  const type = response.headers.get('content-type');
  const { errors } = (await response.json()) as { errors: { code: string; message: string }[] };
  expect(type).toBe('application/json');
  expect(errors).toHaveLength(1);
  expect(errors[0]?.message).toMatch(/\S+ \S+/);
  return `${response.status} ${errors[0]?.code}`;
}

async function begin(repository = REPOSITORY, query = ''): Promise<string> {
  const response = await call('POST', `/v2/${repository}/blobs/uploads/${query}`);
  expect(response.status).toBe(202);
  return response.headers.get('location') ?? '';
}

function withDigest(location: string, digest: string): string {
  return `${location}?digest=${encodeURIComponent(digest)}`;
}

async function pushBlob(bytes: Uint8Array, repository = REPOSITORY, algorithm = 'sha256'): Promise<Digest> {
  const digest = digestOf(bytes, algorithm);
  const response = await call('PUT', withDigest(await begin(repository), digest), { body: bytes });
  expect(response.status).toBe(201);
  return digest;
}

function putManifest(
  bytes: Uint8Array,
  selector: string,
  { mediaType = MEDIA_TYPE.ociManifest as string, repository = REPOSITORY } = {},
): Promise<Response> {
  const headers = { 'content-type': mediaType };
  return call('PUT', `/v2/${repository}/manifests/${selector}`, { body: bytes, headers });
}

/** A manifest over an empty config and one blob, both pushed. */
async function makeArtifact(
  options: {
    subject?: { mediaType: string; digest: Digest; size: number };
    artifactType?: string;
    annotations?: Record<string, string>;
  } = {},
) {
  const config = Buffer.from('{}');
  const blob = randomBytes(40);
  await pushBlob(config);
  await pushBlob(blob);
  const bytes = encodeManifest({
    mediaType: MEDIA_TYPE.ociManifest,
    config: { mediaType: MEDIA_TYPE.ociEmpty, digest: digestOf(config), size: config.length },
    layers: [{ mediaType: 'application/vnd.example.blob', digest: digestOf(blob), size: blob.length }],
    ...options,
  });
  return { bytes, digest: digestOf(bytes), size: bytes.length, mediaType: MEDIA_TYPE.ociManifest };
}

describe('the base', () => {
  it('says that it speaks version 2', async () => {
    for (const path of ['/v2/', '/v2']) {
      const response = await call('GET', path);
      expect(response.status).toBe(200);
      expect(response.headers.get('docker-distribution-api-version')).toBe('registry/2.0');
    }
  });

  it('refuses addresses and methods that the specification does not have', async () => {
    expect(await refusal(await call('GET', '/v1/search'))).toBe('404 UNSUPPORTED');
    expect(await refusal(await call('POST', '/v2/_catalog'))).toBe('405 UNSUPPORTED');
    expect(await refusal(await call('DELETE', `/v2/${REPOSITORY}/blobs/${MISSING}`))).toBe('405 UNSUPPORTED');
    expect(await refusal(await call('DELETE', `/v2/${REPOSITORY}/manifests/${MISSING}`))).toBe(
      '405 UNSUPPORTED',
    );
  });

  it.each(['UPPER/case', 'a//b', '-a', 'a/.b', `${'a'.repeat(256)}`])(
    'refuses the repository name %s',
    async (name) => {
      expect(await refusal(await call('GET', `/v2/${name}/tags/list`))).toBe('400 NAME_INVALID');
    },
  );
});

describe('pulling', () => {
  it('tells what is missing', async () => {
    for (const method of ['GET', 'HEAD']) {
      expect((await call(method, `/v2/${REPOSITORY}/blobs/${MISSING}`)).status).toBe(404);
      expect((await call(method, `/v2/${REPOSITORY}/manifests/${MISSING}`)).status).toBe(404);
      expect((await call(method, `/v2/${REPOSITORY}/manifests/.INVALID`)).status).toBe(404);
      expect((await call(method, `/v2/nobody/manifests/latest`)).status).toBe(404);
    }
    expect(await refusal(await call('GET', `/v2/${REPOSITORY}/blobs/${MISSING}`))).toBe('404 BLOB_UNKNOWN');
    expect(await refusal(await call('GET', `/v2/${REPOSITORY}/manifests/none`))).toBe('404 MANIFEST_UNKNOWN');
    expect(await refusal(await call('GET', '/v2/nobody/tags/list'))).toBe('404 NAME_UNKNOWN');
    expect(await refusal(await call('GET', `/v2/${REPOSITORY}/blobs/sha256:1234`))).toBe(
      '400 DIGEST_INVALID',
    );
  });

  it('gives manifests by tag and by digest, whole or by their headers', async () => {
    const image = await addImage(test.store, { 'etc/motd': 'hello' }, { names: ['pulling:1.0'] });
    for (const selector of ['1.0', image.digest]) {
      const response = await call('GET', `/v2/pulling/manifests/${selector}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(MEDIA_TYPE.ociManifest);
      expect(response.headers.get('docker-content-digest')).toBe(image.digest);
      expect(digestOf(new Uint8Array(await response.arrayBuffer()))).toBe(image.digest);
      const head = await call('HEAD', `/v2/pulling/manifests/${selector}`);
      expect(head.status).toBe(200);
      expect(head.headers.get('content-length')).toBe(String(image.manifestSize));
      expect(head.headers.get('docker-content-digest')).toBe(image.digest);
    }
  });

  it('gives no blob as a manifest that is none', async () => {
    const digest = await pushBlob(Buffer.from('{"some":"json"}'));
    expect(await refusal(await call('GET', `/v2/${REPOSITORY}/manifests/${digest}`))).toBe(
      '404 MANIFEST_UNKNOWN',
    );
  });

  it('answers what a client has already with a few headers', async () => {
    const image = await addImage(test.store, { a: 'cached' }, { names: ['cached:1'] });
    const headers = { 'if-none-match': `"${image.digest}"` };
    expect((await call('GET', '/v2/cached/manifests/1', { headers })).status).toBe(304);
  });

  it('gives parts of blobs', async () => {
    const bytes = randomBytes(2048);
    const digest = await pushBlob(bytes);
    const part = async (range: string, more: Record<string, string> = {}) => {
      const response = await call('GET', `/v2/${REPOSITORY}/blobs/${digest}`, {
        headers: { range, ...more },
      });
      const body = Buffer.from(await response.arrayBuffer());
      return { status: response.status, range: response.headers.get('content-range'), body };
    };
    expect(await part('bytes=500-1499')).toEqual({
      status: 206,
      range: 'bytes 500-1499/2048',
      body: bytes.subarray(500, 1500),
    });
    expect(await part('bytes=500-')).toMatchObject({ status: 206, body: bytes.subarray(500) });
    expect(await part('bytes=-500')).toMatchObject({ status: 206, body: bytes.subarray(1548) });
    expect(await part('bytes=2000-5000')).toMatchObject({
      status: 206,
      range: 'bytes 2000-2047/2048',
      body: bytes.subarray(2000),
    });
    for (const wrong of ['bytes=500-0', 'bytes=5000-10000', 'bytes=-0'])
      expect(await part(wrong)).toMatchObject({ status: 416, range: 'bytes */2048' });
    for (const ignored of ['bytes=0-1,5-6', 'lines=1-2', 'bytes=x-y'])
      expect(await part(ignored)).toMatchObject({ status: 200, body: bytes });
    const head = await call('HEAD', `/v2/${REPOSITORY}/blobs/${digest}`, { headers: { range: 'bytes=0-9' } });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '2048']);
    expect(await part('bytes=0-9', { 'if-range': '"sha256:other"' })).toMatchObject({ status: 200 });
  });
});

describe('uploads of blobs', () => {
  const expectThere = async (digest: Digest, bytes: Uint8Array, repository = REPOSITORY) => {
    const head = await call('HEAD', `/v2/${repository}/blobs/${digest}`);
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
    const response = await call('GET', `/v2/${repository}/blobs/${digest}`);
    expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
  };

  it.each(['sha256', 'sha512'])('takes one in a single POST (%s)', async (algorithm) => {
    const bytes = randomBytes(512);
    const digest = digestOf(bytes, algorithm);
    const path = withDigest(`/v2/${REPOSITORY}/blobs/uploads/`, digest);
    const response = await call('POST', path, { body: bytes });
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`/v2/${REPOSITORY}/blobs/${digest}`);
    await expectThere(digest, bytes);
  });

  it.each(['sha256', 'sha512'])('takes one by POST and PUT (%s)', async (algorithm) => {
    for (const bytes of [randomBytes(512), Buffer.from('{}'), Buffer.alloc(0)])
      await expectThere(await pushBlob(bytes, REPOSITORY, algorithm), bytes);
  });

  it('takes a stream of unknown length', async () => {
    const bytes = randomBytes(300_000);
    const stream = new ReadableStream({
      start: (controller) => {
        for (let at = 0; at < bytes.length; at += 50_000)
          controller.enqueue(new Uint8Array(bytes.subarray(at, at + 50_000)));
        controller.close();
      },
    });
    const init = { body: stream, duplex: 'half' } as RequestInit;
    const patched = await call('PATCH', await begin(), init);
    expect([patched.status, patched.headers.get('range')]).toEqual([202, '0-299999']);
    const location = patched.headers.get('location') ?? '';
    expect((await call('PUT', withDigest(location, digestOf(bytes)))).status).toBe(201);
    await expectThere(digestOf(bytes), bytes);
  });

  it.each([true, false])('takes chunks in order and only so (last one with PUT: %s)', async (isLastPut) => {
    const bytes = randomBytes(3000);
    const digest = digestOf(bytes);
    const location = await begin();
    const chunk = (method: string, path: string, start: number, end: number) =>
      call(method, path, {
        body: new Uint8Array(bytes.subarray(start, end)),
        headers: { 'content-range': `${start}-${end - 1}`, 'content-type': 'application/octet-stream' },
      });
    expect(await refusal(await chunk('PATCH', location, 1000, 2000))).toBe('416 BLOB_UPLOAD_INVALID');
    expect((await chunk('PATCH', location, 0, 1000)).status).toBe(202);
    const again = await chunk('PATCH', location, 0, 1000);
    expect([again.status, again.headers.get('range')]).toEqual([416, '0-999']);
    const state = await call('GET', location);
    expect([state.status, state.headers.get('range')]).toEqual([204, '0-999']);
    expect(state.headers.get('location')).toBe(location);
    expect((await chunk('PATCH', location, 1000, 2000)).status).toBe(202);
    if (isLastPut) {
      expect((await chunk('PUT', withDigest(location, digest), 1000, 2000)).status).toBe(416);
      expect((await chunk('PUT', withDigest(location, digest), 2000, 3000)).status).toBe(201);
    } else {
      expect((await chunk('PATCH', location, 2000, 3000)).status).toBe(202);
      expect((await call('PUT', withDigest(location, digest))).status).toBe(201);
    }
    await expectThere(digest, bytes);
    expect(await refusal(await call('GET', location))).toBe('404 BLOB_UPLOAD_UNKNOWN');
  });

  it('refuses chunks that hold more or fewer bytes than they say', async () => {
    const chunk = (location: string, range: string) =>
      call('PATCH', location, { body: 'twelve bytes', headers: { 'content-range': range } });
    expect(await refusal(await chunk(await begin(), '0-99'))).toBe('400 SIZE_INVALID');
    expect(await refusal(await chunk(await begin(), '0-4'))).toBe('413 SIZE_INVALID');
    expect(await refusal(await chunk(await begin(), 'zero-ten'))).toBe('400 BLOB_UPLOAD_INVALID');
  });

  it.each(['sha256', 'sha512'])(
    'stores nothing under a digest that is not its own (%s)',
    async (algorithm) => {
      const bytes = randomBytes(512);
      const wrong = digestOf(Buffer.concat([bytes, Buffer.from('oh no')]), algorithm);
      const uploads = `/v2/${REPOSITORY}/blobs/uploads/`;
      expect(await refusal(await call('POST', withDigest(uploads, wrong), { body: bytes }))).toBe(
        '400 DIGEST_INVALID',
      );
      expect(await refusal(await call('PUT', withDigest(await begin(), wrong), { body: bytes }))).toBe(
        '400 DIGEST_INVALID',
      );
      const location = await begin();
      await call('PATCH', location, { body: bytes });
      expect(await refusal(await call('PUT', withDigest(location, wrong)))).toBe('400 DIGEST_INVALID');
      expect((await call('HEAD', `/v2/${REPOSITORY}/blobs/${wrong}`)).status).toBe(404);
      expect(await refusal(await call('PUT', `${await begin()}?digest=sha256:12`, { body: bytes }))).toBe(
        '400 DIGEST_INVALID',
      );
      expect(await refusal(await call('PUT', await begin(), { body: bytes }))).toBe('400 DIGEST_INVALID');
    },
  );

  it('gives an upload up on request, and knows it in its own repository alone', async () => {
    const location = await begin();
    const elsewhere = location.replace(REPOSITORY, OTHER);
    expect(await refusal(await call('PATCH', elsewhere, { body: 'x' }))).toBe('404 BLOB_UPLOAD_UNKNOWN');
    expect((await call('DELETE', location)).status).toBe(204);
    expect(await refusal(await call('PATCH', location, { body: 'x' }))).toBe('404 BLOB_UPLOAD_UNKNOWN');
  });

  it('goes on with a client that comes again over a new connection, whatever became of the old one', async () => {
    const bytes = randomBytes(200_000);
    const location = await begin();
    const { hostname, port } = new URL(test.url);
    const hanging = connect(Number(port), hostname);
    hanging.on('error', () => undefined);
    hanging.write(
      `PATCH ${location} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    );
    hanging.write(bytes.subarray(0, 80_000));
    const gone = new Promise((resolve) => hanging.once('close', resolve));
    const told = async () => (await call('GET', location)).headers.get('range');
    await expect.poll(told).toBe('0-79999');
    const rest = { body: bytes.subarray(80_000), headers: { 'content-range': '80000-199999' } };
    expect((await call('PATCH', location, rest)).status).toBe(202);
    await gone;
    expect((await call('PUT', withDigest(location, digestOf(bytes)))).status).toBe(201);
    await expectThere(digestOf(bytes), bytes);
  });

  it('mounts blobs that are here, and begins an upload for others', async () => {
    const bytes = randomBytes(512);
    const digest = await pushBlob(bytes, OTHER);
    for (const from of [`&from=${encodeURIComponent(OTHER)}`, '']) {
      const response = await call('POST', `/v2/${REPOSITORY}/blobs/uploads/?mount=${digest}${from}`);
      expect([response.status, response.headers.get('location')]).toEqual([
        201,
        `/v2/${REPOSITORY}/blobs/${digest}`,
      ]);
    }
    await expectThere(digest, bytes);
    const location = await begin(REPOSITORY, `?mount=${MISSING}&from=${encodeURIComponent(OTHER)}`);
    expect(location).toContain(`/v2/${REPOSITORY}/blobs/uploads/`);
  });
});

describe('manifests that are pushed', () => {
  it('become images of the store under their familiar name, whatever the tag', async () => {
    const image = await addImage(test.store, { a: 'one', b: 'two' }, { names: ['docker.io/acme/source:1'] });
    const bytes = await test.store.content.read(image.digest);
    await test.store.images.remove(image.digest);
    for (const tag of ['test0', 'test1', 'a'.repeat(128)]) {
      const response = await putManifest(bytes, tag, { repository: 'acme/pushed' });
      expect(response.status).toBe(201);
      expect(response.headers.get('location')).toBe(`/v2/acme/pushed/manifests/${image.digest}`);
      expect(response.headers.get('docker-content-digest')).toBe(image.digest);
      const name = await test.store.names.resolve(parseReference(`acme/pushed:${tag}`));
      expect(name?.digest).toBe(image.digest);
    }
    expect(await test.store.images.get(image.digest)).toMatchObject({ layers: image.layers });
    expect((await putManifest(bytes, image.digest)).status).toBe(201);
  });

  it('are kept as they are where they are no image that can be opened', async () => {
    const artifact = await makeArtifact();
    expect((await putManifest(artifact.bytes, 'chart')).status).toBe(201);
    const response = await call('GET', `/v2/${REPOSITORY}/manifests/chart`);
    expect(digestOf(new Uint8Array(await response.arrayBuffer()))).toBe(artifact.digest);
    expect(await test.store.images.get(artifact.digest)).toBeNull();
    const config = await pushBlob(
      Buffer.from('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}'),
    );
    const size = (await test.store.content.size(config)) ?? 0;
    const empty = encodeManifest({
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociConfig, digest: config, size },
      layers: [],
    });
    expect((await putManifest(empty, 'no-layers')).status).toBe(201);
  });

  it('take a digest of another kind, fields that nobody knows, and nearly 4 MiB', async () => {
    const { bytes } = await makeArtifact({ annotations: { large: 'A'.repeat(3_900_000) } });
    const strange = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(bytes).toString()), odd: [1] }));
    const digest = digestOf(strange, 'sha512');
    expect((await putManifest(strange, digest)).status).toBe(201);
    const response = await call('GET', `/v2/${REPOSITORY}/manifests/${digest}`);
    expect(Buffer.from(await response.arrayBuffer()).equals(strange)).toBe(true);
  });

  it('are refused in words where they cannot be right', async () => {
    const { bytes } = await makeArtifact();
    const missing = encodeManifest({
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociEmpty, digest: MISSING, size: 7 },
      layers: [],
    });
    const schema1 = Buffer.from('{"schemaVersion":1,"fsLayers":[]}');
    const put = async (...parameters: Parameters<typeof putManifest>) =>
      refusal(await putManifest(...parameters));
    expect(await put(missing, 'bad')).toBe('404 MANIFEST_BLOB_UNKNOWN');
    expect(await put(Buffer.from('no json'), 'bad')).toBe('400 MANIFEST_INVALID');
    expect(await put(Buffer.from('{}'), 'bad')).toBe('400 MANIFEST_INVALID');
    expect(await put(schema1, 'bad')).toBe('400 UNSUPPORTED');
    expect(await put(bytes, MISSING)).toBe('400 DIGEST_INVALID');
    expect(await put(bytes, '.bad')).toBe('400 MANIFEST_INVALID');
    expect(await put(bytes, 'bad', { mediaType: MEDIA_TYPE.ociIndex })).toBe('400 MANIFEST_INVALID');
    expect(await put(Buffer.alloc(4 * 1024 * 1024 + 1, ' '), 'bad')).toBe('413 SIZE_INVALID');
    expect(await test.store.names.resolve(parseReference(`${REPOSITORY}:bad`))).toBeNull();
  });

  it('are refused where a layer is not what the config says', async () => {
    const image = await addImage(test.store, { a: `layer ${Math.random()}` });
    const other = await addImage(test.store, { a: `other ${Math.random()}` });
    const [layer] = other.layers;
    if (layer === undefined) throw new Error('no layer');
    const { digest, size, mediaType } = layer;
    const mixed = encodeManifest({
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociConfig, digest: image.configDigest, size: image.configSize },
      layers: [{ digest, size, mediaType }],
    });
    expect(await refusal(await putManifest(mixed, 'mixed'))).toBe('400 MANIFEST_INVALID');
  });

  it('may be indexes, also of indexes and of nothing; the name stands for the image of this machine', async () => {
    const names = { names: ['multi:x'] };
    const amd64 = await addImage(test.store, { a: 'amd64' }, names);
    const arm64 = await addImage(test.store, { a: 'arm64' }, { ...names, platform: 'linux/arm64' });
    const list = [arm64, amd64].map((image) => ({
      mediaType: image.mediaType,
      digest: image.digest,
      size: image.manifestSize,
      platform: image.platform,
    }));
    const indexOf = (manifests: typeof list) => encodeManifest({ mediaType: MEDIA_TYPE.ociIndex, manifests });
    const index = indexOf(list);
    const repository = 'multi';
    const put = async (bytes: Uint8Array, tag: string) =>
      (await putManifest(bytes, tag, { mediaType: MEDIA_TYPE.ociIndex, repository })).status;
    expect(await put(index, 'both')).toBe(201);
    const served = await call('HEAD', '/v2/multi/manifests/both');
    expect(served.headers.get('content-type')).toBe(MEDIA_TYPE.ociIndex);
    expect(served.headers.get('docker-content-digest')).toBe(digestOf(index));
    const name = await test.store.names.resolve(parseReference('multi:both'));
    expect([amd64.digest, arm64.digest]).toContain(name?.digest);
    expect(name?.indexDigest).toBe(digestOf(index));
    const nested = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MEDIA_TYPE.ociIndex,
        manifests: [{ mediaType: MEDIA_TYPE.ociIndex, digest: digestOf(index), size: index.length }],
      }),
    );
    expect(await put(nested, 'nested')).toBe(201);
    const nestedHead = await call('HEAD', '/v2/multi/manifests/nested');
    expect(nestedHead.headers.get('docker-content-digest')).toBe(digestOf(nested));
    expect(await put(indexOf([]), 'empty')).toBe(201);
    expect((await call('GET', '/v2/multi/manifests/empty')).status).toBe(200);
    const lacking = list.map((each) => ({ ...each, digest: MISSING }));
    expect(await put(indexOf(lacking), 'lacking')).toBe(404);
  });
});

describe('discovery', () => {
  it('lists tags in order, page by page', async () => {
    const image = await addImage(test.store, { a: 'tags' });
    for (const tag of ['b', 'A', 'c10', 'c9', 'a'])
      await test.store.setName(parseReference(`listed/app:${tag}`), { digest: image.digest });
    const list = async (query: string) => {
      const response = await call('GET', `/v2/listed/app/tags/list${query}`);
      const { tags } = (await response.json()) as { tags: string[] };
      return { tags, link: response.headers.get('link') };
    };
    expect(await list('')).toEqual({ tags: ['A', 'a', 'b', 'c10', 'c9'], link: null });
    expect(await list('?n=2')).toEqual({
      tags: ['A', 'a'],
      link: '</v2/listed/app/tags/list?n=2&last=a>; rel="next"',
    });
    expect(await list('?n=2&last=a')).toMatchObject({ tags: ['b', 'c10'] });
    expect(await list('?n=2&last=c10')).toEqual({ tags: ['c9'], link: null });
    expect(await list('?last=aa')).toEqual({ tags: ['b', 'c10', 'c9'], link: null });
    await test.store.setName(parseReference('ghcr.io/listed/app:1'), { digest: image.digest });
    await test.store.setName(parseReference('ghcr.io/listed/app:2'), { digest: image.digest });
    expect(await list('?n=1&ns=ghcr.io')).toEqual({
      tags: ['1'],
      link: '</v2/listed/app/tags/list?n=1&last=1&ns=ghcr.io>; rel="next"',
    });
    expect(await list('?n=0')).toEqual({ tags: [], link: null });
    expect(await refusal(await call('GET', '/v2/listed/app/tags/list?n=many'))).toBe('400 UNSUPPORTED');
  });

  it('lists repositories, page by page', async () => {
    const image = await addImage(test.store, { a: 'catalog' });
    for (const name of ['zz/one', 'ghcr.io/zz/two', 'localhost:5000/zz/three:1'])
      await test.store.setName(parseReference(name), { digest: image.digest });
    const all = (await (await call('GET', '/v2/_catalog')).json()) as { repositories: string[] };
    expect(all.repositories).toEqual([...all.repositories].sort());
    expect(all.repositories).toEqual(
      expect.arrayContaining(['zz/one', 'ghcr.io/zz/two', 'localhost_5000/zz/three']),
    );
    const page = await call('GET', '/v2/_catalog?n=1&last=zz');
    expect(await page.json()).toEqual({ repositories: ['zz/one'] });
    for (const path of all.repositories)
      expect((await call('GET', `/v2/${path}/tags/list`)).status, path).toBe(200);
  });

  it('lists what was attached to a manifest, before and after that came', async () => {
    const subjectBytes = (await makeArtifact()).bytes;
    const subject = {
      mediaType: MEDIA_TYPE.ociManifest,
      digest: digestOf(subjectBytes),
      size: subjectBytes.length,
    };
    const types = ['application/vnd.example.a', 'application/vnd.example.b'];
    const attached: Digest[] = [];
    for (const artifactType of types) {
      const one = await makeArtifact({ subject, artifactType, annotations: { made: artifactType } });
      const response = await putManifest(one.bytes, one.digest);
      expect([response.status, response.headers.get('oci-subject')]).toEqual([201, subject.digest]);
      attached.push(one.digest);
    }
    expect((await putManifest(subjectBytes, 'subject')).headers.get('oci-subject')).toBeNull();
    const untyped = await makeArtifact({ subject });
    await putManifest(untyped.bytes, untyped.digest);
    const index = encodeManifest({
      mediaType: MEDIA_TYPE.ociIndex,
      manifests: [],
      subject,
      artifactType: 'a/b',
    });
    const indexed = await putManifest(index, digestOf(index), { mediaType: MEDIA_TYPE.ociIndex });
    expect(indexed.headers.get('oci-subject')).toBe(subject.digest);

    const list = async (digest: string, query = '') => {
      const response = await call('GET', `/v2/${REPOSITORY}/referrers/${digest}${query}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(MEDIA_TYPE.ociIndex);
      const { manifests } = (await response.json()) as {
        manifests: { digest: string; artifactType: string; annotations?: object }[];
      };
      return { manifests, filters: response.headers.get('oci-filters-applied') };
    };
    const all = await list(subject.digest);
    expect(all.filters).toBeNull();
    expect(new Set(all.manifests.map(({ digest }) => digest))).toEqual(
      new Set([...attached, untyped.digest, digestOf(index)]),
    );
    expect(all.manifests.find(({ digest }) => digest === attached[0])).toMatchObject({
      artifactType: types[0],
      annotations: { made: types[0] },
    });
    expect(all.manifests.find(({ digest }) => digest === untyped.digest)?.artifactType).toBe(
      MEDIA_TYPE.ociEmpty,
    );
    const some = await list(subject.digest, `?artifactType=${encodeURIComponent(types[1] ?? '')}`);
    expect(some).toMatchObject({ filters: 'artifactType', manifests: [{ digest: attached[1] }] });
    expect((await list(MISSING)).manifests).toEqual([]);
    expect(await refusal(await call('GET', `/v2/${REPOSITORY}/referrers/latest`))).toBe('400 DIGEST_INVALID');
  });
});

describe('management', () => {
  it('takes a tag away and leaves the image', async () => {
    const image = await addImage(test.store, { a: 'deleted' }, { names: ['deleted:1', 'deleted:2'] });
    expect((await call('DELETE', '/v2/deleted/manifests/1')).status).toBe(202);
    expect((await call('HEAD', '/v2/deleted/manifests/1')).status).toBe(404);
    expect((await call('HEAD', '/v2/deleted/manifests/2')).status).toBe(200);
    expect((await call('HEAD', `/v2/deleted/manifests/${image.digest}`)).status).toBe(200);
    expect(await refusal(await call('DELETE', '/v2/deleted/manifests/1'))).toBe('404 MANIFEST_UNKNOWN');
    const left = await (await call('GET', '/v2/deleted/tags/list')).json();
    expect(left).toEqual({ name: 'deleted', tags: ['2'] });
  });

  it('deletes neither images nor blobs by digest: that is for Strata', async () => {
    const image = await addImage(test.store, { a: 'kept' }, { names: ['kept:1'] });
    for (const path of [`manifests/${image.digest}`, `blobs/${image.configDigest}`]) {
      expect(await refusal(await call('DELETE', `/v2/kept/${path}`))).toBe('405 UNSUPPORTED');
      expect((await call('HEAD', `/v2/kept/${path}`)).status).toBe(200);
    }
  });
});
