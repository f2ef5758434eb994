import { hostProblem, normalHost } from '#renderer/features/registries/registry-host.ts';

/** A mirror as a line of text: `docker.io = localhost:5000`. */
export function formatMirror([registry, mirror]: readonly [string, string]): string {
  return `${registry} = ${mirror}`;
}

/** Reads `registry = mirror` (or with an arrow); what is wrong with it as a sentence where it is no mirror. */
export function parseMirror(text: string): readonly [string, string] | string {
  const [registry, mirror, ...rest] = text.split(/=|→|->|\s+/).filter((part) => part.trim() !== '');
  if (registry === undefined || mirror === undefined || rest.length > 0)
    return 'Write it as registry = mirror, such as docker.io = localhost:5000.';
  const problem = hostProblem(registry) ?? hostProblem(mirror);
  if (problem !== null) return problem;
  if (normalHost(registry) === normalHost(mirror)) return 'A registry cannot be its own mirror.';
  return [normalHost(registry), normalHost(mirror)];
}
