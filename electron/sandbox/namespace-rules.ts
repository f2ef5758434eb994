import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the machine says about user namespaces of normal users, where it says something. */
export interface NamespaceRules {
  /** kernel.apparmor_restrict_unprivileged_userns, of Ubuntu 23.10 and later */
  readonly appArmorRestricts: boolean;
  /** kernel.unprivileged_userns_clone, a Debian switch */
  readonly isSwitchedOff: boolean;
  /** user.max_user_namespaces is 0 */
  readonly isLimitedToNone: boolean;
}

/** Reads the rules from the kernel's settings; one that this kernel does not have forbids nothing. */
export async function readNamespaceRules(settings = '/proc/sys'): Promise<NamespaceRules> {
  const read = async (name: string): Promise<string> =>
    (await readFile(join(settings, name), 'utf8').catch(() => '')).trim();
  const [appArmor, clone, limit] = await Promise.all([
    read('kernel/apparmor_restrict_unprivileged_userns'),
    read('kernel/unprivileged_userns_clone'),
    read('user/max_user_namespaces'),
  ]);
  return {
    appArmorRestricts: appArmor === '1',
    isSwitchedOff: clone === '0',
    isLimitedToNone: limit === '0',
  };
}
