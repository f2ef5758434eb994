import { AppError } from '#shared/errors/app-error.ts';
import { parentPath } from '../image/stack-tree.ts';
import { encodeEntryHeader, TAR_END, type TarEntryFields, tarPadding } from '../image/tar/encode-entry.ts';
import { readTar, type TarEntry } from '../image/tar/read-tar.ts';
import { cleanEntryPath, parseWhiteout } from '../image/tar/safe-path.ts';
import { type IdMap, mapsId } from './id-map.ts';
import { keptXattrs, OPAQUE_XATTR } from './kept-xattrs.ts';
import { LowerPaths } from './lower-paths.ts';

/** What a folder gets that a layer fills without naming it. */
export type FolderAttributes = Pick<TarEntryFields, 'mode' | 'uid' | 'gid' | 'mtime'>;

export interface LowerTarOptions {
  /** Decides the name of the mark of opaque folders and whether device nodes can be made. */
  readonly mode: 'root' | 'rootless';
  readonly ids: IdMap;
  readonly signal: AbortSignal;
  /** Asked for each folder that the layer fills without naming it. */
  readonly attributesOf: (folder: string) => FolderAttributes;
}

const BLOCK = Buffer.alloc(512);

/**
 * Turns the tar of a layer into one that unpacks, anywhere, to the layer in overlay form: whiteouts become
 * devices 0/0, opaque folders get their attribute, every folder is named before it is filled, links cannot lead
 * out. Throws `unsafe-archive` and `malformed` for what no honest layer holds, `permission` for an owner that
 * has no id here, `unsupported` for a layer that hides everything below it.
 */
export async function* lowerTar(
  layer: AsyncIterable<Uint8Array>,
  options: LowerTarOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const form = new OverlayForm(options);
  for await (const entry of readTar(layer, { signal: options.signal })) {
    const fields = form.convert(entry);
    for (const header of fields) yield encodeEntryHeader(header);
    if (entry.type !== 'file' || fields.at(-1)?.type !== 'file') continue;
    yield* entry.body;
    if (tarPadding(entry.size) > 0) yield BLOCK.subarray(0, tarPadding(entry.size));
  }
  yield TAR_END;
}

class OverlayForm {
  readonly #paths = new LowerPaths();
  readonly #folders = new Map<string, TarEntryFields>();
  readonly #opaque = new Set<string>();
  readonly #options: LowerTarOptions;

  constructor(options: LowerTarOptions) {
    this.#options = options;
  }

