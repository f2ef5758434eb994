import { expect, test } from 'vitest';
import { shortenCommand, shortenDigest, shortenText } from './shorten.ts';

test('a digest keeps its algorithm, its beginning and its end', () => {
  expect(shortenDigest(`sha256:9c1f${'0'.repeat(56)}e07a`)).toBe('sha256:9c1f…e07a');
  expect(shortenDigest('sha256:abc')).toBe('sha256:abc');
});

test.each([
  ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
  ['/bin/sh -c apt-get update', 'RUN apt-get update'],
  ['RUN /bin/sh -c npm ci --omit=dev # buildkit', 'RUN npm ci --omit=dev'],
  ['COPY . . # buildkit', 'COPY . .'],
  ['|1 VERSION=2 /bin/sh -c echo   hi', 'RUN echo hi'],
  ['RUN |2 A=1 B=2 /bin/sh -c npm ci', 'RUN npm ci'],
  ['RUN /bin/bash -eo pipefail -c true', 'RUN true'],
  ['WORKDIR /app', 'WORKDIR /app'],
])('the history entry %s is shown as %s', (createdBy, text) => {
  expect(shortenCommand(createdBy)).toBe(text);
});

test('a long text is one line that ends where there is no more room', () => {
  expect(shortenText('RUN echo one\n  && echo two', 40)).toBe('RUN echo one && echo two');
  expect(shortenText('RUN echo one && echo two', 13)).toBe('RUN echo one…');
});
