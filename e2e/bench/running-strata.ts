import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startWebHost } from '../fixtures/web-host.ts';
import { type Contender, IMAGE, runCommand, strataBox, strataCommand } from './contenders.ts';
import type { Bench } from './section.ts';

/** Strata's command line beside the app that runs: builds are handed to it, as docker build hands its own to dockerd. */
export async function startRunningStrata({ folder, base }: Bench): Promise<Contender> {
  const box = strataBox(folder, 'strata-running');
  const home = box.env.STRATA_HOME ?? '';
  const strata = (...args: string[]) => strataCommand(box, ...args);
  await runCommand(strata('pull', base));
  const host = await startWebHost(box);
  return {
    name: 'strata',
    version: '',
    daemons: [host.pid],
    reset: async () => {
      await runCommand(strata('rmi', IMAGE)).catch(() => '');
      await runCommand(strata('prune', '--all'));
      for (const name of ['contexts', 'sources', 'history', 'steps'])
        await rm(join(home, 'cache', name), { recursive: true, force: true });
    },
    build: (project, name) => strata('build', project, '-t', name),
    push: (name) => strata('push', name),
    pull: (name) => strata('pull', name),
    forget: async (name) => void (await runCommand(strata('rmi', name)).catch(() => '')),
    remove: async () => {
      await host.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
