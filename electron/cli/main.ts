import { HOST_LOST, handOver } from '../handover/hand-over.ts';

const [name, ...words] = process.argv.slice(2);

// A build in a terminal is handed to the app that runs already. All else is loaded only when it is not.
const handed = name === 'build' ? await handOver(words) : null;
if (handed === null) {
  const { runHere } = await import('./run-here.ts');
  process.exitCode = await runHere();
} else if (handed === HOST_LOST) {
  const { tellHostLost } = await import('./host-lost.ts');
  process.exitCode = tellHostLost(words);
} else process.exitCode = handed;
