const KEY = 'strata.repositories';
const MOST = 12;

/** Repositories at registries that were opened last, newest first, with their registry. */
export function recentRepositories(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

/** Puts a repository before the others. */
export function rememberRepository(name: string): void {
  const others = recentRepositories().filter((other) => other !== name);
  localStorage.setItem(KEY, JSON.stringify([name, ...others].slice(0, MOST)));
}
