import { HOST_LOST, handOver } from '../handover/hand-over.ts';

/** A build in a terminal is handed to the app that runs already. All else is loaded only when it is not. */
async function main([name, ...words]: readonly string[]): Promise<number> {
  const handed = name === 'build' ? await handOver(words) : null;
  if (typeof handed === 'number') return handed;
  const { runHere, tellHostLost } = await import('./run-here.ts');
  return handed === HOST_LOST ? tellHostLost(words) : runHere();
}

// Whatever ends the process before its work has ended is no success.
process.exitCode = 1;
void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
