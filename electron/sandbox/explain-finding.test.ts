import { describe, expect, it } from 'vitest';
import {
  explainChroot,
  explainKernel,
  explainMissing,
  explainPlatform,
  explainSubordinateIds,
  explainTar,
  explainTrial,
  type Finding,
} from './explain-finding.ts';

const calm = { appArmorRestricts: false, isSwitchedOff: false, isLimitedToNone: false };
const trial = (rules: Partial<typeof calm>, isRoot = false) =>
  explainTrial('unshare failed: Operation not permitted', isRoot, { ...calm, ...rules });

describe('why steps cannot run', () => {
  it.each<[string, Finding, RegExp, RegExp | undefined]>([
    ['another system', explainPlatform('darwin'), /Linux.*darwin/, undefined],
    [
      'one program missing',
      explainMissing(['newuidmap']),
      /program is missing.*newuidmap/,
      /apt-get install uidmap$/,
    ],
    [
      'programs missing',
      explainMissing(['unshare', 'setpriv', 'mount']),
      /unshare, setpriv, mount/,
      /install util-linux mount$/,
    ],
    ['another tar', explainTar(), /GNU tar/, /install tar$/],
    ['no ids', explainSubordinateIds('ann', '/etc/subgid'), /ann.*\/etc\/subgid/, /usermod .* ann$/],
    ['an old kernel', explainKernel('4.19.0'), /4\.19\.0.*5\.11/, undefined],
    ['a chroot', explainChroot(), /chroot/, undefined],
    ['AppArmor', trial({ appArmorRestricts: true }), /AppArmor/, /apparmor_restrict_unprivileged_userns=0/],
    [
      'the Debian switch',
      trial({ isSwitchedOff: true, appArmorRestricts: true }),
      /switched off/,
      /userns_clone=1/,
    ],
    ['the limit', trial({ isLimitedToNone: true }), /limited to none/, /max_user_namespaces/],
    ['something else', trial({}), /Operation not permitted/, undefined],
    ['root in a container', trial({ appArmorRestricts: true }, true), /root user.*not permitted/, undefined],
  ])('names %s and a mend', (_, finding, reason, command) => {
    expect(finding.reason).toMatch(reason);
    expect(finding.hint).toMatch(/\w+.*\.$/);
    if (command === undefined) expect(finding.command).toBeUndefined();
    else expect(finding.command).toMatch(command);
  });
});
