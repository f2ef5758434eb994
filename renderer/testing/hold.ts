/** A call that does not answer until it is told to, as a slow host does. */
export interface HeldCall<Input, Answer> {
  /** In the place of the call. It does not heed that its caller gave up: an answer may be on its way by then. */
  call(input: Input): Promise<Answer>;
  /** How many wait. */
  waiting(): number;
  /** Lets the call that waits longest go on, or another one by its place in the line. */
  letGo(at?: number): void;
}

/** Holds every call until it is let go; it is made then. */
export function hold<Input, Answer>(call: (input: Input) => Promise<Answer>): HeldCall<Input, Answer> {
  const line: (() => void)[] = [];
  return {
    call: (input) =>
      new Promise((resolve, reject) => {
        line.push(() => void call(input).then(resolve, reject));
      }),
    waiting: () => line.length,
    letGo: (at = 0) => line.splice(at, 1)[0]?.(),
  };
}
