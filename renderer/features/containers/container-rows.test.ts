import { describe, expect, it } from 'vitest';
import type { ContainerSummary } from '#shared/contract/containers.ts';
import { findContainers, portsOf, statusWords } from './container-rows.ts';

const container = (name: string, more: Partial<ContainerSummary> = {}): ContainerSummary => ({
  engine: 'docker',
  id: name,
  name,
  image: 'acme/web:1.4',
  imageId: 'sha256:1',
  command: 'node server.js',
  state: 'running',
  status: 'Up 3 minutes',
  createdAt: 0,
  ports: [],
  outdated: false,
  ...more,
});
const all = [
  container('zeta'),
  container('old', { state: 'exited', outdated: true }),
  container('alpha', { state: 'restarting', image: 'redis:7' }),
  container('new', { state: 'created' }),
];

describe('findContainers', () => {
  it.each([
    ['', 'all', ['alpha', 'zeta', 'new', 'old']],
    ['', 'running', ['alpha', 'zeta']],
    ['', 'stopped', ['new', 'old']],
    ['', 'outdated', ['old']],
    ['REDIS', 'all', ['alpha']],
    ['acme ze', 'all', ['zeta']],
    ['nothing', 'all', []],
  ] as const)('finds %j among %s', (search, filter, names) => {
    expect(findContainers(all, search, filter).map((found) => found.name)).toEqual(names);
  });
});

describe('portsOf', () => {
  const port = (host: string | null, hostPort: number | null, containerPort: number, protocol = 'tcp') => ({
    host,
    hostPort,
    containerPort,
    protocol,
  });
  it.each([
    ['a port of all addresses', [port('0.0.0.0', 8080, 80)], [['8080 → 80', 'http://box:8080/']]],
    [
      'the same port for IPv4 and IPv6 once',
      [port('0.0.0.0', 80, 80), port('::', 80, 80)],
      [['80', 'http://box:80/']],
    ],
    ['a port of one address', [port('127.0.0.1', 3000, 3000)], [['3000', 'http://127.0.0.1:3000/']]],
    ['a port of an IPv6 address', [port('::1', 3000, 3000)], [['3000', 'http://[::1]:3000/']]],
    ['TLS', [port(null, 8443, 443)], [['8443 → 443', 'https://box:8443/']]],
    ['no address for UDP', [port('0.0.0.0', 53, 53, 'udp')], [['53/udp', null]]],
    [
      'published ports before inner ones',
      [port(null, null, 5432), port('0.0.0.0', 80, 80)],
      [
        ['80', 'http://box:80/'],
        ['5432/tcp', null],
      ],
    ],
  ])('shows %s', (_name, ports, expected) => {
    expect(portsOf(container('x', { ports }), 'box').map((view) => [view.text, view.url])).toEqual(expected);
  });
});

it.each([
  ['Up About a minute', 'Up 1 min'],
  ['Up Less than a second', 'Up 1 s'],
  ['Up 2 days (healthy)', 'Up 2 days (healthy)'],
  ['Exited (137) 5 minutes ago', 'Exited with 137, 5 min ago'],
  ['Created', 'Created'],
])('%s is told as %s', (status, words) => {
  expect(statusWords(status)).toBe(words);
});
