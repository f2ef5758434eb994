import { stat } from 'node:fs/promises';
import { AppError } from '#shared/errors/app-error.ts';

/** Finds the agent for an id; null when the build was not given one. */
export interface SshAgents {
  /** The path of its socket. Throws `not-found` when there is none at the path that was given. */
  socket(id: string): Promise<string | null>;
}

/** The agents of a build. */
export function createSshAgents(
  given: readonly { readonly id: string; readonly socket?: string | undefined }[],
  env: NodeJS.ProcessEnv,
): SshAgents {
  return {
    socket: async (id) => {
      const agent = given.findLast((one) => one.id === id);
      if (agent === undefined) return null;
      const path = agent.socket || env.SSH_AUTH_SOCK || '';
      const found = path === '' ? null : await stat(path).catch(() => null);
      if (found?.isSocket() === true) return path;
      throw new AppError(
        'not-found',
        path === ''
          ? `No ssh agent runs here for "${id}": SSH_AUTH_SOCK is not set.`
          : `${path} is no socket of an ssh agent.`,
        { hint: 'Start one with ssh-agent, add the key with ssh-add, and build from that shell.' },
      );
    },
  };
}
