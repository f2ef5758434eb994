import type { SandboxHost } from './sandbox-host.ts';
import { makeScratch, removeScratch, type Stub } from './scratch.ts';
import { runPrepared } from './step-process.ts';

const PLACES = [
  { path: 'proc', kind: 'folder' },
  { path: 'sys', kind: 'folder' },
  { path: 'dev', kind: 'folder' },
  { path: 'etc/resolv.conf', kind: 'file' },
  { path: 'etc/hosts', kind: 'file' },
] as const;

/** Makes all mounts of a step over an empty image and runs nothing. Throws `sandbox-unavailable`. */
export async function tryMounts(host: SandboxHost, workDir: string): Promise<void> {
  const stubs: Stub[] = PLACES.map((place) => ({ ...place, isMissing: true }));
  const scratch = makeScratch(workDir, {
    lowers: [],
    stubs,
    stacks: [],
    devices: host.facts.devices,
    hosts: '',
  });
  try {
    await runPrepared(host, {
      plan: {
        mode: host.mode,
        ownNetwork: false,
        insecure: false,
        scratch,
        lowerCount: 1,
        targets: { proc: 'proc', sys: 'sys', dev: 'dev', resolvConf: 'etc/resolv.conf', hosts: 'etc/hosts' },
        binds: [],
        stacks: [],
        tmpfs: [],
        secrets: [],
        cwd: '',
      },
      args: [],
      hostname: '',
      secrets: [],
      signal: new AbortController().signal,
      onOutput: () => undefined,
    });
  } finally {
    await removeScratch(host, workDir, scratch);
  }
}
