import { buildImage, predictBuild } from '../../build/build-image.ts';
import type { BuildServices } from '../../build/build-services.ts';
import type { Builder, Predictor } from '../engine.ts';

/** The builder of the port over the built-in build. */
export function createBuilder(services: BuildServices): Builder {
  return {
    build: async (request, { signal, onEvent }) => {
      const built = await buildImage(services, request, {
        signal,
        onSteps: (steps) => onEvent({ type: 'steps', steps }),
        onStep: (step) => onEvent({ type: 'step', step }),
        onLog: (step, text) => onEvent({ type: 'log', step, text }),
      });
      return built;
    },
  };
}

/** Foresees builds with the code that builds. */
export function createPredictor(services: BuildServices): Predictor {
  return {
    predict: (request, signal) => predictBuild(services, request, signal ?? new AbortController().signal),
  };
}
