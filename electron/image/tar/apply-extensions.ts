import { decodeName } from './entry-name.ts';
import { malformed, type RawHeader } from './header.ts';
import { type PaxRecords, parsePaxInteger, parsePaxTime, XATTR_PREFIX } from './pax.ts';

/** What PAX and GNU headers in front of an entry say about it. */
export interface Extensions {
  readonly pax: PaxRecords;
  readonly longName: string | undefined;
  readonly longLink: string | undefined;
}

/** An entry's fields after its extensions were applied. */
export interface ExtendedHeader extends Omit<RawHeader, 'name'> {
  readonly path: string;
  readonly xattrs: Readonly<Record<string, string>>;
  /** Size with holes, of a sparse file in one of GNU's PAX formats. */
  readonly realSize: number | undefined;
  /** GNU's PAX sparse format 1.0: the map stands in front of the stored bytes. */
  readonly mapInBody: boolean;
}

const NO_XATTRS: Readonly<Record<string, string>> = Object.freeze({});

/** `raw` as its extensions change it; PAX wins over GNU names. Throws `malformed`. */
export function applyExtensions(raw: RawHeader, extensions: Extensions): ExtendedHeader {
  // Field by field, here and where entries are made of headers: spreading costs more than all the parsing.
  const header: Mutable<ExtendedHeader> = {
    path: extensions.longName ?? raw.name,
    linkName: extensions.longLink ?? raw.linkName,
    typeFlag: raw.typeFlag,
    mode: raw.mode,
    uid: raw.uid,
    gid: raw.gid,
    size: raw.size,
    mtime: raw.mtime,
    devMajor: raw.devMajor,
    devMinor: raw.devMinor,
    xattrs: NO_XATTRS,
    realSize: undefined,
    mapInBody: false,
  };
  if (extensions.pax.length > 0) applyPax(header, extensions.pax);
  return header;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function applyPax(header: Mutable<ExtendedHeader>, records: PaxRecords): void {
  const xattrs = new Map<string, string>();
  let sparseName: string | undefined;
  for (const [key, value] of records) {
    if (key.startsWith(XATTR_PREFIX)) {
      xattrs.set(key.slice(XATTR_PREFIX.length), value.toString('latin1'));
      continue;
    }
    // An empty value takes back what an earlier header said.
    if (value.length === 0) continue;
    if (key === 'GNU.sparse.name') sparseName = paxName(value);
    else applyRecord(header, key, value);
  }
  if (sparseName !== undefined) header.path = sparseName;
  if (xattrs.size > 0) header.xattrs = Object.fromEntries(xattrs);
}

function applyRecord(header: Mutable<ExtendedHeader>, key: string, value: Buffer): void {
  switch (key) {
    case 'path':
      header.path = paxName(value);
      break;
    case 'linkpath':
      header.linkName = paxName(value);
      break;
    case 'size':
      header.size = parsePaxInteger(value);
      break;
    case 'uid':
      header.uid = parsePaxInteger(value);
      break;
    case 'gid':
      header.gid = parsePaxInteger(value);
      break;
    case 'mtime':
      header.mtime = parsePaxTime(value);
      break;
    case 'GNU.sparse.size':
    case 'GNU.sparse.realsize':
      header.realSize = parsePaxInteger(value);
      break;
    case 'GNU.sparse.major':
      header.mapInBody = value.toString('latin1') === '1';
      break;
  }
}

function paxName(value: Buffer): string {
  if (value.includes(0)) throw malformed('a name holds a NUL byte');
  return decodeName(value);
}
