import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatPlatform, type Platform } from '#shared/oci/platform.ts';
import { hostPlatform } from '../platform/host-platform.ts';

/** How ELF names a processor: class (1: 32, 2: 64 bit), byte order (1: little, 2: big), machine (elf.h, EM_*). */
type Elf = readonly [bits: 1 | 2, order: 1 | 2, machine: number];

const ELF: Readonly<Record<string, Elf>> = {
  amd64: [2, 1, 62],
  '386': [1, 1, 3],
  arm64: [2, 1, 183],
  arm: [1, 1, 40],
  riscv64: [2, 1, 243],
  ppc64le: [2, 1, 21],
  s390x: [2, 2, 22],
  mips64le: [2, 1, 8],
  loong64: [2, 1, 258],
};

/** Programs of the second processor that the first runs by itself. */
const NATIVE: Readonly<Record<string, string>> = { amd64: '386', arm64: 'arm' };

const HANDLERS = '/proc/sys/fs/binfmt_misc';

/**
 * Why programs of a platform cannot run here, in words; null when they can: on their own processor, or through a
 * handler of binfmt_misc that the kernel has opened already (flag F), since an image does not hold it.
 */
export async function whyNotRunnable(
  platform: Platform,
  host: Platform = hostPlatform(),
  folder = HANDLERS,
): Promise<string | null> {
  const { os, architecture } = platform;
  if (os !== host.os) return `programs of ${formatPlatform(platform)} need another operating system`;
  if (architecture === host.architecture || NATIVE[host.architecture] === architecture) return null;
  const elf = ELF[architecture];
  const handlers = elf === undefined ? [] : await handlersOf(elf, folder);
  if (handlers.some(({ flags }) => flags.includes('F'))) return null;
  const machine = `this machine (${formatPlatform(host)}) cannot execute programs of ${formatPlatform(platform)}`;
  return handlers.length === 0
    ? `${machine}: no handler in binfmt_misc knows them`
    : `${machine}: the handler in binfmt_misc lacks the flag F, so that it is not found within an image`;
}

interface Handler {
  readonly flags: string;
  readonly offset: number;
  readonly magic: Buffer;
  readonly mask: Buffer | null;
}

/** The enabled handlers that take ELF programs of this kind. */
async function handlersOf(elf: Elf, folder: string): Promise<Handler[]> {
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(
    names
      .filter((name) => name !== 'register' && name !== 'status')
      .map((name) => readFile(join(folder, name), 'latin1').catch(() => '')),
  );
  const program = elfHeader(elf);
  return texts.flatMap((text) => {
    const handler = parseHandler(text);
    return handler !== null && matches(handler, program) ? [handler] : [];
  });
}

/** Reads what the kernel tells of a handler (Documentation/admin-guide/binfmt-misc.rst); null for a disabled one. */
function parseHandler(text: string): Handler | null {
  const value = (name: string) => new RegExp(`^${name}:? (.*)$`, 'm').exec(text)?.[1];
  const magic = value('magic');
  if (!text.startsWith('enabled') || magic === undefined) return null;
  const mask = value('mask');
  return {
    flags: value('flags') ?? '',
    offset: Number(value('offset') ?? 0),
    magic: Buffer.from(magic, 'hex'),
    mask: mask === undefined ? null : Buffer.from(mask, 'hex'),
  };
}

function matches({ offset, magic, mask }: Handler, program: Buffer): boolean {
  return magic.every((byte, i) => {
    const bits = mask?.[i] ?? 0xff;
    return (byte & bits) === ((program[offset + i] ?? 0) & bits);
  });
}

/** The beginning of an executable of this kind. */
function elfHeader([bits, order, machine]: Elf): Buffer {
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, bits, order, 1]);
  for (const [at, value] of [
    [16, 2],
    [18, machine],
  ] as const) {
    if (order === 1) header.writeUInt16LE(value, at);
    else header.writeUInt16BE(value, at);
  }
  return header;
}
