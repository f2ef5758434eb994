import { describe, expect, it } from 'vitest';
import { proxyFor } from './proxy.ts';

const both = { HTTP_PROXY: 'http://plain:1', HTTPS_PROXY: 'http://secure:2' };

describe('proxyFor', () => {
  it.each([
    ['https://ghcr.io/', both, 'http://secure:2/'],
    ['http://ghcr.io/', both, 'http://plain:1/'],
    ['https://ghcr.io/', { ...both, https_proxy: 'http://lower:3' }, 'http://lower:3/'],
    ['https://ghcr.io/', { HTTP_PROXY: 'http://plain:1' }, undefined],
    ['https://ghcr.io/', { ALL_PROXY: 'all:9' }, 'http://all:9/'],
    ['https://ghcr.io/', { HTTPS_PROXY: 'socks5://x:1' }, undefined],
    ['https://ghcr.io/', { HTTPS_PROXY: '' }, undefined],
    ['https://localhost:5000/', both, undefined],
    ['https://127.0.0.1:5000/', both, undefined],
    ['https://[::1]:5000/', both, undefined],
    ['https://ghcr.io/', { ...both, NO_PROXY: '*' }, undefined],
    ['https://ghcr.io/', { ...both, NO_PROXY: 'docker.io, ghcr.io' }, undefined],
    ['https://sub.ghcr.io/', { ...both, NO_PROXY: 'ghcr.io' }, undefined],
    ['https://sub.ghcr.io/', { ...both, no_proxy: '.ghcr.io' }, undefined],
    ['https://ghcr.io/', { ...both, NO_PROXY: '.ghcr.io' }, 'http://secure:2/'],
    ['https://sub.ghcr.io/', { ...both, NO_PROXY: '*.ghcr.io' }, undefined],
    ['https://notghcr.io/', { ...both, NO_PROXY: 'ghcr.io' }, 'http://secure:2/'],
    ['https://a.b:5000/', { ...both, NO_PROXY: 'a.b:5000' }, undefined],
    ['https://a.b:5001/', { ...both, NO_PROXY: 'a.b:5000' }, 'http://secure:2/'],
    ['https://10.1.2.3/', { ...both, NO_PROXY: '10.0.0.0/8' }, undefined],
    ['https://10.1.2.3/', { ...both, NO_PROXY: '10.1.2.3' }, undefined],
    ['https://10.1.2.3:5000/', { ...both, NO_PROXY: '10.1.2.3:5000' }, undefined],
    ['https://10.1.2.3:5001/', { ...both, NO_PROXY: '10.1.2.3:5000' }, 'http://secure:2/'],
    ['https://10.1.2.3/', { ...both, NO_PROXY: '10.1.2.0/33, nonsense/8, 10.1.2.0/' }, 'http://secure:2/'],
    ['https://a.b:5000/', { ...both, NO_PROXY: '.b:5000' }, undefined],
    ['https://a.b:5001/', { ...both, NO_PROXY: '.b:5000' }, 'http://secure:2/'],
    ['https://[fd00::5]/', { ...both, NO_PROXY: 'fd00::/8' }, undefined],
    ['https://[fe80::5]/', { ...both, NO_PROXY: 'fd00::/8' }, 'http://secure:2/'],
    ['https://[2001:db8::1]:5000/', { ...both, NO_PROXY: '2001:db8::1' }, undefined],
    ['https://[2001:db8::1]:5000/', { ...both, NO_PROXY: '2001:DB8:0::1' }, undefined],
    ['https://[2001:db8::1]:5000/', { ...both, NO_PROXY: '[2001:db8::1]:5000' }, undefined],
    ['https://[2001:db8::1]:5001/', { ...both, NO_PROXY: '[2001:db8::1]:5000' }, 'http://secure:2/'],
    ['https://[2001:db8::2]/', { ...both, NO_PROXY: '2001:db8::1' }, 'http://secure:2/'],
    ['https://11.1.2.3/', { ...both, NO_PROXY: '10.0.0.0/8' }, 'http://secure:2/'],
  ])('%s with %j goes through %s', (url, environment, expected) => {
    expect(proxyFor(new URL(url), environment)?.href).toBe(expected);
  });
});
