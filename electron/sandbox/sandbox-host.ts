import type { HostFacts } from './host-facts.ts';
import type { HostTools } from './host-tools.ts';
import type { IdMap } from './id-map.ts';

/** What is known of this machine once it can run steps. */
export interface SandboxHost {
  /** `rootless`: as a normal user, in a user namespace. */
  readonly mode: 'root' | 'rootless';
  readonly tools: HostTools;
  readonly facts: HostFacts;
  readonly ids: IdMap;
}
