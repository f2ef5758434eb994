import type { ContainerSummary } from '#shared/contract/containers.ts';

/** Which containers the table shows. */
export type ContainerFilter = 'all' | 'running' | 'stopped' | 'outdated';

/** Whether a container does something now. */
export function isRunning(container: ContainerSummary): boolean {
  return container.state === 'running' || container.state === 'restarting' || container.state === 'paused';
}

/** Whether a container belongs to what the filter shows. */
export function fitsFilter(container: ContainerSummary, filter: ContainerFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'running':
      return isRunning(container);
    case 'stopped':
      return !isRunning(container);
    case 'outdated':
      return container.outdated;
  }
}

/** The containers that fit filter and words; running ones first, then by name. */
export function findContainers(
  containers: readonly ContainerSummary[],
  search: string,
  filter: ContainerFilter,
): readonly ContainerSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return containers
    .filter((container) => fitsFilter(container, filter))
    .filter((container) => {
      const all = `${container.name} ${container.image} ${container.id} ${container.command}`.toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .toSorted((a, b) => Number(isRunning(b)) - Number(isRunning(a)) || a.name.localeCompare(b.name));
}

const SHORT_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bless than a second\b/i, '1 s'],
  [/\babout a minute\b/i, '1 min'],
  [/\babout an hour\b/i, '1 h'],
  [/\bseconds?\b/, 's'],
  [/\bminutes?\b/, 'min'],
  [/\bhours?\b/, 'h'],
  [/^Exited \((\d+)\)/, 'Exited with $1,'],
];

/** How a container stands, in fewer letters than the engine's own words: `Exited with 3, 8 min ago`. */
export function statusWords(status: string): string {
  return SHORT_WORDS.reduce((words, [long, short]) => words.replace(long, short), status);
}

/** One published port as it is shown, with the address it leads to where a browser can open it. */
export interface PortView {
  readonly text: string;
  readonly url: string | null;
}

/** Ports that are served as web pages over TLS by custom. */
const TLS_PORTS = new Set([443, 8443]);

/**
 * The ports of a container, each once: published ones first, with an address on `machine` (the host name by which
 * the reader reaches the machine), then those that are only open inside.
 */
export function portsOf(container: ContainerSummary, machine: string): readonly PortView[] {
  const views = new Map<string, PortView>();
  const ports = container.ports.toSorted((a, b) => Number(b.hostPort !== null) - Number(a.hostPort !== null));
  for (const { host, hostPort, containerPort, protocol } of ports) {
    if (hostPort === null) {
      const inside = `${containerPort}/${protocol}`;
      if (!views.has(inside)) views.set(inside, { text: inside, url: null });
      continue;
    }
    const text = hostPort === containerPort ? String(hostPort) : `${hostPort} → ${containerPort}`;
    const shown = protocol === 'tcp' ? text : `${text}/${protocol}`;
    const scheme = TLS_PORTS.has(containerPort) ? 'https' : 'http';
    const url = protocol === 'tcp' ? `${scheme}://${reachableHost(host, machine)}:${hostPort}/` : null;
    if (!views.has(shown)) views.set(shown, { text: shown, url });
  }
  return [...views.values()];
}

/** An address that means "all of them" is reached by the machine's own name. */
function reachableHost(host: string | null, machine: string): string {
  if (host === null || host === '' || host === '0.0.0.0' || host === '::' || host === '[::]') return machine;
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
