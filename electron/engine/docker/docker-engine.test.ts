import { describe } from 'vitest';
import { findBusybox, importBase } from '../testing/busybox-base.ts';
import { describeEngine } from '../testing/engine-contract.ts';
import { makeSmallTar } from '../testing/small-tar.ts';
import { findDockerd, startDockerd } from '../testing/start-dockerd.ts';
import { createDockerEngine } from './create-docker-engine.ts';

const isHere = (await findDockerd()) !== null && (await findBusybox()) !== null;

describe.skipIf(!isHere)('with a real dockerd (root, docker.io, busybox-static)', () => {
  describeEngine('the Docker engine', async () => {
    const dockerd = await startDockerd();
    const engine = createDockerEngine({ host: dockerd.host, env: {}, homePath: dockerd.folder });
    return {
      engine,
      async addImage(name) {
        await importBase(dockerd.socketPath, name, await makeSmallTar());
        return (await engine.images.get(name)).summary.id;
      },
      dispose: () => dockerd.remove(),
    };
  });
});
