import type { ExposeInstruction } from '../dockerfile/ast.ts';
import { expandWords } from '../dockerfile/expand.ts';
import { sourceError } from '../dockerfile/source-error.ts';
import { type PreparedStep, settingStep } from './prepared-step.ts';
import { type StageState, withRuntime } from './stage-state.ts';
import type { StepContext } from './step-context.ts';

/** EXPOSE: `port[-port][/protocol]`, a range gives each of its ports. */
export function prepareExpose(
  instruction: ExposeInstruction,
  state: StageState,
  context: StepContext,
): PreparedStep {
  const place = { path: context.dockerfile.path, range: instruction.range };
  const options = { escape: context.dockerfile.directives.escape, place };
  const words = instruction.ports.flatMap((word) =>
    expandWords(word, (name) => state.variables.get(name), options),
  );
  const ports = words.flatMap((word) => {
    const found = parsePorts(word);
    if (found === null)
      throw sourceError(
        place,
        `"${word}" is not a port.`,
        'Write a number from 1 to 65535, a range such as 8000-8010, and /udp where it is not TCP.',
      );
    return found;
  });
  return settingStep(`EXPOSE ${words.join(' ')}`, (before) =>
    withRuntime(before, {
      exposedPorts: [...new Set([...(before.runtime.exposedPorts ?? []), ...ports])].sort(),
    }),
  );
}

/**
 * The ports of one word; null when it is none. A host part (`127.0.0.1:8080:80`) is accepted and left out, and so is
 * what follows the protocol, as docker does.
 */
function parsePorts(word: string): string[] | null {
  const match = /^(?:.*:)?(\d+)(?:-(\d+))?(?:\/([a-zA-Z]*)(?:\/.*)?)?$/.exec(word);
  if (match === null) return null;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  const protocol = (match[3] || 'tcp').toLowerCase();
  if (last > 65535 || last < first || !['tcp', 'udp', 'sctp'].includes(protocol)) return null;
  return Array.from({ length: last - first + 1 }, (_, i) => `${first + i}/${protocol}`);
}
