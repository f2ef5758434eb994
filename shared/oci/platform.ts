import { AppError } from '../errors/app-error.ts';

/** A platform as the image specification names it: Go's GOOS, GOARCH and a CPU variant. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
  readonly osVersion?: string | undefined;
}

const ARCHITECTURE_ALIAS: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  x64: 'amd64',
  aarch64: 'arm64',
  armhf: 'arm',
  i386: '386',
  ia32: '386',
};

/** The platform without the variants that mean the default (`arm64/v8` is `arm64`, `arm` is `arm/v7`). */
export function normalizePlatform(platform: Platform): Platform {
  const architecture = ARCHITECTURE_ALIAS[platform.architecture] ?? platform.architecture;
  let variant = platform.variant || undefined;
  if (platform.architecture === 'armel') return { os: platform.os, architecture: 'arm', variant: 'v6' };
  if (architecture === 'arm64' && (variant === 'v8' || variant === '8')) variant = undefined;
  if (architecture === 'arm' && variant === undefined) variant = 'v7';
  if (architecture === 'amd64' && variant === 'v1') variant = undefined;
  return { ...platform, architecture, variant };
}

/** Reads `os/arch[/variant]` or a bare architecture; throws `invalid-input`. */
export function parsePlatform(text: string, fallbackOs = 'linux'): Platform {
  const parts = text.toLowerCase().split('/');
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.-]+$/.test(part))) {
    throw new AppError('invalid-input', `"${text}" is not a platform.`, {
      hint: 'Write it like linux/amd64 or linux/arm64.',
    });
  }
  const [first = '', second, third] = parts;
  if (second === undefined) return normalizePlatform({ os: fallbackOs, architecture: first });
  return normalizePlatform({ os: first, architecture: second, variant: third });
}

/** `os/arch[/variant]`, the form that {@link parsePlatform} reads. */
export function formatPlatform(platform: Platform): string {
  return [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/');
}

/** Whether both name the same platform after normalisation. */
export function samePlatform(a: Platform, b: Platform): boolean {
  return formatPlatform(normalizePlatform(a)) === formatPlatform(normalizePlatform(b));
}
