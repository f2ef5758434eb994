import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMemoryEngine } from '../api/testing/memory-engine.ts';
import { createTestContext, type TestContext } from '../api/testing/test-context.ts';
import { describeHandover, describeTerminalBuilds } from '../engine/builtin/terminal-builds.ts';
import { askHosts } from './ask-hosts.ts';
import { type Handover, serveHandover } from './serve-handover.ts';

let home: string;
let context: TestContext;
let handover: Handover;
let env: Record<string, string>;
const engine = createMemoryEngine();

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'strata-ask-'));
  env = { PATH: '/bin', STRATA_HOME: home };
  context = createTestContext(home, [engine]);
  engine.build = () => Promise.reject(new Error('Nobody asked for a build.'));
  handover = await serveHandover(context, env);
});
afterEach(async () => {
  await handover.close();
  await context.close();
  await rm(home, { recursive: true, force: true });
});

it('a terminal learns that its builds are taken over, and no build is begun', async () => {
  expect(await askHosts(env, home)).toEqual({ kind: 'takes' });
  expect(context.operations.list()).toEqual([]);
  expect(describeTerminalBuilds(context.terminals)).toMatchObject({ state: 'ok', mend: null });
});

it('a terminal learns what differs by name, and so does the app', async () => {
  const other = { ...env, DOCKER_CONFIG: '/of/mine', HTTPS_PROXY: 'http://me:secret@proxy' };
  const answer = await askHosts(other, home);
  expect(answer).toEqual({ kind: 'declines', why: 'other values of DOCKER_CONFIG, HTTPS_PROXY' });
  for (const found of [describeHandover(answer), describeTerminalBuilds(context.terminals)]) {
    expect(found.finding).toContain('DOCKER_CONFIG, HTTPS_PROXY');
    expect(found.mend).toContain('Nothing breaks');
    expect(JSON.stringify(found)).not.toMatch(/of\/mine|secret/);
  }
});

it('nobody is there once the app has closed, and nobody is asked where the terminal wants to build alone', async () => {
  expect(await askHosts({ ...env, STRATA_STANDALONE: '1' }, home)).toEqual({ kind: 'standalone' });
  await handover.close();
  expect(await askHosts(env, home)).toEqual({ kind: 'nobody' });
});
