import type { ImageConfig, RuntimeConfig } from '#shared/oci/config.ts';
import type { Platform } from '#shared/oci/platform.ts';
import type { Reference } from '#shared/oci/reference.ts';
import { chainOf, type StageState, withEnv } from '../steps/stage-state.ts';
import type { BaseImage } from './base-images.ts';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The state of a stage that begins from nothing. */
export function scratchState(platform: Platform): StageState {
  return stateOf({ platform, config: { workingDir: '/' }, diffIds: [], history: [] }, [], platform);
}

/** The state of a stage that begins from an image: its settings and layers, its triggers (ONBUILD) taken off. */
export function imageState(
  { digest, layers, config }: BaseImage,
  reference: Reference,
  platform: Platform,
): StageState {
  return { ...stateOf(config, layers, platform), base: { reference, digest } };
}

/** The state of a stage that begins where another one ended: its ENV comes before its ARGs then, however they stood. */
export function stageBaseState(base: StageState): StageState {
  const variables = new Map([...base.variables, ...variablesOf(base.runtime)]);
  return { ...withoutTriggers(base), variables, cmdSet: false };
}

/** The state of a stage in a prediction whose base is not known before it was fetched or built. */
export function unknownState(platform: Platform): StageState {
  return { ...scratchState(platform), chain: null };
}

function stateOf(config: ImageConfig, layers: StageState['layers'], platform: Platform): StageState {
  const runtime: RuntimeConfig = withPath(config.config);
  return withoutTriggers({
    platform,
    chain: chainOf(layers),
    layers,
    baseLayers: layers.length,
    base: null,
    runtime,
    author: config.author,
    history: config.history,
    variables: variablesOf(runtime),
    args: [],
    cmdSet: false,
    builtAt: config.created === undefined ? 0 : Date.parse(config.created) || 0,
  });
}

/** RUN needs a PATH, so an image always gets one, as BuildKit does. */
function withPath(config: RuntimeConfig): RuntimeConfig {
  const env = config.env ?? [];
  return env.some((line) => line.startsWith('PATH='))
    ? config
    : { ...config, env: withEnv(env, 'PATH', DEFAULT_PATH) };
}

function withoutTriggers(state: StageState): StageState {
  return state.runtime.onBuild === undefined
    ? state
    : { ...state, runtime: { ...state.runtime, onBuild: undefined } };
}

function variablesOf({ env = [] }: RuntimeConfig): Map<string, string> {
  return new Map(env.map((line) => splitVariable(line)));
}

function splitVariable(line: string): [string, string] {
  const equals = line.indexOf('=');
  return equals < 0 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)];
}
