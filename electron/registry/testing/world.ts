import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { Image } from '#electron/image/image.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import { parseReference } from '#shared/oci/reference.ts';
import { createCertificates } from '../certificates.ts';
import type { RegistryClient, RegistryClientOptions } from '../client.ts';
import type { CredentialLookup } from '../credentials/credential.ts';
import { type PulledImage, pullImage } from '../pull.ts';
import { pushImage } from '../push.ts';
import type { PushOptions } from '../push-blobs.ts';
import { type FakeInternet, type FakeRequest, startFakeInternet } from './fake-internet.ts';
import { createFakeRegistry, type FakeRegistry, type Quirks, refuse } from './fake-registry.ts';
import { createTokenServer, requireToken, type TokenServerOptions } from './fake-token-server.ts';
import { FolderBlobStore } from './folder-blob-store.ts';
import { makeImage } from './make-image.ts';
import { createTestClient, oneUser } from './test-client.ts';

const platform = parsePlatform('linux/amd64');

/** A fake internet with a client that reaches it and a store to pull into; both are new for each test. */
export class World {
  #internet: FakeInternet | undefined;
  #client: RegistryClient | undefined;
  #store: FolderBlobStore | undefined;
  #folder = '';
  /** What `push` sends. */
  image: Image = makeImage([]);

  constructor(hosts: readonly string[]) {
    beforeAll(async () => {
      this.#internet = await startFakeInternet(hosts);
    });
    afterAll(() => this.internet.close());
    beforeEach(async () => {
      this.internet.requests.length = 0;
      this.#folder = await mkdtemp(join(tmpdir(), 'strata-world-'));
      this.#store = new FolderBlobStore(this.#folder);
      this.image = makeImage([50_000, 2_000]);
      this.signIn(undefined);
    });
    afterEach(async () => {
      await this.client.close();
      await rm(this.#folder, { recursive: true, force: true });
    });
  }

  get internet(): FakeInternet {
    return made(this.#internet);
  }

  get client(): RegistryClient {
    return made(this.#client);
  }

  /** What `pull` writes to. */
  get store(): FolderBlobStore {
    return made(this.#store);
  }

  /** Begins anew as another user. */
  signIn(credentials: CredentialLookup | undefined, options: Partial<RegistryClientOptions> = {}): void {
    this.#client = createTestClient({
      ...(credentials === undefined ? {} : { credentials }),
      certificates: createCertificates({ folders: [], authorities: [this.internet.authority] }),
      environment: { HTTPS_PROXY: this.internet.proxy, HTTP_PROXY: this.internet.proxy },
      ...options,
    });
  }

  signInAs(registry: string, username: string, password: string): void {
    this.signIn(oneUser(registry, username, password));
  }

  pull(name: string): Promise<PulledImage> {
    return pullImage(this.client, parseReference(name), this.store, { platform });
  }

  push(name: string, options?: PushOptions): Promise<Descriptor> {
    return pushImage(this.client, this.image, parseReference(name), options);
  }

  sentTo(host: string): FakeRequest[] {
    return this.internet.requests.filter((request) => request.host === host);
  }

  expectNoAuthorization(host: string): void {
    expect(this.sentTo(host).length).toBeGreaterThan(0);
    for (const request of this.sentTo(host)) expect(request.headers.authorization).toBeUndefined();
  }

  /** A registry that is open to anyone. */
  withOpen(host: string, quirks: Quirks = {}): FakeRegistry {
    const registry = createFakeRegistry(quirks);
    this.internet.host(host, registry.handler);
    return registry;
  }

  /** A registry whose tokens come from a server at `realm`. */
  withTokens(host: string, realm: string, tokens: TokenServerOptions, quirks: Quirks = {}): FakeRegistry {
    const challenge = { realm, service: host };
    const registry = createFakeRegistry({
      ...quirks,
      before: (request) => requireToken(request, challenge) ?? quirks.before?.(request),
    });
    const { host: tokenHost, pathname } = new URL(realm);
    const tokenServer = createTokenServer(tokens);
    if (tokenHost !== host) this.internet.host(tokenHost, tokenServer);
    this.internet.host(host, (request) =>
      request.path === pathname ? tokenServer(request) : registry.handler(request),
    );
    return registry;
  }

  /** A registry that wants a user name and password with each request. */
  withBasic(host: string, user: string, password: string, quirks: Quirks = {}): FakeRegistry {
    const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const challenge = { 'www-authenticate': 'Basic realm="https://registry/"' };
    return this.withOpen(host, {
      ...quirks,
      before: (request) =>
        request.headers.authorization === wanted
          ? quirks.before?.(request)
          : { ...refuse(401, 'UNAUTHORIZED'), headers: challenge },
    });
  }
}

function made<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The world is made before each test.');
  return value;
}
