import type { EngineStatus } from '#shared/contract/engines.ts';
import type { RegistryAccount } from '#shared/contract/registries.ts';
import type { Diagnostic, StorageUsage } from '#shared/contract/settings.ts';

/** The Docker engine of an invented machine, when it answers. */
export const FAKE_DOCKER: EngineStatus = {
  id: 'docker',
  name: 'Docker',
  state: 'ready',
  detail: 'unix:///var/run/docker.sock',
  hint: null,
  version: '28.4.0',
  rootless: false,
  can: { build: true, predict: false, containers: true, browseFiles: false, prune: false },
};

/** Accounts kept in different places. */
export const FAKE_ACCOUNTS: readonly RegistryAccount[] = [
  {
    host: 'docker.io',
    username: 'ada',
    source: 'docker credential helper secretservice',
    removable: true,
    warning: null,
  },
  {
    host: 'ghcr.io',
    username: 'acme-bot',
    source: 'Docker config file',
    removable: true,
    warning: 'It is kept as plain text in ~/.docker/config.json.',
  },
  {
    host: '1234.dkr.ecr.eu-west-1.amazonaws.com',
    username: null,
    source: 'docker credential helper ecr-login',
    removable: false,
    warning: null,
  },
];

/** What uses the disk of an invented machine. */
export const FAKE_USAGE: StorageUsage = {
  path: '/home/ada/.local/share/strata',
  totalBytes: 3_412_000_000,
  parts: [
    {
      id: 'images',
      title: 'Images',
      bytes: 1_612_000_000,
      count: 14,
      detail: 'layers and configs that a name or another image needs',
    },
    {
      id: 'cache',
      title: 'Build cache',
      bytes: 1_140_000_000,
      count: 212,
      detail: 'steps that a next build may take over',
    },
    {
      id: 'unpacked',
      title: 'Unpacked layers',
      bytes: 603_000_000,
      count: 31,
      detail: 'file systems that RUN steps stand on; made again when needed',
    },
    {
      id: 'records',
      title: 'Build records',
      bytes: 48_000_000,
      count: 45,
      detail: 'steps, reasons and full logs',
    },
    {
      id: 'temporary',
      title: 'Temporary files',
      bytes: 9_000_000,
      count: 3,
      detail: 'left by a pull that was interrupted',
    },
  ],
  reclaimable: {
    bytes: 912_000_000,
    items: [
      { title: 'Untagged images', bytes: 412_000_000, detail: '3 images that no name points to' },
      { title: 'Build cache not used for 14 days', bytes: 491_000_000, detail: '88 steps' },
      { title: 'Temporary files', bytes: 9_000_000, detail: '3 files' },
    ],
  },
};

/** What is found on an invented machine. */
export const FAKE_DIAGNOSTICS: readonly Diagnostic[] = [
  {
    id: 'data',
    title: 'Data folder',
    state: 'ok',
    finding: '/home/ada/.local/share/strata is writable; 118 GB are free.',
    mend: null,
    command: null,
  },
  {
    id: 'namespaces',
    title: 'User namespaces',
    state: 'problem',
    finding: 'RUN steps need user namespaces; this system refuses them to unprivileged programs.',
    mend: 'Allow them until the next restart:',
    command: 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  },
  {
    id: 'docker',
    title: 'Docker',
    state: 'warning',
    finding: 'Nothing listens at /var/run/docker.sock.',
    mend: 'Start Docker if you want to see its images and containers. Everything else works without.',
    command: 'sudo systemctl start docker',
  },
  { id: 'proxy', title: 'Proxy', state: 'ok', finding: 'No proxy is set.', mend: null, command: null },
];
