import { digestOf } from '#electron/image/content-digest.ts';
import type { Image } from '#electron/image/image.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { FakeAnswer, FakeHandler, FakeRequest } from './fake-internet.ts';

/** What a registry does otherwise than the specification's example; each is what some real registry does. */
export interface Quirks {
  /** Answers before anything else; undefined goes on. */
  readonly before?: (request: FakeRequest) => FakeAnswer | undefined;
  /** Blobs are given by this address instead. */
  readonly blobRedirect?: (digest: string) => string;
  /** No `Docker-Content-Digest` header. */
  readonly noDigestHeader?: boolean;
  readonly patchStatus?: number;
  /** PATCH after the first is taken and thrown away. */
  readonly dropsChunks?: boolean;
  /** `Range` of a PATCH counts within the chunk. */
  readonly relativeRange?: boolean;
  readonly mount?: 'refused' | 'forbidden' | 'works';
  readonly tagsPerPage?: number;
  readonly locationHost?: string;
}

/** A registry in memory. */
export interface FakeRegistry {
  readonly handler: FakeHandler;
  readonly blobs: Map<string, Buffer>;
  /** `repository:tag` and `repository:digest` to bytes and type. */
  readonly manifests: Map<string, { readonly bytes: Buffer; readonly mediaType: string }>;
  /** Puts an image in as if it had been pushed. */
  seed(repository: string, tag: string, image: Image): Promise<void>;
}

/** A registry in memory with quirks. */
export function createFakeRegistry(quirks: Quirks = {}): FakeRegistry {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, { bytes: Buffer; mediaType: string }>();
  const uploads = new Map<string, { bytes: Buffer; patches: number }>();
  const state: State = { quirks, blobs, manifests, uploads };
  return {
    blobs,
    manifests,
    handler: (request) => {
      const early = quirks.before?.(request);
      if (early !== undefined) return early;
      const [, repository = '', kind, rest = ''] =
        /^\/v2\/(.+?)\/(manifests|blobs\/uploads|blobs|tags)\/?(.*)$/.exec(request.path) ?? [];
      if (request.path === '/v2/') return { status: 200, body: '{}' };
      if (kind === 'manifests') return onManifest(state, request, repository, rest);
      if (kind === 'blobs/uploads') return onUpload(state, request, repository, rest);
      if (kind === 'blobs') return onBlob(state, request, rest);
      if (kind === 'tags') return onTags(state, request, repository);
      return { status: 404, body: '404 page not found' };
    },
    seed: async (repository, tag, image) => {
      for (const layer of image.layers) {
        const chunks: Buffer[] = [];
        for await (const chunk of await layer.compressed()) chunks.push(chunk);
        blobs.set(layer.digest, Buffer.concat(chunks));
      }
      blobs.set(image.manifest.config.digest, Buffer.from(image.rawConfig));
      const manifest = { bytes: Buffer.from(image.rawManifest), mediaType: image.mediaType };
      manifests.set(`${repository}:${tag}`, manifest).set(`${repository}:${image.digest}`, manifest);
    },
  };
}

interface State {
  readonly quirks: Quirks;
  readonly blobs: Map<string, Buffer>;
  readonly manifests: Map<string, { bytes: Buffer; mediaType: string }>;
  readonly uploads: Map<string, { bytes: Buffer; patches: number }>;
}

/** An error document of the distribution specification. */
export function refuse(status: number, code: string, message = code.toLowerCase()): FakeAnswer {
  const body = JSON.stringify({ errors: [{ code, message }] });
  return { status, headers: { 'content-type': 'application/json' }, body };
}

function onManifest(
  { manifests, quirks }: State,
  request: FakeRequest,
  repository: string,
  name: string,
): FakeAnswer {
  if (request.method === 'PUT') {
    const manifest = { bytes: request.body, mediaType: request.headers['content-type'] ?? '' };
    const digest = digestOf(request.body);
    manifests.set(`${repository}:${name}`, manifest).set(`${repository}:${digest}`, manifest);
    return { status: 201, headers: quirks.noDigestHeader ? {} : { 'docker-content-digest': digest } };
  }
  const found = manifests.get(`${repository}:${name}`);
  if (found === undefined) return refuse(404, 'MANIFEST_UNKNOWN');
  const headers: Record<string, string> = { 'content-type': found.mediaType };
  if (!quirks.noDigestHeader) headers['docker-content-digest'] = digestOf(found.bytes);
  return { status: 200, headers, body: found.bytes };
}

