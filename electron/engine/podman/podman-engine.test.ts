import { describe } from 'vitest';
import { findBusybox, importBase } from '../testing/busybox-base.ts';
import { describeEngine } from '../testing/engine-contract.ts';
import { makeSmallTar } from '../testing/small-tar.ts';
import { findPodman, startPodman } from '../testing/start-podman.ts';
import { createPodmanEngine } from './create-podman-engine.ts';

const isHere = (await findPodman()) !== null && (await findBusybox()) !== null;

describe.skipIf(!isHere)('with a real podman service (root, podman)', () => {
  describeEngine('the Podman engine', async () => {
    const podman = await startPodman();
    const engine = createPodmanEngine({ host: podman.host, env: {}, homePath: podman.folder });
    return {
      engine,
      async addImage(name) {
        await importBase(podman.socketPath, name, await makeSmallTar());
        return (await engine.images.get(name)).summary.id;
      },
      dispose: () => podman.remove(),
    };
  });
});
