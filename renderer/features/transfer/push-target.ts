import type { Route } from '#renderer/store/route.ts';
import type { ImageSummary } from '#shared/contract/images.ts';
import { splitReference } from './split-reference.ts';

/**
 * The name that a push of the image begins with: the one by which it was opened where that says a registry, else its
 * first name with a registry, else its first name; empty for an image without names.
 */
export function firstPushTarget({ names }: Pick<ImageSummary, 'names'>, route?: Route): string {
  const opened = route?.screen === 'image' ? names.filter((name) => name === route.ref) : [];
  return [...opened, ...names].find(saysRegistry) ?? names[0] ?? '';
}

/** Other names of the image that it could be pushed as, those with a registry first. */
export function pushTargets(names: readonly string[]): readonly string[] {
  return [...names.filter(saysRegistry), ...names.filter((name) => !saysRegistry(name))];
}

function saysRegistry(name: string): boolean {
  return splitReference(name).host !== '';
}
