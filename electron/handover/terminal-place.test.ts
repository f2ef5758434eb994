import { expect, it } from 'vitest';
import { differenceOf, ownStanding } from './terminal-place.ts';

const standing = ownStanding();
const between = (terminal: NodeJS.ProcessEnv, host: NodeJS.ProcessEnv) =>
  differenceOf({ env: terminal, standing }, { env: host, standing });

it.each([
  'PATH',
  'HOME',
  'HTTPS_PROXY',
  'http_proxy',
  'NO_PROXY',
  'DOCKER_CONFIG',
  'XDG_RUNTIME_DIR',
  'SSL_CERT_FILE',
  'NODE_EXTRA_CA_CERTS',
  'AWS_PROFILE',
  'TMPDIR',
  'LANG',
  'STRATA_HOME',
])('a terminal where %s is another, or set on one side alone, builds by itself', (name) => {
  const told = `other values of ${name}`;
  expect(between({ [name]: 'secret-a' }, { [name]: 'secret-b' })).toBe(told);
  expect(between({ [name]: 'secret-a' }, {})).toBe(told);
  expect(between({}, { [name]: 'secret-b' })).toBe(told);
  expect(between({ [name]: 'same' }, { [name]: 'same' })).toBeNull();
});

it.each(['TERM', 'PWD', 'SHLVL', 'COLUMNS', 'EDITOR', 'SSH_TTY', 'STRATA_DEBUG', 'TOKEN'])(
  '%s decides nothing of a build, or goes with it',
  (name) => expect(between({ [name]: 'a' }, { [name]: 'b' })).toBeNull(),
);

it('names all that differs in order, and no value', () => {
  expect(between({ PATH: 'x', HOME: 'y' }, {})).toBe('other values of HOME, PATH');
});

it('another user, mask, root folder or namespace is another standing', () => {
  const told = differenceOf({ env: {}, standing: `${standing} ` }, { env: {}, standing });
  expect(told).toMatch(/^another user/);
  expect(ownStanding()).toBe(standing);
  const old = process.umask(0o077);
  try {
    expect(ownStanding()).not.toBe(standing);
  } finally {
    process.umask(old);
  }
});
