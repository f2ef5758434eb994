import { gzipSync } from 'node:zlib';
import { AGE, type BuildCase, overBase } from '../build-case.ts';
import { caseTar } from '../case-tar.ts';

const SIMPLE = caseTar(
  { path: './', type: 'directory', mode: 0o700, uid: 9, gid: 9 },
  { path: './d', type: 'directory', mode: 0o711, uid: 3, gid: 4 },
  { path: './d/f', text: 'F', mode: 0o600, uid: 3, gid: 4 },
  { path: './d/l', type: 'symlink', mode: 0o777, linkName: 'f' },
  { path: './d/h', type: 'hardlink', linkName: 'd/f', mode: 0o640, uid: 3, gid: 7 },
  { path: './p', type: 'fifo' },
);

/** ADD of archives and of what only looks like one. */
export const ADD_CASES: readonly BuildCase[] = [
  {
    name: 'add unpacks a tar',
    dockerfile: overBase('ADD a.tar /x', 'ADD a.tar /y/', 'ADD a.tar /srv'),
    files: { 'a.tar': { bytes: SIMPLE } },
  },
  {
    name: 'add unpacks gzip whatever its name',
    dockerfile: overBase('ADD anything /x/'),
    files: { anything: { bytes: gzipSync(SIMPLE) } },
  },
  {
    name: 'add with chown',
    dockerfile: overBase('ADD --chown=app:staff a.tar /x'),
    files: { 'a.tar': { bytes: SIMPLE } },
    differences: [{ line: /^tree x\/(d|p)/, because: AGE.archiveOwner }],
  },
  {
    name: 'add with chmod',
    dockerfile: overBase('ADD --chmod=750 a.tar /x'),
    files: { 'a.tar': { bytes: SIMPLE } },
  },
  {
    name: 'add of several archives and files',
    dockerfile: overBase('ADD a.tar b.tar plain.txt /x/'),
    files: {
      'a.tar': { bytes: SIMPLE },
      'b.tar': { bytes: caseTar({ path: 'd/f', text: 'other' }, { path: 'g', text: 'G' }) },
      'plain.txt': 'p',
    },
  },
  {
    name: 'add by wildcard',
    dockerfile: overBase('ADD *.tar /x/'),
    files: { 'a.tar': { bytes: SIMPLE }, 'b.tar': { bytes: caseTar({ path: 'g', text: 'G' }) } },
  },
  {
    name: 'add copies what is no archive',
    dockerfile: overBase('ADD text.tar /a/', 'ADD text.gz /b/', 'ADD empty.tar /c/', 'ADD text.tar /named'),
    files: { 'text.tar': 'not a tar', 'text.gz': { bytes: gzipSync('just text') }, 'empty.tar': '' },
  },
  {
    name: 'add through links of the image',
    dockerfile: overBase('ADD a.tar /', 'ADD b.tar /var'),
    files: {
      'a.tar': { bytes: caseTar({ path: 'var/run/x', text: 'x' }, { path: 'var/kept/y', text: 'y' }) },
      'b.tar': { bytes: caseTar({ path: 'z', text: 'z' }) },
    },
  },
  {
    name: 'add through an absolute link below the destination',
    dockerfile: overBase('RUN mkdir -p /d/run && ln -s /run /d/l', 'ADD a.tar /d'),
    files: { 'a.tar': { bytes: caseTar({ path: 'l/x', text: 'x' }) } },
  },
  {
    name: 'add replaces a folder by a file',
    dockerfile: overBase('ADD a.tar /'),
    files: { 'a.tar': { bytes: caseTar({ path: 'srv', text: 'now a file' }) } },
  },
  {
    name: 'add replaces files and links',
    dockerfile: overBase('ADD a.tar /'),
    files: {
      'a.tar': {
        bytes: caseTar(
          { path: 'srv/old', text: 'new' },
          { path: 'var/run', type: 'symlink', mode: 0o777, linkName: '/tmp' },
          { path: 'bin/ls', text: 'no more' },
        ),
      },
    },
  },
  {
    name: 'add makes missing folders of an archive',
    dockerfile: overBase('ADD a.tar /x'),
    files: { 'a.tar': { bytes: caseTar({ path: 'q/r/s', text: 'S', uid: 5, gid: 5 }) } },
  },
  {
    name: 'add of a folder with an archive in it',
    dockerfile: overBase('ADD d /x'),
    files: { 'd/a.tar': { bytes: SIMPLE }, 'd/f': 'f' },
  },
  {
    name: 'add of an archive by a link',
    dockerfile: overBase('ADD link.tar /x'),
    files: { 'a.tar': { bytes: SIMPLE }, 'link.tar': { link: 'a.tar' } },
  },
  {
    name: 'add with a device and odd modes',
    dockerfile: overBase('ADD a.tar /x'),
    files: {
      'a.tar': {
        bytes: caseTar(
          { path: 'n', type: 'char', devMajor: 1, devMinor: 3, mode: 0o666 },
          { path: 's', text: 's', mode: 0o6755 },
          { path: 't', type: 'directory', mode: 0o1777 },
        ),
      },
    },
  },
  {
    name: 'add does not leave the destination',
    dockerfile: overBase('ADD a.tar /x'),
    files: { 'a.tar': { bytes: caseTar({ path: 'in', text: 'i' }, { path: '/abs', text: 'a' }) } },
  },
];
