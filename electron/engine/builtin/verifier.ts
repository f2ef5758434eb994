import type { BuildServices } from '../../build/build-services.ts';
import type { BuildVerifier } from '../ports.ts';
import { createSandboxRunner } from './sandbox-runner.ts';

/** Verifies with the built-in build, in stores of their own below the store's scratch folder. */
export function createVerifier(services: BuildServices): BuildVerifier {
  return {
    verify: async (request, { signal, onBuild, onEvent }) => {
      // Seldom wanted: what starts the engine need not wait for it.
      const { verifyBuild } = await import('../../build/verify/verify-build.ts');
      return verifyBuild(services, request, {
        signal,
        runnerFor: createSandboxRunner,
        onBuild,
        onSteps: (steps) => onEvent({ type: 'steps', steps }),
        onStep: (step) => onEvent({ type: 'step', step }),
        onLog: (step, text) => onEvent({ type: 'log', step, text }),
      });
    },
  };
}
