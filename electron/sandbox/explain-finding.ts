import { installCommand } from './host-tools.ts';
import type { NamespaceRules } from './namespace-rules.ts';

/** Why steps cannot run here, and what mends it. */
export interface Finding {
  readonly reason: string;
  readonly hint: string;
  /** A command to copy, where one mends it. */
  readonly command?: string | undefined;
}

const OTHER_ENGINE =
  'Steps other than RUN still work; a connected Docker or Podman engine can build the rest.';

/** Another system than Linux. */
export function explainPlatform(platform: string): Finding {
  return { reason: `RUN steps need Linux; this is ${platform}.`, hint: OTHER_ENGINE };
}

/** Programs that are not there. */
export function explainMissing(names: readonly string[]): Finding {
  const list = names.join(', ');
  return {
    reason: `${names.length === 1 ? 'A program is' : 'Programs are'} missing that RUN steps need: ${list}.`,
    hint: `Install ${list} with the system's package manager.`,
    command: installCommand(names),
  };
}

/** A tar that cannot read and write extended attributes. */
export function explainTar(): Finding {
  return {
    reason: 'RUN steps need GNU tar, but the tar of this system is another one.',
    hint: "Install GNU tar with the system's package manager.",
    command: installCommand(['tar']),
  };
}

/** A normal user without a range in /etc/subuid or /etc/subgid. */
export function explainSubordinateIds(user: string, file: string): Finding {
  return {
    reason: `The user ${user} has no range of ids in ${file}, so the users of an image cannot be told apart.`,
    hint: 'Give the user a range of 65536 ids that no other line of the file has, then try again.',
    command: `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${user}`,
  };
}

/** A kernel that lets a normal user mount no overlay. */
export function explainKernel(release: string): Finding {
  return {
    reason: `Linux ${release} lets only root mount overlays; a normal user needs Linux 5.11 or later.`,
    hint: `Run Strata as root, or on a newer kernel. ${OTHER_ENGINE}`,
  };
}

/** Our root is not the root of the system. */
export function explainChroot(): Finding {
  return {
    reason: 'Strata runs in a changed root (chroot), where steps cannot be kept apart from the system.',
    hint: `Run Strata outside of it. ${OTHER_ENGINE}`,
  };
}

/** Namespaces or mounts were refused; `said` is the error of the trial. */
export function explainTrial(said: string, isRoot: boolean, rules: NamespaceRules): Finding {
  if (isRoot) {
    return {
      reason: `The kernel does not let this root user make namespaces and mounts: ${said}`,
      hint: `Inside a container this needs --privileged or CAP_SYS_ADMIN. ${OTHER_ENGINE}`,
    };
  }
  if (rules.isSwitchedOff) {
    return blocked(
      'User namespaces are switched off for normal users.',
      'sudo sysctl -w kernel.unprivileged_userns_clone=1',
    );
  }
  if (rules.isLimitedToNone) {
    return blocked('User namespaces are limited to none.', 'sudo sysctl -w user.max_user_namespaces=15000');
  }
  if (rules.appArmorRestricts) {
    return blocked(
      'AppArmor keeps programs without a profile from using user namespaces (Ubuntu 23.10 and later).',
      'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    );
  }
  return { reason: `The kernel refused the sandbox of a normal user: ${said}`, hint: OTHER_ENGINE };
}

function blocked(reason: string, command: string): Finding {
  return {
    reason,
    hint: 'Allow them with the command (put the setting into /etc/sysctl.d to keep it), or run Strata as root.',
    command,
  };
}
