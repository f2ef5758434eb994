import { AppError } from '../errors/app-error.ts';
import { formatPlatform, type Platform, parsePlatform } from './platform.ts';

/** The names that images use: Go's GOOS and GOARCH (image-spec, config.md). */
const SYSTEMS = new Set(
  'linux windows darwin freebsd netbsd openbsd dragonfly solaris illumos aix plan9 android ios js wasip1 zos'.split(
    ' ',
  ),
);
const PROCESSORS = new Set(
  '386 amd64 arm arm64 loong64 mips mipsle mips64 mips64le ppc64 ppc64le riscv64 s390x sparc64 wasm'.split(
    ' ',
  ),
);

/**
 * The platform that is to be built for. Throws `invalid-input` for text that is none, and for a system or processor
 * that no image has: a spelling mistake would otherwise be told by a registry, as an image that is not there.
 */
export function parseBuildPlatform(text: string): Platform {
  const platform = parsePlatform(text.trim());
  const { os, architecture } = platform;
  if (SYSTEMS.has(os) && PROCESSORS.has(architecture)) return platform;
  const [what, name] = SYSTEMS.has(os) ? ['processor', architecture] : ['operating system', os];
  throw new AppError('invalid-input', `"${text.trim()}" is not a platform: no ${what} is called "${name}".`, {
    hint: 'Write it like linux/amd64, linux/arm64 or linux/arm/v7.',
  });
}

/**
 * The platforms of a build, in the order they are written and each once: one, or several with commas between them;
 * none for empty text. Throws `invalid-input` as {@link parseBuildPlatform} does.
 */
export function parseBuildPlatforms(text: string | undefined): readonly Platform[] {
  if (text === undefined || text.trim() === '') return [];
  const byName = new Map(
    text.split(',').map((word) => {
      const platform = parseBuildPlatform(word);
      return [formatPlatform(platform), platform];
    }),
  );
  return [...byName.values()];
}
