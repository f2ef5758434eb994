import { endSignal, serveUntil } from './web/serve.ts';

await serveUntil(endSignal(), {
  open: true,
  onReady: ({ address }) => process.stdout.write(`Strata runs at ${address}\n`),
  report: (error) => console.error(error),
});
