/** A reference as it is being typed, cut into parts that together are the text again. */
export interface ReferenceParts {
  /** Registry, without the slash; empty where Docker Hub is meant. */
  readonly host: string;
  /** With the slash before it. */
  readonly repository: string;
  /** With its colon, or a digest with its @. */
  readonly tag: string;
}

/** Cuts what is typed for colouring; it need not be a valid reference yet. */
export function splitReference(text: string): ReferenceParts {
  const slash = text.indexOf('/');
  const first = slash < 0 ? '' : text.slice(0, slash);
  const host = /[.:]/.test(first) || first === 'localhost' ? first : '';
  const rest = text.slice(host.length);
  const at = rest.indexOf('@');
  const colon = at < 0 ? rest.lastIndexOf(':') : at;
  const cut = colon > rest.lastIndexOf('/') || at >= 0 ? colon : -1;
  if (cut < 0) return { host, repository: rest, tag: '' };
  return { host, repository: rest.slice(0, cut), tag: rest.slice(cut) };
}
