import { join } from 'node:path';
import { type DiffId, type Digest, splitDigest } from '#shared/oci/digest.ts';

/**
 * Where everything lies. All files are written to a temporary name, verified and renamed: a process killed
 * at any moment leaves the old state or the new one.
 *
 *     $STRATA_HOME/
 *       oci-layout, index.json     an OCI image layout that other tools can read (skopeo, umoci, crane)
 *       blobs/sha256/<hex>         manifests, configs and layers, named by their digest
 *       refs/<hash>.json           the truth about names: one file a name; index.json is drawn from them
 *       images/<hex>.json          one record an image in the store, also when no name is left
 *       documents/<hex>.json       one record a manifest that is no image by itself: indexes, signatures, charts
 *       layers/<diffId hex>.json   which blob holds a layer
 *       indexes/<blob hex>.idx     what a layer blob holds, made once
 *       lower/<diffId hex>/        layers unpacked for RUN; can be made again
 *       cache/steps/xx/<key>.json  results of build steps by cache key
 *       cache/sources/<hex>        listings of step inputs, by digest
 *       cache/contexts/<hash>      content digests of context files
 *       cache/blocks/<hash>.json   where the blocks of the layers of each Dockerfile's COPY steps lie
 *       cache/history/<hash>.json  the last build of each project, step by step, for explanations
 *       cache/shared/<hash>        records of shared caches, as they were last read
 *       cache/downloads/           files fetched by ADD, by content
 *       cache/mounts/<hash>/       folders of RUN --mount=type=cache
 *       cache/summaries/*.jsonl    what is in refs/, images/ and documents/, so that long lists are read at once
 *       cache/evicted.json         cache entries that a clean-up removed
 *       journal/tags*.jsonl        every tag that was moved, here and at registries
 *       builds/<id>/               build records with full logs
 *       ingest/                    downloads and layers being written, named after the process that writes; what is being pushed
 *       hosts/                     sockets of apps that run, to which terminals hand their builds
 *       leases/                    processes at work; clean-up keeps what they touch
 *       trash/                     on the way out
 */
export class StorePaths {
  readonly home: string;

  constructor(home: string) {
    this.home = home;
  }

  readonly layoutFile = () => join(this.home, 'oci-layout');
  readonly indexFile = () => join(this.home, 'index.json');
  readonly refs = () => join(this.home, 'refs');
  readonly images = () => join(this.home, 'images');
  readonly documents = () => join(this.home, 'documents');
  readonly layers = () => join(this.home, 'layers');
  readonly indexes = () => join(this.home, 'indexes');
  readonly lower = () => join(this.home, 'lower');
  readonly cacheSteps = () => join(this.home, 'cache', 'steps');
  readonly cacheSources = () => join(this.home, 'cache', 'sources');
  readonly cacheBases = () => join(this.home, 'cache', 'bases');
  readonly cacheContexts = () => join(this.home, 'cache', 'contexts');
  readonly cacheBlocks = () => join(this.home, 'cache', 'blocks');
  readonly cacheHistory = () => join(this.home, 'cache', 'history');
  readonly cacheShared = () => join(this.home, 'cache', 'shared');
  readonly cacheDownloads = () => join(this.home, 'cache', 'downloads');
  readonly cacheMounts = () => join(this.home, 'cache', 'mounts');
  readonly evictedFile = () => join(this.home, 'cache', 'evicted.json');
  readonly journal = () => join(this.home, 'journal');
  readonly builds = () => join(this.home, 'builds');
  readonly ingest = () => join(this.home, 'ingest');
  readonly leases = () => join(this.home, 'leases');
  readonly trash = () => join(this.home, 'trash');
  readonly scratch = () => join(this.home, 'scratch');

  summary(of: 'refs' | 'images' | 'documents'): string {
    return join(this.home, 'cache', 'summaries', `${of}.jsonl`);
  }

  blobs(algorithm = 'sha256'): string {
    return join(this.home, 'blobs', algorithm);
  }

  blob(digest: Digest): string {
    const { algorithm, hex } = splitDigest(digest);
    return join(this.home, 'blobs', algorithm, hex);
  }

  image(digest: Digest): string {
    return join(this.images(), `${splitDigest(digest).hex}.json`);
  }

  document(digest: Digest): string {
    return join(this.documents(), `${splitDigest(digest).hex}.json`);
  }

  layer(diffId: DiffId): string {
    return join(this.layers(), `${splitDigest(diffId).hex}.json`);
  }

  index(blob: Digest): string {
    return join(this.indexes(), `${splitDigest(blob).hex}.idx`);
  }
}
