import { probeSandbox } from '../probe.ts';

/** Prints, as JSON, whether steps can run here. */
process.stdout.write(JSON.stringify(await probeSandbox()));
