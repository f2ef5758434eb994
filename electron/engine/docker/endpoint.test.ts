import { describe, expect, it } from 'vitest';
import { formatEndpoint, parseEndpoint } from './endpoint.ts';

describe('the address of an engine', () => {
  it.each([
    ['unix:///var/run/docker.sock', { kind: 'socket', path: '/var/run/docker.sock' }],
    ['/run/podman/podman.sock', { kind: 'socket', path: '/run/podman/podman.sock' }],
    ['npipe:////./pipe/docker_engine', { kind: 'socket', path: '//./pipe/docker_engine' }],
    ['tcp://10.0.0.2', { kind: 'tcp', host: '10.0.0.2', port: 2375, tls: null }],
    ['10.0.0.2:4243', { kind: 'tcp', host: '10.0.0.2', port: 4243, tls: null }],
    ['localhost', { kind: 'tcp', host: 'localhost', port: 2375, tls: null }],
    ['tcp://build.example:2376', { kind: 'tcp', port: 2376, tls: { folder: null, skipVerify: false } }],
    ['https://build.example', { kind: 'tcp', port: 2376, tls: { folder: null, skipVerify: false } }],
    ['tcp://[::1]:2375', { kind: 'tcp', host: '::1', port: 2375 }],
    ['ssh://me@build.example', { kind: 'ssh', destination: 'me@build.example', port: null }],
    ['ssh://ann%40corp@build.example', { kind: 'ssh', destination: 'ann@corp@build.example', port: null }],
    ['ssh://100%@build.example', { kind: 'ssh', destination: '100%@build.example', port: null }],
    ['ssh://build.example:2222', { kind: 'ssh', destination: 'build.example', port: 2222 }],
  ])('%s is read', (text, expected) => {
    const endpoint = parseEndpoint(text);
    expect(endpoint).toMatchObject(expected);
    expect(parseEndpoint(formatEndpoint(endpoint))).toEqual(endpoint);
  });

  it.each(['unix://', 'ftp://x', 'tcp://', 'ssh://', 'ssh://-oProxyCommand=x', 'http://a b'])(
    '%s is refused with a hint',
    (text) => {
      expect(() => parseEndpoint(text)).toThrow(
        expect.objectContaining({ code: 'invalid-input', hint: expect.stringContaining('unix://') }),
      );
    },
  );
});
