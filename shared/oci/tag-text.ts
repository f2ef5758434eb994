/** A text as a tag (distribution-spec: `[\w][\w.-]{0,127}`): `feature/log in` becomes `feature-log-in`; null where nothing is left. */
export function tagFrom(text: string): string | null {
  const tag = text
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[.-]+|-+$/g, '')
    .slice(0, 128);
  return tag === '' ? null : tag;
}
