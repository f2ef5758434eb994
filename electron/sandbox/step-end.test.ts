import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeTree } from './remove-tree.ts';
import { sweepScratch } from './sweep-scratch.ts';
import { hasBusybox, makeBusyboxImage, type TestImage } from './testing/busybox-image.ts';
import { findMounts, findProcesses, findScratch, waitFor } from './testing/traces.ts';

const ENDLESS = fileURLToPath(new URL('testing/endless-step.ts', import.meta.url));

describe.skipIf(!hasBusybox)('the end of a step (needs Linux and busybox-static)', () => {
  let image: TestImage;
  let marker = '';
  beforeEach(async () => {
    image = await makeBusyboxImage();
    marker = `marker-${randomUUID()}`;
  });
  afterEach(() => image.remove());

  it.each([
    ['a plain step', 'sleep 600'],
    [
      'one with children in sessions of their own',
      'setsid sleep 600 & (setsid setsid sleep 600 &) ; sleep 600',
    ],
    ['one that ignores signals', "trap '' TERM INT HUP; while :; do sleep 1; done"],
    ['one that prints without end', 'while :; do echo; done'],
  ])('cancel ends %s with all its processes and mounts', async (_, command) => {
    const controller = new AbortController();
    const running = image.run(`: ${marker}; ${command}`, { signal: controller.signal });
    running.catch(() => undefined);
    expect(await waitFor(() => findProcesses(marker), 'some')).not.toEqual([]);
    expect(await waitFor(() => findMounts(process.pid, image.folder), 'some')).not.toEqual([]);
    await delay(50);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(await findProcesses(marker)).toEqual([]);
    expect(await findMounts(process.pid, image.folder)).toEqual([]);
    expect(await findScratch(process.pid)).toEqual([]);
    expect(await readdir(join(image.folder, 'step-1'))).toEqual(['upper']);
  });

  it('cancel works at any moment of the beginning', async () => {
    await image.run('true');
    for (let ms = 0; ms <= 30; ms += 3) {
      const controller = new AbortController();
      const running = image.run(`sleep 600; : ${marker}`, { signal: controller.signal });
      running.catch(() => undefined);
      await delay(ms);
      controller.abort();
      await expect(running).rejects.toMatchObject({ code: 'cancelled' });
      expect(await findProcesses(marker)).toEqual([]);
    }
    expect(await findMounts(process.pid, image.folder)).toEqual([]);
    expect(await findScratch(process.pid)).toEqual([]);
  });

  it('a signal that has come already begins nothing', async () => {
    await expect(image.run('true', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('a process left behind neither holds up the end nor lives on', async () => {
    const { exitCode, out } = await image.run(`(sleep 600; : ${marker}) & setsid sleep 600 & echo started`);
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: 'started\n' });
    expect(await findProcesses(marker)).toEqual([]);
  });

  it('orphans are reaped while the step runs', async () => {
    const { out } = await image.run(
      "for i in 1 2 3 4 5; do (true & exec true) ; done; (sleep 0.1 & ) ; sleep 0.4; ps -o stat,args | grep -c '^Z'",
    );
    expect(out).toBe('0\n');
  });

  it('killing every process but the first is no more than the end of the step', async () => {
    expect(await image.run('kill -9 -1; exit 4')).toMatchObject({ exitCode: 4 });
    expect(await image.run('kill -9 1; kill -TERM 1; kill -TERM 0; exit 4')).toMatchObject({ exitCode: 143 });
  });

  it('the first process killed from outside is an error of its own', async () => {
    const running = image.run(`sleep 600; : ${marker}`, {
      onSpawn: (pid) => setTimeout(() => process.kill(pid, 'SIGKILL'), 150),
    });
    await expect(running).rejects.toMatchObject({ code: 'sandbox-unavailable' });
    expect(await findProcesses(marker)).toEqual([]);
  });

  it('nothing outlives a killed Strata, whenever it is killed', async () => {
    for (const ms of [0, 4, 8, 12, 16, 20, 30, 100]) {
      const { child, folder } = await startEndless(marker);
      const exited = once(child, 'exit');
      await delay(ms);
      child.kill('SIGKILL');
      await exited;
      expect(await waitFor(() => findProcesses(marker), 'none')).toEqual([]);
      expect(await waitFor(() => findMounts(child.pid, folder), 'none')).toEqual([]);
      await sweepScratch();
      expect(await findScratch(child.pid)).toEqual([]);
      await removeTree(folder);
    }
  });
});

/** Starts `endless-step.ts` and waits until its step is about to begin. */
async function startEndless(marker: string): Promise<{ child: ChildProcess; folder: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', ENDLESS, marker], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [folder] = (await once(lines, 'line')) as [string];
  return { child, folder };
}
