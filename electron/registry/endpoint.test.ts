import { describe, expect, it } from 'vitest';
import { isLoopbackHost, isPrivateAddress } from './addresses.ts';
import { normalizeRegistry, readEndpoints, registryEndpoint } from './endpoint.ts';

const none = { insecureHosts: [], mirrors: {} };

describe('normalizeRegistry', () => {
  it.each([
    ['docker.io', 'docker.io'],
    ['https://index.docker.io/v1/', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
    ['GHCR.io', 'ghcr.io'],
    ['http://localhost:5000/v2/', 'localhost:5000'],
    ['[::1]:5000', '[::1]:5000'],
  ])('reads %s as %s', (text, expected) => {
    expect(normalizeRegistry(text)).toBe(expected);
  });

  it.each(['', ' ', 'a b', '-x', 'host:port', 'user@host', 'ftp://x', '[::1', 'a\nb'])(
    'refuses %j',
    (text) => {
      expect(() => normalizeRegistry(text)).toThrow(/is not a registry host/);
    },
  );
});

describe('endpoints', () => {
  it('connect to Docker Hub by its own host', () => {
    expect(registryEndpoint('docker.io', none)).toMatchObject({
      registry: 'docker.io',
      host: 'registry-1.docker.io',
    });
  });

  it.each([
    ['localhost:5000', [], true, false],
    ['127.8.9.1:80', [], true, false],
    ['[::1]:5000', [], true, false],
    ['registry.localhost', [], true, false],
    ['registry.example.com', [], false, false],
    ['192.168.1.2:5000', [], false, false],
    ['localhost.example.com', [], false, false],
    ['registry.example.com:5000', ['registry.example.com:5000'], true, true],
    ['registry.example.com:5000', ['registry.example.com'], true, true],
    ['registry.example.com:5000', ['http://Registry.Example.com:5000/'], true, true],
    ['registry.example.com:5000', ['registry.example.com:5001'], false, false],
    ['registry.example.com:5000', ['example.com', ''], false, false],
  ])(
    'of %s with %j insecure allow plain http: %s, a bad certificate: %s',
    (host, insecureHosts, plain, unverified) => {
      const endpoint = registryEndpoint(host, { ...none, insecureHosts });
      expect([endpoint.plainAllowed, endpoint.unverifiedAllowed]).toEqual([plain, unverified]);
    },
  );

  it('ask the mirror before the registry, with its path before the repository', () => {
    const settings = {
      insecureHosts: [],
      mirrors: { 'index.docker.io': 'https://harbor.example.com/hub-cache/' },
    };
    expect(
      readEndpoints('docker.io', settings).map(({ host, prefix, isMirror }) => [host, prefix, isMirror]),
    ).toEqual([
      ['harbor.example.com', 'hub-cache', true],
      ['registry-1.docker.io', '', false],
    ]);
    expect(readEndpoints('ghcr.io', settings)).toHaveLength(1);
  });

  it('leave out an empty mirror', () => {
    expect(readEndpoints('docker.io', { insecureHosts: [], mirrors: { 'docker.io': ' ' } })).toHaveLength(1);
  });
});

describe('addresses', () => {
  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1', '[::1]:8', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'])(
    '%s is loopback',
    (host) => expect(isLoopbackHost(host)).toBe(true),
  );
  it.each(['example.com', '128.0.0.1', 'localhost.com', '127.0.0.1.example.com', '[::2]'])(
    '%s is not loopback',
    (host) => expect(isLoopbackHost(host)).toBe(false),
  );
  it.each([
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.1',
    '192.168.0.1',
    '169.254.169.254',
    '127.0.0.1',
    '0.0.0.0',
    '100.64.0.1',
    '[::1]',
    '[fe80::1]',
    '[fd00::1]',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]:80',
  ])('%s is private', (host) => expect(isPrivateAddress(host)).toBe(true));
  it.each(['8.8.8.8', '172.32.0.1', '192.169.0.1', 'internal', 'fd.example.com', '[2001:db8::1]'])(
    '%s is not private',
    (host) => expect(isPrivateAddress(host)).toBe(false),
  );
});