function onBlob({ blobs, quirks }: State, request: FakeRequest, digest: string): FakeAnswer {
  const found = blobs.get(digest);
  if (found === undefined) return refuse(404, 'BLOB_UNKNOWN');
  if (quirks.blobRedirect !== undefined)
    return { status: 307, headers: { location: quirks.blobRedirect(digest) } };
  return giveBytes(request, found);
}

/** Bytes with support for `Range: bytes=n-`. */
export function giveBytes(request: FakeRequest, bytes: Buffer): FakeAnswer {
  const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (start === 0) return { status: 200, body: bytes };
  if (start >= bytes.length) return { status: 416 };
  const range = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
  return { status: 206, headers: { 'content-range': range }, body: bytes.subarray(start) };
}

function onUpload(state: State, request: FakeRequest, repository: string, id: string): FakeAnswer {
  const { uploads, quirks } = state;
  if (request.method === 'POST') return beginOrMount(state, request, repository);
  const upload = uploads.get(id);
  if (upload === undefined) return refuse(404, 'BLOB_UPLOAD_UNKNOWN');
  const location = locationOf(state, repository, id);
  if (request.method === 'GET')
    return { status: 204, headers: { location, range: `0-${Math.max(0, upload.bytes.length - 1)}` } };
  if (request.method === 'DELETE') return uploads.delete(id) ? { status: 204 } : { status: 404 };
  if (request.method === 'PATCH') {
    const isKept = !(quirks.dropsChunks && upload.patches > 0);
    upload.patches++;
    if (isKept) upload.bytes = Buffer.concat([upload.bytes, request.body]);
    const have = quirks.relativeRange ? request.body.length : upload.bytes.length;
    return { status: quirks.patchStatus ?? 202, headers: { location, range: `0-${have - 1}` } };
  }
  const bytes = Buffer.concat([upload.bytes, request.body]);
  uploads.delete(id);
  const digest = request.query.get('digest') ?? '';
  if (digestOf(bytes) !== digest) return refuse(400, 'DIGEST_INVALID');
  state.blobs.set(digest, bytes);
  return { status: 201, headers: { location: `/v2/${repository}/blobs/${digest}` } };
}

function beginOrMount(state: State, request: FakeRequest, repository: string): FakeAnswer {
  const { uploads, quirks } = state;
  const digest = request.query.get('mount') as Digest | null;
  if (digest !== null && quirks.mount === 'forbidden') return refuse(403, 'DENIED');
  if (digest !== null && quirks.mount !== 'refused' && state.blobs.has(digest)) return { status: 201 };
  const id = String(uploads.size + Math.random()).replace('.', '');
  uploads.set(id, { bytes: Buffer.alloc(0), patches: 0 });
  return { status: 202, headers: { location: locationOf(state, repository, id), range: '0-0' } };
}

function locationOf({ quirks }: State, repository: string, id: string): string {
  const path = `/v2/${repository}/blobs/uploads/${id}?state=a%2Bb`;
  return quirks.locationHost === undefined ? path : `https://${quirks.locationHost}${path}`;
}

function onTags({ manifests, quirks }: State, request: FakeRequest, repository: string): FakeAnswer {
  const all = [...manifests.keys()]
    .filter((key) => key.startsWith(`${repository}:`) && !key.includes(':sha256:'))
    .map((key) => key.slice(repository.length + 1))
    .sort();
  if (all.length === 0) return refuse(404, 'NAME_UNKNOWN');
  const rest = all.filter((tag) => tag > (request.query.get('last') ?? ''));
  const page = rest.slice(0, Math.min(Number(request.query.get('n') ?? 100), quirks.tagsPerPage ?? 1000));
  const link: Record<string, string> =
    page.length < rest.length
      ? { link: `</v2/${repository}/tags/list?last=${page.at(-1)}&n=100>; rel="next"` }
      : {};
  return { status: 200, headers: link, body: JSON.stringify({ name: repository, tags: page }) };
}