  /** The entries to write for one entry of the layer, none for one without meaning here; a file's own is the last. */
  convert(entry: TarEntry): TarEntryFields[] {
    const path = cleanEntryPath(entry.path);
    // The root of what a step sees is that of its upper directory.
    if (path === '') return [];
    const whiteout = parseWhiteout(path);
    if (whiteout?.type === 'ignored') return [];
    if (whiteout?.type === 'opaque') return this.#hideBelow(whiteout.path);
    if (whiteout?.type === 'whiteout') return this.#hide(whiteout.path);
    if (entry.type === 'char' && entry.devMajor === 0 && entry.devMinor === 0) return [];
    if (isDevice(entry) && this.#options.mode === 'rootless') return [];
    this.#checkOwner(path, entry);
    const place = this.#paths.locate(path);
    const parents = this.#makeParents(place);
    if (entry.type === 'directory') return [...parents, this.#folder(place, entry)];
    if (this.#paths.kindOf(place) === 'folder') throw malformed(path, 'is a folder and something else');
    const linkName = entry.type === 'hardlink' ? this.#linkTarget(path, entry.linkName) : entry.linkName;
    this.#paths.place(place, entry.type === 'symlink' ? 'symlink' : 'other', entry.linkName);
    return [...parents, { ...plainFields(place, entry), linkName, xattrs: fileXattrs(entry) }];
  }

  /** Emits the folder; what a whiteout of the same layer hides below it stays hidden. */
  #folder(
    place: string,
    attributes: FolderAttributes & { readonly xattrs?: TarEntryFields['xattrs'] },
  ): TarEntryFields {
    if (this.#paths.kindOf(place) === 'whiteout') this.#opaque.add(place);
    const mark = this.#opaque.has(place) ? { [OPAQUE_XATTR[this.#options.mode]]: 'y' } : {};
    const { mode, uid, gid, mtime } = attributes;
    const xattrs = { ...keptXattrs(attributes.xattrs ?? {}), ...mark };
    const folder: TarEntryFields = { path: place, type: 'directory', mode, uid, gid, mtime, size: 0, xattrs };
    this.#paths.place(place, 'folder');
    this.#folders.set(place, folder);
    return folder;
  }

  #makeParents(place: string): TarEntryFields[] {
    const missing: string[] = [];
    for (let at = parentPath(place); this.#paths.kindOf(at) !== 'folder'; at = parentPath(at))
      missing.unshift(at);
    return missing.map((folder) => this.#folder(folder, this.#options.attributesOf(folder)));
  }

  /** A whiteout hides what is below the layer only: what the layer itself puts there stays. */
  #hide(path: string): TarEntryFields[] {
    const place = this.#paths.locate(path);
    const kind = this.#paths.kindOf(place);
    if (kind === 'folder') return this.#hideBelow(path);
    if (kind !== undefined) return [];
    const parents = this.#makeParents(place);
    this.#paths.place(place, 'whiteout');
    const device = {
      type: 'char',
      mode: 0,
      uid: 0,
      gid: 0,
      size: 0,
      mtime: 0,
      devMajor: 0,
      devMinor: 0,
    } as const;
    return [...parents, { path: place, ...device }];
  }

  #hideBelow(path: string): TarEntryFields[] {
    if (path === '') throw hidesAll();
    const place = this.#paths.locate(path);
    this.#opaque.add(place);
    const parents = this.#makeParents(place);
    return [...parents, this.#folder(place, this.#folders.get(place) ?? this.#options.attributesOf(place))];
  }

  #linkTarget(path: string, raw: string): string {
    const target = this.#paths.locate(cleanEntryPath(raw));
    const kind = this.#paths.kindOf(target);
    if (kind === 'other' || kind === 'symlink') return target;
    throw malformed(path, `is a hard link to ${JSON.stringify(target)}, which the layer does not hold`);
  }

  #checkOwner(path: string, { uid, gid }: TarEntry): void {
    const { users, groups } = this.#options.ids;
    if (mapsId(users, uid) && mapsId(groups, gid)) return;
    throw new AppError(
      'permission',
      `The layer holds ${JSON.stringify(path)} of owner ${uid}:${gid}, an id that a normal user's sandbox does not have here.`,
      {
        hint: 'Give yourself more subordinate ids (usermod --add-subuids, --add-subgids), or run Strata as root.',
        detail: { kind: 'path', path },
      },
    );
  }
}

function plainFields(path: string, entry: TarEntry): TarEntryFields {
  const { type, mode, uid, gid, size, mtime, devMajor, devMinor } = entry;
  return { path, type, mode, uid, gid, size, mtime, devMajor, devMinor };
}

/** Other kinds of file cannot have them. */
function fileXattrs(entry: TarEntry): TarEntryFields['xattrs'] {
  return entry.type === 'file' ? keptXattrs(entry.xattrs) : undefined;
}

function isDevice({ type }: TarEntry): boolean {
  return type === 'char' || type === 'block';
}

function malformed(path: string, what: string): AppError {
  return new AppError('malformed', `The layer is damaged: ${JSON.stringify(path)} ${what}.`, {
    detail: { kind: 'path', path },
  });
}

function hidesAll(): AppError {
  return new AppError(
    'unsupported',
    'A layer of the image hides everything below it, which RUN cannot show yet.',
    {
      hint: 'Build with the Docker engine.',
    },
  );
}
