import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseReference } from '#shared/oci/reference.ts';
import type { BlobProgress } from '../../image/image.ts';
import type { Engine } from '../engine.ts';
import { findBusybox, importBase, makeBusyboxTar } from '../testing/busybox-base.ts';
import { findPodman, startPodman, type TestPodman } from '../testing/start-podman.ts';
import { findRegistry, startRegistry, type TestRegistry } from '../testing/start-registry.ts';
import { makeProject, removeFolders, stepLines, watchBuild } from '../testing/watch-build.ts';
import { createPodmanEngine } from './create-podman-engine.ts';

const isHere =
  (await findPodman()) !== null && (await findBusybox()) !== null && (await findRegistry()) !== null;

describe.skipIf(!isHere)(
  'building, pushing and containers on a real Podman (root, podman, busybox-static, docker-registry)',
  () => {
    let podman: TestPodman;
    let registry: TestRegistry;
    let engine: Engine;
    const folders: string[] = [];
    const project = async (files: Record<string, string>) => {
      const folder = await makeProject(files);
      folders.push(folder);
      return folder;
    };

    beforeAll(async () => {
      registry = await startRegistry();
      podman = await startPodman({ insecureRegistries: [registry.host] });
      engine = createPodmanEngine({ host: podman.host, env: {}, homePath: podman.folder });
      await importBase(podman.socketPath, 'base:1', await makeBusyboxTar());
    }, 120_000);
    afterEach(() => removeFolders(folders.splice(0)));
    afterAll(async () => {
      await engine?.close();
      await podman?.remove();
      await registry?.remove();
    }, 60_000);

    it('tells steps, output, hits and sizes', async () => {
      const folder = await project({
        Dockerfile:
          'FROM base:1 AS one\nENV A=1\nRUN echo hello\nFROM base:1\nCOPY a.txt /\nRUN cat /a.txt\nCMD ["sh"]\n',
        'a.txt': 'first\n',
      });
      const first = await watchBuild(engine, folder, { tags: ['strata-test/podman:1'] });
      expect(stepLines(first.steps)).toEqual([
        '4 FROM base:1 hit',
        '5 COPY a.txt / miss',
        '6 RUN cat /a.txt miss',
        '7 CMD ["sh"] miss',
      ]);
      expect(first.logs.get(2)).toBe('first\n');
      expect(first.steps[1]?.size).toBeGreaterThan(0);
      expect(await engine.images.resolve(parseReference('strata-test/podman:1'))).toBe(first.outcome.imageId);
      const second = await watchBuild(engine, folder, { tags: ['strata-test/podman:1'] });
      expect(second.steps.map(({ status }) => status)).toEqual(['hit', 'hit', 'hit', 'hit']);
      await writeFile(path.join(folder, 'a.txt'), 'second\n');
      const third = await watchBuild(engine, folder);
      expect(third.logs.get(2)).toBe('second\n');
    });

    it('leaves out what is ignored, a Dockerfile from elsewhere too', async () => {
      const context = await project({ 'a.txt': '', 'b.log': '', '.dockerignore': '*.log\n' });
      const elsewhere = await project({ Other: 'FROM base:1\nCOPY . /all/\nRUN ls -A /all\n' });
      const { logs } = await watchBuild(engine, context, { dockerfile: path.join(elsewhere, 'Other') });
      expect(logs.get(2)).toBe('a.txt\n');
    });

    it.each([
      ['a command that fails', 'FROM base:1\nRUN exit 3\n', { detail: { line: 2, exitCode: 3 } }],
      [
        'a missing source',
        'FROM base:1\nCOPY nope /\n',
        { message: expect.stringContaining('is not there to copy') },
      ],
    ])('explains %s', async (_, dockerfile, expected) => {
      const folder = await project({ Dockerfile: dockerfile });
      await expect(watchBuild(engine, folder)).rejects.toMatchObject({ code: 'step-failed', ...expected });
    });

    it('pushes and pulls with the digest', async () => {
      const target = parseReference(`${registry.host}/team/podman:1`);
      const id = (await engine.images.get('base:1')).summary.id;
      const pushed = await engine.transfer?.push('base:1', target, {});
      expect(pushed?.digest).toMatch(/^sha256:/);
      expect(await engine.images.resolve(target)).toBeNull();
      const blobs: BlobProgress[] = [];
      const pulled = await engine.transfer?.pull(target, { onBlob: (blob) => blobs.push(blob) });
      expect(pulled).toMatchObject({ id });
      const missing = parseReference(`${registry.host}/team/podman:none`);
      await expect(engine.transfer?.pull(missing, {})).rejects.toMatchObject({ code: 'not-found' });
    });
  },
);
