/** The terminal from which a build was handed to a process that runs already; tags are then moved in its name. */
export interface BuildTerminal {
  /** Where secrets, ssh agents and SOURCE_DATE_EPOCH are looked for instead of in the environment of this process. */
  readonly env: NodeJS.ProcessEnv;
}
