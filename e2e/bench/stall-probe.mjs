import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/*
 * Loaded into a process before its program (node --import). On SIGUSR2 it writes to STALL_FILE the longest time in
 * milliseconds that the event loop was held up since the last signal, and begins anew.
 */
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on('SIGUSR2', () => {
  const file = process.env.STALL_FILE;
  writeFileSync(`${file}.new`, (delay.max / 1e6).toFixed(1));
  renameSync(`${file}.new`, file);
  delay.reset();
});
