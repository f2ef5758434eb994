import { AppError } from '#shared/errors/app-error.ts';
import type { HostTools } from './host-tools.ts';
import type { StepUser } from './step-user.ts';

/** What Docker lets root in a container do. */
const CAPABILITIES = [
  'audit_write',
  'chown',
  'dac_override',
  'fowner',
  'fsetid',
  'kill',
  'mknod',
  'net_bind_service',
  'net_raw',
  'setfcap',
  'setgid',
  'setpcap',
  'setuid',
  'sys_chroot',
];
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface StepCommand {
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly user: StepUser;
  /** Keep all rights. */
  readonly insecure: boolean;
}

/**
 * The command line, run in the root of the image as working directory, that drops rights, sets the environment,
 * enters the image and runs the step. The rights go first but those to change root and user, which the exec of
 * the step takes from a user that is not root.
 */
export function stepCommandLine(tools: HostTools, { argv, env, cwd, user, insecure }: StepCommand): string[] {
  // The primary group is among them, so that a file that refuses its group cannot be read after a setgid.
  const groups = ['--groups', [...new Set([user.gid, ...user.groups])].join(',')];
  const rights = `-all,${CAPABILITIES.map((name) => `+${name}`).join(',')}`;
  return [
    tools.setsid,
    ...[
      tools.setpriv,
      ...(insecure ? [] : ['--bounding-set', rights]),
      '--inh-caps=-all',
      '--regid',
      String(user.gid),
      ...groups,
      '--',
    ],
    ...[tools.env, '-i', '--', ...completeEnv(env, user)],
    ...[tools.unshare, '--root=.', `--wd=${cwd}`],
    ...(user.uid === 0 ? [] : ['--setuid', String(user.uid)]),
    '--',
    ...argv,
  ];
}

/** The environment of a step: PATH and HOME are always there. Throws `invalid-input` for what is no variable. */
export function completeEnv(env: readonly string[], user: StepUser): string[] {
  for (const entry of env) {
    if (entry.indexOf('=') > 0 && !entry.includes('\0')) continue;
    throw new AppError(
      'invalid-input',
      `${JSON.stringify(entry)} is not an environment variable: NAME=value.`,
    );
  }
  const has = (name: string) => env.some((entry) => entry.startsWith(`${name}=`));
  return [
    ...(has('PATH') ? [] : [`PATH=${DEFAULT_PATH}`]),
    ...(has('HOME') ? [] : [`HOME=${user.home}`]),
    ...env,
  ];
}
