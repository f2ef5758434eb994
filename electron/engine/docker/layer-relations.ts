/** The layers of one image as far as relations between images need them; both lists are oldest first. */
export interface LayerStack {
  readonly id: string;
  readonly diffIds: readonly string[];
  readonly sizes: readonly number[];
}

/** How the layers of one image stand to those of the others. */
export interface LayerRelations {
  /** Number of its oldest layers that are the whole of another image: its base, as far as that is here. */
  readonly baseLayers: number;
  /** That other image; null when its base is not here. */
  readonly base: string | null;
  /** Bytes of the layers that no other image holds. */
  readonly uniqueSize: number;
  /** For each layer the ids of the other images that hold it on the same layers below. */
  readonly sharedWith: readonly (readonly string[])[];
}

interface Node {
  readonly children: Map<string, Node>;
  /** Images with this layer. */
  readonly holders: string[];
  /** Images of which this is the newest layer. */
  readonly ends: string[];
}

const newNode = (): Node => ({ children: new Map(), holders: [], ends: [] });

/** Relates images by their common oldest layers. */
export function relateLayers(stacks: readonly LayerStack[]): Map<string, LayerRelations> {
  const root = newNode();
  const paths = new Map<string, Node[]>();
  for (const stack of stacks) paths.set(stack.id, insert(root, stack));
  return new Map(stacks.map((stack) => [stack.id, relationsOf(stack, paths.get(stack.id) ?? [])] as const));
}

function insert(root: Node, stack: LayerStack): Node[] {
  const path: Node[] = [];
  let node = root;
  for (const diffId of stack.diffIds) {
    let child = node.children.get(diffId);
    if (child === undefined) {
      child = newNode();
      node.children.set(diffId, child);
    }
    child.holders.push(stack.id);
    path.push(child);
    node = child;
  }
  node.ends.push(stack.id);
  return path;
}

function relationsOf(stack: LayerStack, path: readonly Node[]): LayerRelations {
  let baseLayers = 0;
  let base: string | null = null;
  let uniqueSize = 0;
  path.forEach((node, index) => {
    const [end] = node.ends;
    if (end !== undefined && index < path.length - 1) {
      baseLayers = index + 1;
      base = end;
    }
    if (node.holders.length === 1) uniqueSize += stack.sizes[index] ?? 0;
  });
  return {
    baseLayers,
    base,
    uniqueSize,
    sharedWith: path.map((node) => node.holders.filter((id) => id !== stack.id)),
  };
}
