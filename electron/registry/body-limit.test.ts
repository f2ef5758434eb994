import { createServer, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import type { RegistryClient } from './client.ts';
import { headManifest } from './manifests.ts';
import { pushImage } from './push.ts';
import { ownRepository } from './repository.ts';
import { makeImage } from './testing/make-image.ts';
import { HAS_REGISTRY, type RealRegistry, startRealRegistry } from './testing/real-registry.ts';
import { createTestClient } from './testing/test-client.ts';

const LIMIT = 5_000_000;

describe.skipIf(!HAS_REGISTRY)('a proxy that limits bodies (package docker-registry)', () => {
  let registry: RealRegistry;
  let client: RegistryClient;
  let server: Server;
  /** `PATCH 0-4194303` for each part that was let through. */
  let parts: string[];
  /** Parts that break off after the first of their bytes. */
  let breaks: number;
  beforeAll(async () => {
    registry = await startRealRegistry();
  });
  afterAll(() => registry.close());
  afterEach(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });

  /** Passes on what is short enough; breaks some parts behind the first as a network does. */
  async function start(): Promise<string> {
    parts = [];
    client = createTestClient();
    const [hostname = '', port = ''] = registry.host.split(':');
    server = createServer((incoming, outgoing) => {
      const { method, url: path, headers } = incoming;
      if (Number(headers['content-length'] ?? 0) > LIMIT) {
        incoming.resume();
        outgoing.writeHead(413, { 'content-type': 'text/html' }).end('<h1>413</h1>');
        return;
      }
      const range = headers['content-range'] ?? '';
      const isBroken = method === 'PATCH' && !range.startsWith('0-') && breaks-- > 0;
      if (method === 'PATCH') parts.push(`${range}${isBroken ? ' broken' : ''}`);
      const onward = send({ hostname, port, path, method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => incoming.socket.destroy());
      if (isBroken) incoming.once('data', () => onward.destroy());
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it.each([0, 2])('is passed in parts, also where %i of them break off', async (broken) => {
    breaks = broken;
    const image = makeImage([14_000_000, 1000]);
    const target = parseReference(`${await start()}/limited/app:${broken}`);
    await pushImage(client, image, target);
    expect((await headManifest(client, ownRepository(client, target), `${broken}`))?.digest).toBe(
      image.digest,
    );
    expect(parts.filter((part) => part.endsWith('broken'))).toHaveLength(broken);
    expect(parts.at(-1)).toMatch(new RegExp(`-${(image.layers[0]?.size ?? 0) - 1}$`));
  });
});
