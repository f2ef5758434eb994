/** Does one thing after the other, in the order in which they were asked for; a failure does not hold up the next. */
export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Makes a line of its own. Each promise settles as its own work does. */
export function createTurns(): Turns {
  let underWay: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = underWay.then(work);
    underWay = result.catch(() => undefined);
    return result;
  };
}
